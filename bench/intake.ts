/**
 * How many webhooks a second the gateway takes in, beside what one would write in an afternoon: Express with one INSERT a
 * webhook, and Express with BullMQ. All three check the same, store durably before they answer, and have the same sender,
 * machine and minute. Beside them runs the least that a receiver can do and keep its word: the ceiling of this machine. `npm ci --prefix bench/intake` first.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { sha256 } from '../src/base/hash.ts';
import { Secret } from '../src/base/secret.ts';
import { insertTenantLanes } from '../src/jobs/index.ts';
import { readConfig } from '../src/config.ts';
import { createLogger, openInstallation } from '../src/server.ts';
import { benchServer, freshDatabase } from './fresh-database.ts';
import { freePort, startCommand, stop, temporaryFolder } from '../test/proof/gateway.ts';
import { keepResult } from '../test/proof/result.ts';
import { numberIn, objectIn } from '../test/proof/shapes.ts';

const TENANTS = 100;
const ROUNDS = 5;
/** Two for each tenant, as fast as answers come. */
const CONNECTIONS = 200;
/** Webhooks of one round; the slower ones get fewer, so that each round takes some six seconds. */
const COUNTS = { millwright: 100_000, expressInsert: 30_000, expressBullmq: 40_000, least: 160_000 } as const;
const OPEN_LOOP = { perSecond: 2_000, seconds: 60 } as const;

type Contender = keyof typeof COUNTS;

const FOLDER = fileURLToPath(new URL('intake/', import.meta.url));
const folder = temporaryFolder();
const targetsFile = join(folder.path, 'targets.json');

interface Target {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly eventType: string;
  readonly secret: string;
}

const targets: Readonly<Record<string, Target>> = Object.fromEntries(
  Array.from({ length: TENANTS }, () => [
    randomBytes(32).toString('base64url'),
    {
      tenantId: randomUUID(),
      subscriptionId: randomUUID(),
      eventType: 'WORK_ORDER_CHANGE',
      secret: randomBytes(24).toString('hex'),
    },
  ]),
);

/** A receiver that listens, and how many webhooks it has stored. */
interface Receiver {
  readonly port: number;
  stored(): Promise<number>;
  stop(): Promise<void>;
}

async function countIn(client: pg.Client): Promise<number> {
  // The owner of the tables is held to their policies; who made the database is its superuser here.
  const { rows } = await client.query<{ count: string }>('select count(*) from deliveries');
  return Number(rows[0]?.count ?? 0);
}

async function millwright(server: string): Promise<Receiver> {
  const database = await freshDatabase(server);
  const env = {
    DATABASE_URL: database.url,
    MILLWRIGHT_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    MILLWRIGHT_ROLES: 'intake',
    PORT: String(await freePort()),
    LOG_LEVEL: 'warn',
  };
  const installation = await openInstallation(readConfig(env), createLogger('warn'));
  for (const [key, target] of Object.entries(targets)) {
    const { tenantId, subscriptionId, eventType } = target;
    await installation.database.withTenant(tenantId, async (tx) => {
      await tx.query(`insert into tenants (tenant_id, name, state, created_at) values ($1, $2, 'active', now())`, [
        tenantId,
        `t-${tenantId}`,
      ]);
      await insertTenantLanes(tx, Date.now());
      await installation.vault.admit(tx, Date.now());
      const connectionId = randomUUID();
      await tx.query(
        `insert into connections (tenant_id, connection_id, organization_id, organization_name, sends_organization,
                                  api_key, created_at)
         values ($1, $2, '1', 'Plant', false, '', now())`,
        [tenantId, connectionId],
      );
      const identity = `webhook_subscriptions/${subscriptionId}/secret`;
      const sealed = await installation.vault.seal(tx, identity, new Secret(target.secret));
      await tx.query(
        `insert into webhook_subscriptions (tenant_id, subscription_id, connection_id, event_type, state, public_url,
                                            remote_id, secret, created_at)
         values ($1, $2, $3, $4, 'active', 'https://gateway.example', '9', $5, now())`,
        [tenantId, subscriptionId, connectionId, eventType, sealed],
      );
      await tx.query('insert into hook_keys (key_hash, tenant_id, subscription_id) values ($1, $2, $3)', [
        sha256(key),
        tenantId,
        subscriptionId,
      ]);
    });
  }
  await installation.close();
  // What others left to be written is not to be written in this round.
  await database.client.query('checkpoint');
  const running = await startCommand(['start'], env);
  return {
    port: Number(env.PORT),
    stored: () => countIn(database.client),
    stop: async () => {
      await stop(running, 'SIGTERM');
      await database.drop();
    },
  };
}

