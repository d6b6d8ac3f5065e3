import { describe, expect, it } from 'vitest';
import { readConfig, redactedSummary, SETTINGS } from './config.ts';

describe('the configuration', () => {
  it('has a default for everything that is not optional', () => {
    const config = readConfig({});
    expect(config.port).toBe(8080);
    expect(config.maintainxBaseUrl).toBe('https://api.getmaintainx.com/v1');
    expect(config.roles).toEqual(['intake', 'worker', 'puller', 'api']);
    expect(config.databaseUrl).toBeUndefined();
  });

  it('takes intervals down to a millisecond', () => {
    expect(readConfig({ MILLWRIGHT_POLL_INTERVAL_MS: '1' }).pollIntervalMs).toBe(1);
  });

  it('counts an empty variable as absent', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: '' })).toMatchObject({ databaseUrl: undefined, port: 8080 });
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['PORT', '8080.5'],
    ['DATABASE_URL', 'mysql://x'],
    ['MILLWRIGHT_PUBLIC_URL', 'not a url'],
    ['MILLWRIGHT_PUBLIC_URL', 'ftp://x'],
    ['MAINTAINX_BASE_URL', 'https://user:password@host/v1'],
    ['MILLWRIGHT_ROLES', 'worker,dancer'],
    ['MILLWRIGHT_POLL_INTERVAL_MS', '0'],
    ['MILLWRIGHT_REQUIRE_URI_SIGNATURE', 'yes'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s and names the variable, not the value', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(expect.objectContaining({ code: 'config-invalid' }));
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} must`));
  });

  it('shows no secret in its summary', () => {
    const secrets = { DATABASE_URL: 'postgres://o:s3cret@h/d', MILLWRIGHT_MASTER_KEY: 's3cret' };
    const shown = JSON.stringify(redactedSummary(readConfig(secrets)));
    expect(shown).not.toContain('s3cret');
    expect(shown).toContain('[redacted]');
  });

  it('has one variable a setting', () => {
    const names = Object.values(SETTINGS).map((one) => one.env);
    expect(new Set(names).size).toBe(names.length);
  });
});
