import { expect, test } from 'vitest';
import { places } from './planted.ts';
import { worldFindings } from './world.ts';

const at = (text: string, file = 'src/inbound/a.ts'): readonly string[] => places(worldFindings, { [file]: text });

test.each([
  'const now = Date.now();',
  'const read = { now: Date.now };',
  `const now = Date['now']();`,
  'const now = new Date();',
  'const now = Date();',
  'const dice = Math.random();',
  'setTimeout(work, 5);',
  'globalThis.setInterval(work, 5);',
  'const answer = await fetch(url);',
  'const ports = { fetch };',
  'const get = options.get ?? fetch;',
  `import { setTimeout } from 'node:timers/promises';`,
])('a back door: %s', (text) => {
  expect(at(`\n${text}`)).toEqual(['src/inbound/a.ts:2']);
  for (const edge of ['src/base/clock.ts', 'src/sandbox/a.ts', 'src/cli/a.ts', 'src/server.ts', 'src/log/a.test.ts'])
    expect(at(text, edge)).toEqual([]);
});

test.each([
  'const day = new Date(row.at);',
  'const now = clock.now();',
  'await client.fetch(url);',
  `import { fetch } from './port.ts'; fetch(url);`,
  'const run = ({ fetch }: Ports) => fetch(url);',
  'interface Port { fetch(url: string): void; setTimeout: number }',
  'type Port = (fetch: () => void) => void;',
  'const port = { fetch: get, setTimeout() {} };',
  'clearTimeout(timer);',
  '// Date.now()',
])('no back door: %s', (text) => {
  expect(at(text)).toEqual([]);
});

test('the message names the port to take', () => {
  const [finding] = worldFindings(new Map([['src/inbound/a.ts', 'Math.random();']]));
  expect(finding?.message).toBe('Math.random: take a Random');
});
