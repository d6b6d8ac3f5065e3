import { describe, expect, it } from 'vitest';
import { Secret } from '../src/base/secret.ts';
import { createLogger } from '../src/server.ts';

/** What the logger writes for `details`. */
function logged(details: Record<string, unknown>): string {
  const lines: string[] = [];
  createLogger('info', { write: (line) => void lines.push(line) }).info(details, 'something happened');
  return lines.join('');
}

describe('the log', () => {
  it.each([
    ['a secret wherever it stands', { anything: { deep: { inside: [new Secret('s3cret')] } } }],
    ['an API key', { apiKey: 's3cret' }],
    ['an authorization header', { headers: { authorization: 'Bearer s3cret' } }],
    ['a webhook secret', { subscription: { secret: 's3cret' } }],
    ['a hook key', { hookKey: 's3cret' }],
    ['the headers and the URL of a request', { req: { headers: { x: 's3cret' }, url: '/hooks/s3cret' } }],
    ['a database URL', { url: 'postgres://owner:s3cret@host/db' }],
  ])('does not show %s', (_what, details) => {
    expect(logged(details)).toContain('[redacted]');
    expect(logged(details)).not.toContain('s3cret');
  });

  it('is one JSON object a line with time, level and message', () => {
    const line: unknown = JSON.parse(logged({ kind: 'asset' }));
    expect(line).toMatchObject({ level: 30, msg: 'something happened', kind: 'asset' });
  });
});
