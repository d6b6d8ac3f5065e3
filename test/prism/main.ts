/**
 * The API behind a validating proxy that was given its OpenAPI document: whatever the suite asks, no answer may be other than the
 * document says, and a linter may find no error in it. Needs `npm ci --prefix test/prism`.
 *
 *     node test/prism/main.ts
 *     vitest run --config test/prism/vitest.config.ts   # the end-to-end tests behind the same proxy
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectOf, parseStored, type Json } from '../../src/base/json.ts';
import { freePort, runCommand, startCommand, stop, temporaryFolder } from '../proof/gateway.ts';
import { objectIn, objectsIn, textIn } from '../proof/shapes.ts';
import { CALLS, type PlannedCall } from './calls.ts';
import { findingsIn } from './lint.ts';
import { startProxy, violationsOf } from './proxy.ts';

interface Place {
  readonly proxy: string;
  readonly tokens: Readonly<Record<PlannedCall['as'], string | undefined>>;
  readonly kept: Map<string, string>;
}

async function main(): Promise<void> {
  const folder = temporaryFolder();
  const limits = ['--requests-per-minute', '0', '--organisation-requests-per-minute', '0'];
  const sandbox = await startCommand(['sandbox', '--port', '0', '--rate', '5', '--organizations', '2', ...limits], {});
  const told = objectIn(sandbox.said);
  const [first, second] = objectsIn(told['organizations']);
  const admin = randomBytes(32).toString('base64url');
  const port = await freePort();
  const gateway = `http://127.0.0.1:${port}`;
  const env = {
    MILLWRIGHT_DATA_DIR: join(folder.path, 'data'),
    MILLWRIGHT_ADMIN_TOKEN: admin,
    MILLWRIGHT_PUBLIC_URL: gateway,
    MILLWRIGHT_REQUESTS_PER_MINUTE: '0',
    MAINTAINX_BASE_URL: textIn(told, 'url'),
    PORT: String(port),
    LOG_LEVEL: 'fatal',
  };
  const server = await startCommand(['start'], env);
  const [firstKey, secondKey] = [textIn(first ?? {}, 'apiKey'), textIn(second ?? {}, 'apiKey')];
  let proxy: ChildProcess | undefined;
  try {
    const keyFile = join(folder.path, 'key');
    writeFileSync(keyFile, firstKey);
    await runCommand(['tenant', 'add', '--name', 'plant', '--api-key-file', keyFile], env);
    await runCommand(['sync', 'status', '--wait', '--timeout', '120'], env).catch(() => undefined);
    const made = async (role: string): Promise<string> =>
      textIn(
        objectIn(JSON.parse(await runCommand(['token', 'create', '--name', role, '--role', role, '--json'], env))),
        'token',
      );
    const tokens = { admin, owner: await made('owner'), viewer: await made('viewer'), nobody: undefined };
    const document = join(folder.path, 'openapi.json');
    const text = await (await fetch(`${gateway}/openapi.json`)).text();
    writeFileSync(document, text);
    const proxyPort = await freePort();
    proxy = await startProxy(document, gateway, proxyPort);
    const kept = new Map([
      ['key', firstKey],
      ['secondKey', secondKey],
    ]);
    await judge({ proxy: `http://127.0.0.1:${proxyPort}`, tokens, kept }, parseStored(text));
  } finally {
    proxy?.kill('SIGTERM');
    await stop(server, 'SIGTERM');
    await stop(sandbox, 'SIGTERM');
    folder.remove();
  }
}

async function judge(place: Place, document: Json): Promise<void> {
  let [passed, failed] = [0, 0];
  for (const planned of CALLS) {
    const faults = await faultsOf(place, planned);
    if (faults.length === 0) passed++;
    else failed++;
    for (const fault of faults) console.log(`${planned.method} ${planned.path} as ${planned.as}: ${fault}`);
  }
  const asked = new Set(CALLS.map(({ operation }) => operation));
  const { errors, lines } = await findingsIn(document);
  for (const line of lines) console.log(line);
  const missing = operationsIn(document).filter((operation) => !asked.has(operation));
  if (missing.length > 0) console.log(`never asked: ${missing.join(', ')}`);
  if (errors === 0) passed++;
  const wrong = failed + missing.length + errors;
  console.log(`${passed} passed, ${wrong} failed`);
  if (wrong > 0) process.exitCode = 1;
}

const operationsIn = (document: Json): readonly string[] =>
  Object.values(objectOf(objectOf(document)['paths'])).flatMap((methods) =>
    Object.values(objectOf(methods)).map((operation) => textIn(objectOf(operation), 'operationId')),
  );

async function faultsOf({ proxy, tokens, kept }: Place, planned: PlannedCall): Promise<readonly string[]> {
  const filled = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => kept.get(name) ?? whole);
  const token = tokens[planned.as];
  const answer = await fetch(`${proxy}/api/v1${filled(planned.path)}`, {
    method: planned.method,
    headers: {
      ...planned.headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(planned.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(planned.body === undefined ? {} : { body: filled(JSON.stringify(planned.body)) }),
  });
  const text = await answer.text();
  for (const [name, path] of Object.entries(planned.keeps ?? {})) kept.set(name, textAt(parseStored(text), path));
  return [
    ...(answer.status === planned.status ? [] : [`answered ${answer.status}, not ${planned.status}: ${text}`]),
    ...violationsOf(answer, planned.status < 400),
  ];
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function textAt(answer: Json, path: string): string {
  const found = path
    .split('.')
    .reduce<Json>((at, step) => (isList(at) ? at[Number(step)] : objectOf(at)[step]) ?? null, answer);
  if (typeof found !== 'string') throw new Error(`the answer has no ${path}`);
  return found;
}

await main();
