import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as pauseFor } from 'node:timers/promises';
import pg from 'pg';
import { request } from 'undici';
import { benchServer, freshDatabase } from '../../bench/fresh-database.ts';
import { WANTED_EVENTS } from '../../src/inbound/index.ts';
import { freePort, startCommand, stop } from './gateway.ts';
import { postHook, signatureOf, statusBody, statusTargetOf, type Target } from './hook-target.ts';
import { idsOf } from './plant.ts';
import { quantile } from './quantile.ts';
import { keepResult } from './result.ts';
import { numberIn, objectIn, objectsIn, textIn } from './shapes.ts';

export interface FairnessOptions {
  readonly tenants: number;
  readonly changesPerSecond: number;
  readonly seconds: number;
  readonly connections: number;
}

/** How much slower the others may become. */
const MOST_SLOWDOWN = 2;

interface Organization {
  readonly id: number;
  readonly apiKey: string;
}

/**
 * Many organisations on one gateway; people work at all but one of them. Measured is from MaintainX's answer to a change until the
 * event of it is recorded, first alone, then while the webhooks of the one that is left come as fast as so many connections carry.
 */
export async function proveFairness(options: FairnessOptions): Promise<void> {
  const { url: server, release } = await benchServer();
  const database = await freshDatabase(server);
  const limits = ['--requests-per-minute', '0', '--organisation-requests-per-minute', '0'];
  const organizations = ['--organizations', String(options.tenants)];
  const sandbox = await startCommand(['sandbox', '--port', '0', '--rate', '0', ...limits, ...organizations], {});
  const told = objectIn(sandbox.said);
  const [url, controlUrl, port] = [textIn(told, 'url'), textIn(told, 'controlUrl'), await freePort()];
  const token = randomBytes(32).toString('base64url');
  const env = {
    DATABASE_URL: database.url,
    MILLWRIGHT_MASTER_KEY: randomBytes(32).toString('base64'),
    MILLWRIGHT_ADMIN_TOKEN: token,
    MILLWRIGHT_PUBLIC_URL: `http://127.0.0.1:${port}`,
    MILLWRIGHT_REQUESTS_PER_MINUTE: '0',
    MILLWRIGHT_POLL_INTERVAL_MS: '86400000',
    MILLWRIGHT_SWEEP_INTERVAL_MS: '86400000',
    MAINTAINX_BASE_URL: url,
    PORT: String(port),
    LOG_LEVEL: 'fatal',
  };
  const gateway = await startCommand(['start'], env);
  try {
    const all = organizationsIn(await (await fetch(`${controlUrl}/organizations`)).json());
    await addAll(env.MILLWRIGHT_PUBLIC_URL, token, all);
    await quiet(env.MILLWRIGHT_PUBLIC_URL, token, all.length);
    while ((await subscribedIn(database.client)) < all.length * WANTED_EVENTS.length) await pauseFor(500);
    const [noisy, ...others] = all;
    if (noisy === undefined) throw new Error('there are no organisations');
    const alone = await work(options, { url, controlUrl, others, databaseUrl: database.url, round: 'alone' });
    const target = await statusTargetOf(controlUrl, noisy.id);
    const flood = startFlood(target, await idsOf(controlUrl, 'work-order', noisy.id), options.connections);
    await pauseFor(2_000);
    const beside = await work(options, { url, controlUrl, others, databaseUrl: database.url, round: 'beside' });
    const sent = await flood.stop();
    const slowdown = Math.round((quantile(beside, 0.99) / quantile(alone, 0.99)) * 100) / 100;
    const expected = options.changesPerSecond * options.seconds;
    const seen = { alone: alone.length, beside: beside.length };
    const isWhole = seen.alone > 0.9 * expected && seen.beside > 0.9 * expected;
    keepResult('fairness', slowdown < MOST_SLOWDOWN && sent.refused === 0 && isWhole, {
      ...options,
      flood: { ...sent, perSecond: Math.round(sent.accepted / (options.seconds + 2)) },
      seen,
      aloneMs: { p50: quantile(alone, 0.5), p99: quantile(alone, 0.99) },
      besideMs: { p50: quantile(beside, 0.5), p99: quantile(beside, 0.99) },
      slowdown,
    });
  } finally {
    await stop(gateway, 'SIGTERM');
    await stop(sandbox, 'SIGTERM');
    await database.drop();
    await release();
  }
}

const organizationsIn = (said: unknown): readonly Organization[] =>
  objectsIn(objectIn(said)['organizations']).map((one) => ({ id: numberIn(one, 'id'), apiKey: textIn(one, 'apiKey') }));

