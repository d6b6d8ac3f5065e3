import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { BIN, millwright, type Outcome } from './millwright.ts';

describe('every command', () => {
  it.each([
    [],
    ['demo'],
    ['start'],
    ['sandbox'],
    ['tenant'],
    ['tenant', 'add'],
    ['tenant', 'list'],
    ['sync'],
    ['sync', 'status'],
    ['sync', 'backfill'],
    ['sync', 'sweep'],
    ['sync', 'pause'],
    ['sync', 'resume'],
    ['sync', 'release'],
    ['quota'],
    ['files'],
    ['files', 'list'],
    ['files', 'get'],
    ['deliveries', 'list'],
    ['deliveries', 'show'],
    ['deliveries', 'replay'],
    ['explain'],
    ['doctor'],
    ['health'],
    ['parked', 'list'],
    ['parked', 'replay'],
    ['parked', 'discard'],
    ['coverage'],
    ['events'],
    ['export'],
    ['export', 'records'],
    ['export', 'events'],
    ['export', 'deliveries'],
    ['verify-signature'],
    ['contract'],
  ])('explains itself: %s %s --help', async (...args) => {
    const { code, out } = await millwright([...args, '--help']);
    expect([code, out]).toEqual([0, expect.stringContaining('Usage: millwright')]);
  });

  it.each([
    [['fly']],
    [['sync', 'dance']],
    [['start', '--fast']],
    [['tenant', 'add']],
    [['sandbox', '--port', 'x']],
    [['sandbox', '--organizations', '501']],
    [['sandbox', '--requests-per-minute', '0.5']],
    [['contract']],
    [['deliveries', 'list', '--state', 'lost']],
    [['deliveries', 'show', '7']],
    [['deliveries', 'replay', '--event', 'SOMETHING']],
    [['parked', 'discard', '7']],
    [['coverage', '--share', '0']],
    [['coverage', '--staleness', 'soon']],
    [['coverage', '--share', '20', '--staleness', '2h']],
    [['tenant', 'add', '--name', 'x']],
  ])('ends with 2 on wrong usage: %s', async (args) => {
    const { code, err } = await millwright(args, '', { MILLWRIGHT_DATA_DIR: '/nowhere' });
    expect(code).toBe(2);
    expect(err).toMatch(/^error/);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('ends with 2 on a setting that cannot be used, and names it', async () => {
    const { code, err } = await millwright(['start'], '', { PORT: 'x' });
    expect([code, err]).toEqual([2, expect.stringMatching(/config-invalid.*PORT/)]);
  });

  it('ends with 1 when the database does not answer, without a stack trace', async () => {
    const env = { DATABASE_URL: 'postgres://o:s3cret@127.0.0.1:1/x', MILLWRIGHT_MASTER_KEY: 'ab'.repeat(32) };
    const { code, err } = await millwright(['tenant', 'list'], '', env);
    expect([code, err]).toEqual([1, expect.stringContaining('database-unavailable')]);
    expect(err).not.toMatch(/\n\s+at |s3cret/);
  });
});

/** FACTS 1.1: python and node agree on it. */
const VECTOR = {
  secret: 'mx_11111111-2222-4333-8444-555555555555_66666666-7777-4888-9999-aaaaaaaaaaaa',
  body: '{"eventType":"NEW_WORK_ORDER","occurredAt":"2026-09-14T13:03:18.971Z","orgId":1,"workOrderId":42,"customerId":null,"userId":7}',
  header: 't=1789390999,v1=8c3f965c44ee22551ceaf3a9c37debaaeae3621323115f67f0ca9780b7dc7ec5',
  at: '2026-09-14T13:04:00Z',
};

describe('verify-signature', () => {
  const verify = (change: Partial<typeof VECTOR> = {}): Promise<Outcome> => {
    const { secret, body, header, at } = { ...VECTOR, ...change };
    return millwright(['verify-signature', '--header', header, '--secret', secret, '--at', at, '--json'], body);
  };

  it('accepts the known vector', async () => {
    const { code, out } = await verify();
    expect([code, JSON.parse(out)]).toEqual([0, { valid: true, signedAt: 1789390999000 }]);
  });

  it.each([
    ['header-malformed', { header: 'v1=abc' }],
    ['outside-time-window', { at: '2026-09-14T14:04:00Z' }],
    ['digest-differs', { body: `${VECTOR.body} ` }],
    ['digest-differs', { secret: 'mx_other' }],
  ])('says that %s is the step that failed', async (failed, change) => {
    const { code, out } = await verify(change);
    expect([code, JSON.parse(out)]).toEqual([1, expect.objectContaining({ valid: false, failed })]);
  });
});

it('sandbox: says where it is, answers there, and ends with SIGTERM', async () => {
  const child = spawn(process.execPath, [BIN, 'sandbox', '--port', '0', '--json'], { env: { PATH: '/usr/bin:/bin' } });
  const [line] = await once(child.stdout, 'data');
  const { url, apiKey } = JSON.parse(String(line)) as { url: string; apiKey: string };
  const answer = await fetch(`${url}/assets?limit=1`, { headers: { authorization: `Bearer ${apiKey}` } });
  expect(answer.status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
