import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject } from '../../src/base/json.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { objectsOf, textIn, type ApiDocument } from './document.ts';
import { recordLife, type LifeOptions } from './end-to-end.ts';
import { isGood, jsonIn, mediaType, type Exchange } from './exchange.ts';
import { matchOf } from './match.ts';
import { withBytesAsText } from './mend.ts';
import { pathTo } from './places.ts';
import { startReceiver, startRecorder } from './recorder.ts';
import { permitOf } from './sandbox-round.ts';
import { walkEverything } from './walk.ts';
import { Walker } from './walker.ts';

/** What Prism had to say of a walk that went through it. */
export interface PrismFindings {
  readonly exchanges: number;
  /** Operations that were answered 2xx through it. */
  readonly operationsCovered: number;
  /** Answers that Prism gave instead of the sandbox, because a request or an answer was against the document. */
  readonly violations: readonly string[];
  /** Schemas of files that call bytes an object. */
  readonly mendedFiles: number;
  /** Operations with a JSON body to which a bare text was sent, and those at which Prism noticed. */
  readonly bareTexts: { readonly sent: number; readonly refused: number };
}

const PRISM = fileURLToPath(new URL('prism/node_modules/@stoplight/prism-cli/dist/index.js', import.meta.url));

/** Prism as a validating proxy before one address of the API, with `/v1`, which it adds by itself. */
interface Prism extends AsyncDisposable {
  readonly url: string;
  readonly mendedFiles: number;
}

async function openPrism(document: ApiDocument, upstream: string): Promise<Prism> {
  if (!existsSync(PRISM))
    throw new Error('Prism is not installed: npm ci --ignore-scripts --prefix test/referee/prism');
  const folder = mkdtempSync(join(tmpdir(), 'millwright-prism-'));
  const file = join(folder, 'mended.json');
  const { document: forPrism, mended } = withBytesAsText(document.mended);
  writeFileSync(file, JSON.stringify(forPrism));
  const port = await freePort();
  const child = await startPrism(file, upstream, port);
  return {
    url: `http://127.0.0.1:${port}`,
    mendedFiles: mended,
    [Symbol.asyncDispose]: async () => {
      await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the gateway does with a plant in which people work, through Prism; and what Prism had to say of it. */
export async function recordLifeThroughPrism(document: ApiDocument, options: LifeOptions): Promise<LifeThroughPrism> {
  const { exchanges } = await recordLife(options, (upstream) => openPrism(document, upstream));
  return { exchanges: exchanges.length, operationsCovered: coverage(document, exchanges), violations: told(exchanges) };
}

export type LifeThroughPrism = Pick<PrismFindings, 'exchanges' | 'operationsCovered' | 'violations'>;

/** The walk, without bad requests, through Prism as a validating proxy. */
export async function recordPrism(document: ApiDocument, seed: number): Promise<PrismFindings> {
  const sandbox = await startSandbox({ port: 0, seed, requestsPerMinute: 0, organisationRequestsPerMinute: 0 });
  try {
    await using prism = await openPrism(document, sandbox.url);
    await using recorder = await startRecorder(prism.url);
    await using receiver = await startReceiver();
    const walker = new Walker(document, recorder.url, sandbox.apiKey);
    await walkEverything(walker, { receiverUrl: receiver.url, permit: await permitOf(sandbox), withProbes: false });
    const exchanges = [...recorder.exchanges];
    const bareTexts = await sendBareTexts(walker, document, recorder.exchanges);
    return {
      exchanges: exchanges.length,
      operationsCovered: coverage(document, exchanges),
      violations: told(exchanges),
      bareTexts,
      mendedFiles: prism.mendedFiles,
    };
  } finally {
    await sandbox.close();
  }
}

/** Each complaint once, with how often it came. */
function told(exchanges: readonly Exchange[]): readonly string[] {
  const counted = new Map<string, number>();
  for (const line of exchanges.flatMap(complaintsOf)) counted.set(line, (counted.get(line) ?? 0) + 1);
  return [...counted].map(([line, count]) => `${line} (${count}x)`).sort();
}

function coverage(document: ApiDocument, exchanges: readonly Exchange[]): number {
  // Prism leaves the path of the server to the address that it stands before.
  const names = exchanges.filter(isGood).map(({ method, target }) => {
    const path = `${document.basePath}${target.replace(/\?.*$/, '')}`;
    return matchOf(document, method, path)?.operation.name;
  });
  return new Set(names.filter((name) => name !== undefined)).size;
}

/**
 * Where a schema cannot be compiled, Prism silently validates nothing; so see that it does: a bare text is no body
 * anywhere. With the document as the vendor writes it, four operations let one through.
 */
async function sendBareTexts(
  walker: Walker,
  document: ApiDocument,
  exchanges: readonly Exchange[],
): Promise<PrismFindings['bareTexts']> {
  const operations = document.operations.filter((one) => one.bodies.has('application/json'));
  const before = exchanges.length;
  for (const operation of operations)
    await walker.call(operation.name, { path: pathTo(walker.known, operation), body: 'text', expect: [422] });
  const refused = exchanges.slice(before).filter(({ status }) => status === 422).length;
  return { sent: operations.length, refused };
}

async function startPrism(file: string, upstream: string, port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PRISM, 'proxy', file, upstream, '--errors', '--port', String(port)], {
    env: { ...process.env, SCARF_ANALYTICS: 'false' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const listening = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('is listening')) resolve();
    });
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('Prism did not start')));
  await Promise.race([listening, ended]);
  // From here on it may end when it likes.
  ended.catch(() => undefined);
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Prism's own answers are problems (RFC 7807), which MaintainX never answers. */
function complaintsOf({ method, target, status, answerHeaders, answerBody }: Exchange): readonly string[] {
  if (mediaType(answerHeaders) !== 'application/problem+json') return [];
  const problem = jsonIn(answerBody);
  const about = `${method} ${target.replace(/\d{3,}/g, '{id}')} ${status}`;
  if (!isObject(problem)) return [`${about} ${answerBody.toString('utf8').slice(0, 200)}`];
  const complaints = objectsOf(problem['validation']);
  if (complaints.length === 0) return [`${about} ${textIn(problem, 'title')} ${textIn(problem, 'detail')}`];
  return complaints.map((one) => `${about} ${JSON.stringify(one['location'])} ${textIn(one, 'message')}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
