/**
 * Installs the packed tarball in a copy of each example, in an empty folder, and runs it there:
 *
 *     node test/package/examples.ts millwright-0.1.0.tgz
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

interface Example {
  readonly run: readonly string[];
  /** What it prints when it works. */
  readonly prints: readonly RegExp[];
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  'client-only': {
    run: ['npm', 'start'],
    prints: [/^\d{2,} work orders$/m, /^created work order \d+$/m, /^uploaded press 7\.png$/m],
  },
  'express-webhooks': { run: ['npm', 'start'], prints: [/^webhook of work order \d+: Belt of conveyor 3 slips$/m] },
  'vitest-sandbox': { run: ['npm', 'test'], prints: [/2 passed/] },
};

/** What a user of TypeScript writes; compiled against the declarations in the package. */
const TYPED_USE = `
import { createApiClient, subscribe } from 'millwright/api';
import { createClient, type OperationName } from 'millwright/maintainx';
import { startSandbox, type Sandbox } from 'millwright/sandbox';
const name: OperationName = 'listAssets';
export const started: Promise<Sandbox> = startSandbox({ port: 0 });
const client = createClient({ apiKey: 'key' });
export const title: Promise<string> = client.call('getWorkOrder', { path: { id: 1 } }).then((one) => one.workOrder.title);
// @ts-expect-error no such status
export const wrong = client.call('listWorkOrders', { query: { statuses: ['CLOSED'] } });
const api = createApiClient({ baseUrl: 'http://127.0.0.1:1', token: 'x' });
export const ids: Promise<readonly string[]> = api
  .call('listRecords', { path: { kind: 'asset' } })
  .then(({ items }) => items.map(({ recordId }) => recordId));
// @ts-expect-error no such kind
export const none = api.call('listRecords', { path: { kind: 'nothing' } });
const bookmark = { load: () => Promise.resolve(undefined), save: () => Promise.resolve() };
export const following = subscribe(api, { bookmark }).on('work-order.*', ({ seq }) => console.log(seq));
console.log(name);
`;

const ROOT = resolve(import.meta.dirname, '../..');
const box = mkdtempSync(join(tmpdir(), 'examples-'));

/** Runs a command in a folder with this Node in front; its output is shown when it fails. */
function run(folder: string, [command = '', ...rest]: readonly string[]): string {
  const env = { ...process.env, NO_COLOR: '1', PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` };
  const done = spawnSync(command, rest, { cwd: folder, env, encoding: 'utf8', timeout: 180_000 });
  const output = `${done.stdout}${done.stderr}`;
  if (done.status !== 0) throw new Error(`${command} ${rest.join(' ')} in ${folder}: exit ${done.status}\n${output}`);
  return output;
}

function install(folder: string, tarball: string): void {
  run(folder, ['npm', 'install', '--no-audit', '--no-fund', tarball]);
}

function proveExample(name: string, { run: command, prints }: Example, tarball: string): void {
  const folder = join(box, name);
  cpSync(join(ROOT, 'examples', name), folder, { recursive: true });
  install(folder, tarball);
  const output = run(folder, command);
  const missing = prints.filter((one) => !one.test(output));
  if (missing.length > 0) throw new Error(`${name} did not print ${missing.join(', ')}:\n${output}`);
  console.log(`examples/${name} works`);
}

function proveTypes(tarball: string): void {
  const folder = join(box, 'client-only');
  install(folder, tarball);
  writeFileSync(join(folder, 'use.ts'), TYPED_USE);
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node'];
  const typeRoots = ['--typeRoots', join(ROOT, 'node_modules/@types')];
  run(folder, [join(ROOT, 'node_modules/.bin/tsc'), ...options, ...typeRoots, 'use.ts']);
  console.log('the declarations type a TypeScript project');
}

const tarball = resolve(process.argv[2] ?? '');
try {
  const found = readdirSync(join(ROOT, 'examples')).sort();
  if (found.join() !== Object.keys(EXAMPLES).sort().join()) throw new Error(`examples are ${found.join()}`);
  for (const [name, example] of Object.entries(EXAMPLES)) proveExample(name, example, tarball);
  proveTypes(tarball);
} finally {
  rmSync(box, { recursive: true, force: true });
}