async function script(
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [join(FOLDER, name)], {
    env: { ...process.env, NODE_ENV: 'production', TARGETS: targetsFile, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, port: Number(line.split(' ')[1]) };
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function overPostgres(name: string, server: string): Promise<Receiver> {
  const database = await freshDatabase(server);
  const { child, port } = await script(name, { DATABASE_URL: database.url });
  await database.client.query('checkpoint');
  return {
    port,
    stored: () => countIn(database.client),
    stop: async () => {
      await end(child);
      await database.drop();
    },
  };
}

/** With a Redis that writes each command to the disk before it answers: else nothing would be stored durably. */
async function expressBullmq(): Promise<Receiver> {
  const data = temporaryFolder();
  const redisPort = await freePort();
  const settings = ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', data.path, '--save', ''];
  const redis = spawn('redis-server', [...settings, '--appendonly', 'yes', '--appendfsync', 'always'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: redis.stdout })) if (line.includes('Ready to accept')) break;
  redis.stdout.resume();
  const { child, port } = await script('express-bullmq.js', { REDIS_URL: `redis://127.0.0.1:${redisPort}` });
  return {
    port,
    stored: async () => {
      const asking = spawn('redis-cli', ['-p', String(redisPort), 'llen', 'bull:hooks:wait']);
      const [text] = (await once(asking.stdout, 'data')) as [Buffer];
      return Number(text.toString());
    },
    stop: async () => {
      await end(child);
      await end(redis);
      data.remove();
    },
  };
}

interface Course {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  readonly statuses: Readonly<Record<string, unknown>>;
}

async function load(receiver: Receiver, count: number, env: Readonly<Record<string, string>> = {}): Promise<Course> {
  const sender = spawn(process.execPath, ['--max-old-space-size=4096', join(FOLDER, 'load.js')], {
    env: {
      ...process.env,
      PORT: String(receiver.port),
      TARGETS: targetsFile,
      COUNT: String(count),
      CONNECTIONS: String(CONNECTIONS),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: sender.stdout }), 'line')) as [string];
  const said = objectIn(JSON.parse(line));
  const stored = await receiver.stored();
  const statuses = objectIn(said['statuses']);
  if (statuses['202'] !== stored) throw new Error(`${JSON.stringify(statuses)}, and ${stored} are stored`);
  const figure = (name: string): number => numberIn(said, name);
  return { perSecond: figure('perSecond'), p50: figure('p50'), p99: figure('p99'), most: figure('most'), statuses };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function main(): Promise<void> {
  if (!existsSync(join(FOLDER, 'node_modules'))) throw new Error('first: npm ci --prefix bench/intake');
  writeFileSync(targetsFile, JSON.stringify(targets));
  const { url: server, release } = await benchServer();
  const open: Readonly<Record<Contender, () => Promise<Receiver>>> = {
    expressInsert: () => overPostgres('express-insert.js', server),
    least: () => overPostgres('least.js', server),
    expressBullmq,
    millwright: () => millwright(server),
  };
  const courses: Record<Contender, Course[]> = { millwright: [], expressInsert: [], expressBullmq: [], least: [] };
  try {
    for (let round = 0; round < ROUNDS; round++)
      for (const name of ['expressInsert', 'expressBullmq', 'least', 'millwright'] as const) {
        const receiver = await open[name]();
        const course = await load(receiver, COUNTS[name]);
        await receiver.stop();
        courses[name].push(course);
        console.log(name, JSON.stringify(course));
      }
    const receiver = await open.millwright();
    const steady = await load(receiver, OPEN_LOOP.perSecond * OPEN_LOOP.seconds, {
      RATE: String(OPEN_LOOP.perSecond),
    });
    await receiver.stop();
    const rate = (name: Contender): number => median(courses[name].map((one) => one.perSecond));
    const overInsert = rate('millwright') / rate('expressInsert');
    const overBullmq = rate('millwright') / rate('expressBullmq');
    const refused = OPEN_LOOP.perSecond * OPEN_LOOP.seconds - Number(steady.statuses['202'] ?? 0);
    const holds = overInsert >= 3.5 && overBullmq >= 3 && steady.p99 < 50 && refused === 0;
    const rounded = (value: number): number => Math.round(value * 100) / 100;
    keepResult('intake', holds, {
      tenants: TENANTS,
      connections: CONNECTIONS,
      perSecond: {
        millwright: rate('millwright'),
        expressInsert: rate('expressInsert'),
        expressBullmq: rate('expressBullmq'),
        least: rate('least'),
      },
      overExpressInsert: rounded(overInsert),
      overExpressBullmq: rounded(overBullmq),
      openLoop: { ...OPEN_LOOP, ...steady, refused },
      rounds: courses,
    });
  } finally {
    await release();
    folder.remove();
  }
}

await main();