const nameOf = ({ id }: Organization): string => `plant-${id}`;

async function addAll(gateway: string, token: string, all: readonly Organization[]): Promise<void> {
  for (const one of all) {
    const answer = await request(`${gateway}/api/v1/tenants`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: nameOf(one), apiKey: one.apiKey }),
    });
    if (answer.statusCode !== 201) throw new Error(`tenant ${one.id}: ${await answer.body.text()}`);
    await answer.body.dump();
  }
}

/** Changes of which no webhook is subscribed yet would come by polling, when their time comes. */
async function subscribedIn(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query<{ count: string }>(
    `select count(*) from webhook_subscriptions where state = 'active'`,
  );
  return Number(rows[0]?.count ?? 0);
}

/** Waits until all of them are copied. */
async function quiet(gateway: string, token: string, tenants: number): Promise<void> {
  for (let calm = 0; calm < 5;) {
    await pauseFor(1_000);
    const answer = await request(`${gateway}/api/v1/installation/health`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const counted = objectsIn(objectIn(await answer.body.json())['items']).flatMap((one) =>
      one['counted'] === null ? [] : [objectIn(one['counted'])],
    );
    const waiting = counted.reduce(
      (sum, one) => sum + numberIn(one, 'waitingReads') + numberIn(one, 'waitingWebhooks'),
      0,
    );
    const isCopied = counted.filter((one) => Object.keys(objectIn(one['records'])).length > 5).length === tenants;
    calm = isCopied && waiting === 0 ? calm + 1 : 0;
  }
}

interface Place {
  readonly url: string;
  readonly controlUrl: string;
  readonly others: readonly Organization[];
  readonly databaseUrl: string;
  readonly round: string;
}

/** Gives work orders of all the others titles that nobody had before, and tells how long each took to be recorded. */
async function work(options: FairnessOptions, place: Place): Promise<readonly number[]> {
  const ids = await Promise.all(place.others.map(({ id }) => idsOf(place.controlUrl, 'work-order', id)));
  const changedAt = new Map<string, number>();
  const change = async (nth: number): Promise<void> => {
    const at = nth % place.others.length;
    const ofOne = ids[at] ?? [];
    const title = `${place.round} ${nth}`;
    const answer = await request(`${place.url}/workorders/${ofOne[nth % ofOne.length] ?? 0}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${place.others[at]?.apiKey ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify({ title }),
    });
    const now = Date.now();
    await answer.body.dump();
    if (answer.statusCode === 200) changedAt.set(title, now);
  };
  const underWay: Promise<void>[] = [];
  const began = performance.now();
  for (let nth = 0; nth < options.changesPerSecond * options.seconds; nth++) {
    const due = began + (nth * 1_000) / options.changesPerSecond;
    if (due > performance.now()) await pauseFor(due - performance.now());
    underWay.push(change(nth));
  }
  await Promise.all(underWay);
  await pauseFor(5_000);
  return recordedAfter(place, changedAt);
}

/** As the log says when it recorded each change: nobody has to look while it happens. */
async function recordedAfter(
  { databaseUrl, round }: Place,
  changedAt: ReadonlyMap<string, number>,
): Promise<readonly number[]> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const { rows } = await owner.query<{ title: string; at: number }>(
    `select substring(data::text from '"(${round} \\d+)"') as title, extract(epoch from recorded_at)::float8 * 1000 as at
     from events where family = 'state' and data::text ~ '"${round} \\d+"'`,
  );
  await owner.end();
  return rows.flatMap(({ title, at }) => {
    const since = changedAt.get(title);
    return since === undefined ? [] : [Math.max(0, at - since)];
  });
}

interface Flood {
  readonly stop: () => Promise<{ readonly accepted: number; readonly refused: number }>;
}

/** Each connection sends its next webhook when the one before is answered; no body twice. */
function startFlood(target: Target, workOrders: readonly number[], connections: number): Flood {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const ending = new AbortController();
  let [sent, accepted, refused] = [0, 0, 0];
  const connection = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const nth = ++sent;
      const body = statusBody(workOrders, nth);
      const status = await postHook(agent, target, Buffer.from(body), signatureOf(target, body), 10_000);
      if (status === 202) accepted++;
      else refused++;
    }
  };
  const all = Array.from({ length: connections }, connection);
  return {
    stop: async () => {
      ending.abort();
      await Promise.all(all);
      agent.destroy();
      return { accepted, refused };
    },
  };
}
