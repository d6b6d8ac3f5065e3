import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { freePort, runCommand, startCommand, stop, temporaryFolder } from '../proof/gateway.ts';
import { pause } from '../proof/plant.ts';
import { startRecorder } from './recorder.ts';
import type { Recorded } from './sandbox-round.ts';

export interface LifeOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly changesPerSecond: number;
}

/** Puts something before the API at this address, which stands for it whole. */
type Before = (upstream: string) => Promise<AsyncDisposable & { readonly url: string }>;

/**
 * What test/end-to-end.db.test.ts does, with recorders between both: a gateway copies a plant, follows it by webhooks and
 * polling while people work, is restarted, and sweeps. Gateway and database are processes of their own.
 */
export async function recordLife(options: LifeOptions, before?: Before): Promise<Recorded> {
  const { seed } = options;
  const folder = temporaryFolder();
  const sandbox = await startSandbox({ port: 0, seed, requestsPerMinute: 0, organisationRequestsPerMinute: 0 });
  const port = await freePort();
  try {
    await using proxy = await before?.(sandbox.url);
    await using api = await startRecorder(proxy?.url ?? new URL(sandbox.url).origin);
    await using hooks = await startRecorder(`http://127.0.0.1:${port}`);
    const env = {
      MILLWRIGHT_DATA_DIR: join(folder.path, 'data'),
      MAINTAINX_BASE_URL: proxy === undefined ? `${api.url}${new URL(sandbox.url).pathname}` : api.url,
      PORT: String(port),
      MILLWRIGHT_PUBLIC_URL: hooks.url,
      MILLWRIGHT_REQUESTS_PER_MINUTE: '100000',
      MILLWRIGHT_POLL_INTERVAL_MS: '2000',
      MILLWRIGHT_GUARDIAN_INTERVAL_MS: '2000',
      LOG_LEVEL: 'error',
    };
    const keyFile = join(folder.path, 'key');
    writeFileSync(keyFile, sandbox.apiKey);
    await follow(sandbox, env, keyFile, options);
    return { exchanges: api.exchanges, deliveries: hooks.exchanges, unmet: [] };
  } finally {
    await sandbox.close();
    folder.remove();
  }
}

/** Half of the time before a restart, after which the guardian looks at its subscriptions, and half after it. */
async function follow(
  sandbox: Sandbox,
  env: Readonly<Record<string, string>>,
  keyFile: string,
  { seconds, changesPerSecond }: LifeOptions,
): Promise<void> {
  let gateway = await startCommand(['start'], env);
  const untilQuiet = (): Promise<string> => runCommand(['sync', 'status', '--wait', '--timeout', '300'], env);
  try {
    await runCommand(['tenant', 'add', '--name', 'plant', '--api-key-file', keyFile], env);
    await untilQuiet();
    for (const round of ['before', 'after']) {
      sandbox.setRate(changesPerSecond);
      await pause(seconds * 500);
      sandbox.setRate(0);
      await pause(1_000);
      await untilQuiet();
      if (round === 'after') break;
      await stop(gateway, 'SIGTERM');
      gateway = await startCommand(['start'], env);
    }
    await runCommand(['sync', 'sweep', '--release-brake'], env);
    await untilQuiet();
  } finally {
    await stop(gateway, 'SIGTERM');
  }
}
