import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { objectOf, parseJson, type Json } from '../../src/base/json.ts';
import { SPECIFICATION } from '../../src/maintainx/catalogue/index.ts';
import { documentOf } from '../../src/maintainx/specification/document.ts';
import { edited, listOf } from './edit.ts';

const BIN = fileURLToPath(new URL('../../bin/millwright.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'millwright-contract-'));
afterAll(() => rmSync(folder, { recursive: true }));

const known = documentOf(SPECIFICATION);
const changed = edited(known, ['x-webhooks', 'WORK_ORDER_DELETE'], () => undefined);
const [same, other] = [written('same.json', known), written('other.json', changed)];

function written(name: string, document: Json): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(document));
  return file;
}

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as a user does, without a database. */
async function contract(...args: readonly string[]): Promise<Outcome> {
  const env = { PATH: '/usr/bin:/bin', MILLWRIGHT_DATA_DIR: folder };
  const child = spawn(process.execPath, [BIN, 'contract', ...args], { env });
  const heard = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (heard.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (heard.err += chunk.toString()));
  child.stdin.end();
  await once(child, 'close');
  return { code: child.exitCode, ...heard };
}

function parsed(text: string): Json {
  const found = parseJson(text);
  if ('refused' in found) throw new Error(found.refused);
  return found.value;
}

test(
  'ends with 0 when nothing differs and with 1 when something does; says what changed since the last look',
  { timeout: 120_000 },
  async () => {
    const first = await contract('--spec', same);
    expect([first.code, first.out]).toEqual([0, expect.stringMatching(/first look.*\n0 differences: .*\n$/)]);

    const second = await contract('--spec', other);
    expect(second.code).toBe(1);
    expect(second.out).toMatch(/Breaking.*\n {2}event WORK_ORDER_DELETE is gone\n/);
    expect(second.out).toMatch(/affects webhook fact WORK_ORDER_DELETE; .*mirror of kind work-order/);
    expect(second.out).toMatch(/Since the last look \(\d{4}-\S+Z\):\n {2}event WORK_ORDER_DELETE is gone/);
    expect(second.out).toMatch(/\n1 difference \(1 change\): 1 breaking, 0 new, 0 note\.\n$/);

    const third = await contract('--spec', other, '--json');
    expect(third.code).toBe(1);
    expect(listOf(parsed(third.out)).map(objectOf)).toEqual([
      expect.objectContaining({ verb: 'removed', aspect: 'event', severity: 'breaking', sinceLastLook: false }),
    ]);

    const log = readFileSync(join(folder, 'contract.ndjson'), 'utf8').trim().split('\n').map(parsed).map(objectOf);
    expect(log).toEqual([
      expect.objectContaining({ operations: 169, events: 46, differencesToCatalogue: 0, sinceLastLook: null }),
      expect.objectContaining({ operations: 169, events: 45, differencesToCatalogue: 1 }),
    ]);
    expect(log[0]?.['fingerprint']).toMatch(/^[0-9a-f]{64}$/);
    expect(log[0]?.['fingerprint']).not.toBe(log[1]?.['fingerprint']);
  },
);

test('what was kept of a document is a document', async () => {
  const log = join(folder, 'elsewhere', 'log.ndjson');
  await contract('--spec', other, '--log', log);
  const kept = join(folder, 'elsewhere', 'log.shape.json');
  const again = await contract('--spec', kept, '--log', log);
  expect([again.code, again.out]).toEqual([1, expect.stringMatching(/Since the last look .* nothing changed/)]);
});

const server = createServer((request, response) => {
  if (request.url?.startsWith('/spec') === true) return void response.end(JSON.stringify(known));
  response.writeHead(404).end();
});
let address = '';
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const bound = server.address();
  address = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
});
afterAll(() => void server.close());

test('reads from an address, and shows none of its query', async () => {
  const log = join(folder, 'url.ndjson');
  expect(await contract('--spec', `${address}/spec?key=s3cret`, '--log', log)).toMatchObject({ code: 0, err: '' });
  const { code, err } = await contract('--spec', `${address}/none?key=s3cret`, '--log', log);
  expect([code, err]).toEqual([2, `error [specification-unreadable]: ${address}/none answered 404\n`]);
});

test('ends with 2 and a code when there is nothing to compare', { timeout: 120_000 }, async () => {
  const [notJson, deep, none] = [join(folder, 'a'), join(folder, 'b'), written('none.json', { openapi: '3.0.0' })];
  writeFileSync(notJson, '{');
  writeFileSync(deep, '['.repeat(1000));
  for (const [args, wanted] of [
    [[], /--spec/],
    [['--spec', join(folder, 'missing')], /specification-unreadable.*ENOENT/],
    [['--spec', folder], /specification-unreadable.*EISDIR/],
    [['--spec', notJson], /specification-invalid.*not JSON/],
    [['--spec', deep], /specification-invalid.*deeper/],
    [['--spec', none], /specification-invalid.*paths/],
    [['--spec', 'ftp://example.org/x'], /usage/],
    [['--spec', 'https://user:s3cret@example.org/x'], /usage/],
    [['--spec', same, '--log', join(same, 'x')], /specification-log-unusable/],
  ] as const) {
    const { code, err } = await contract(...args);
    expect([code, err]).toEqual([2, expect.stringMatching(wanted)]);
    expect(err).not.toMatch(/s3cret|\n\s+at /);
  }
});
