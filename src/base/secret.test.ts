import { inspect } from 'node:util';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Secret } from './secret.ts';

const VALUE = 'mx_11111111-2222-4333-8444-555555555555';
const secret = new Secret(VALUE);

describe('a secret', () => {
  it('gives its value to who asks for it by name', () => {
    expect(secret.reveal()).toBe(VALUE);
  });

  it.each([
    ['JSON', () => JSON.stringify({ key: secret, list: [secret] })],
    ['a template', () => `${String(secret)} ${[secret].join()}`],
    ['concatenation', () => ''.concat(secret.toString())],
    ['inspect', () => inspect({ deep: { key: secret } }, { depth: 9, showHidden: true })],
    ['an error that carries it', () => inspect(new Error('failed', { cause: { key: secret } }), { depth: 9 })],
    ['a copy of its members', () => JSON.stringify(Object.assign({}, secret)) + Object.keys(secret).join()],
  ])('does not show itself in %s', (_where, shown) => {
    expect(shown()).not.toContain(VALUE);
  });

  it('does not show itself in a log of pino, alone, nested or as the cause of an error', () => {
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    log.info({ secret, nested: { list: [secret] } }, 'a message');
    log.error({ err: Object.assign(new Error('failed'), { key: secret }) });
    expect(lines.join('')).not.toContain(VALUE);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('[redacted]');
  });
});
