import { createServer } from 'node:net';
import { join } from 'node:path';
import { Command } from 'commander';
import { createToken } from '../access/index.ts';
import { changeState } from '../administration/index.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { Secret } from '../base/secret.ts';
import { uuidv7 } from '../base/uuid.ts';
import { readConfig, type Config } from '../config.ts';
import { MOST_CHANGES_PER_SECOND, startSandbox, type Sandbox } from '../sandbox/index.ts';
import { createLogger, openInstallation, startServer, type Installation } from '../server.ts';
import { listTenants } from '../tenants/index.ts';
import { change, untilStopped } from './context.ts';
import { DemoView } from './demo-view.ts';
import { observeDemo, type Demo, type DemoState } from './demo-state.ts';
import { writeJson, writeLine } from './output.ts';
import { integerFrom, numberFrom } from './numbers.ts';
import { addTo } from './tenant.ts';

interface Options {
  readonly rate: number;
  readonly seed: number;
  readonly requestsPerMinute: number;
  readonly seconds?: number;
  readonly json?: true;
}

export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'A local MaintainX with people at work in it, a gateway, an embedded PostgreSQL: watch the copy follow.',
    )
    .option('--rate <changes>', 'changes a second that people make', numberFrom(0, MOST_CHANGES_PER_SECOND), 2)
    .option('--seed <number>', 'the same seed gives the same plant and life', numberFrom(0), 1)
    .option('--requests-per-minute <number>', "the sandbox's rate limit (MaintainX: 100)", integerFrom(1), 600)
    .option('--seconds <number>', 'end by itself after this time', numberFrom(1))
    .option('--json', 'print the figures as JSON, one line a second')
    .action(demo);
}

async function demo(options: Options): Promise<void> {
  const signal = untilStopped();
  const { requestsPerMinute, seed } = options;
  const limits = { requestsPerMinute, organisationRequestsPerMinute: requestsPerMinute * 5 };
  // Nobody works before the first copy is under way, so that the view starts with something to see.
  const sandbox = await startSandbox({ port: 0, seed, rate: 0, ...limits });
  const installation = await openInstallation(await demoConfig(sandbox, requestsPerMinute), createLogger('error'));
  await pauseEarlier(installation);
  const server = await startServer(installation);
  try {
    const tenantId = await addPlant(installation, sandbox);
    const token = await ownersToken(installation, tenantId);
    sandbox.setRate(options.rate);
    await show({ server, sandbox, tenantId, token }, options, signal);
  } finally {
    await sandbox.close();
    await server.stop();
  }
}

/** The user's settings, but for what makes it a demo: the sandbox instead of MaintainX, data of its own, quick looks. */
async function demoConfig(sandbox: Sandbox, requestsPerMinute: number): Promise<Config> {
  const config = readConfig();
  const port = await freePort(config.port);
  return {
    ...config,
    dataDir: join(config.dataDir, 'demo'),
    maintainxBaseUrl: sandbox.url,
    port,
    publicUrl: `http://127.0.0.1:${port}`,
    requestsPerMinute,
    pollIntervalMs: 10_000,
    sweepIntervalMs: 60_000,
    rereadIntervalMs: 60_000,
    upkeepShare: 100,
  };
}

/** The wanted port, or any free one when somebody has it. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort(0))));
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : wanted));
    });
  });
}

/** Each demo is a plant of its own: the sandbox forgets, so the tenant of an earlier demo has nothing left to follow. */
async function pauseEarlier(installation: Installation): Promise<void> {
  const earlier = (await listTenants(installation.database)).filter((tenant) => tenant.state === 'active');
  for (const { tenantId } of earlier)
    await change(installation, tenantId, 'setTenantState', changeState('paused', 'its sandbox is gone'));
}

async function addPlant(installation: Installation, sandbox: Sandbox): Promise<string> {
  const stamp = new Date(systemClock.now()).toISOString().replaceAll(/\D/g, '').slice(0, 17);
  const { tenantId } = await addTo(installation, { name: `demo-${stamp}` }, new Secret(sandbox.apiKey));
  return tenantId;
}

/** Nothing of value stands behind it, so it may be shown all the time. */
async function ownersToken({ database }: Installation, tenantId: string): Promise<string> {
  const now = systemClock.now();
  const owner = { tenantId, name: 'demo', role: 'owner', scopes: null, expiresAt: now + DAY_MS } as const;
  const token = { ...owner, tokenId: uuidv7(now, systemRandom) };
  return (await createToken(database.directory, token, now)).reveal();
}

const DAY_MS = 24 * 3_600_000;

async function show(watched: Demo, options: Options, signal: AbortSignal): Promise<void> {
  const end = options.seconds === undefined ? Infinity : systemClock.now() + options.seconds * 1000;
  const view = new DemoView(process.stdout.isTTY ? 'screen' : 'lines');
  let before: DemoState | undefined;
  while (!signal.aborted && systemClock.now() < end) {
    const now = await observeDemo(watched, before);
    if (options.json === true) await writeJson(now);
    else view.draw(now);
    before = now;
    await systemClock.sleep(1000, signal);
  }
  if (options.json !== true) await writeLine(view.farewell());
}
