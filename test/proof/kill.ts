import { Agent } from 'node:http';
import type { JsonObject } from '../../src/base/json.ts';
import { freePort, linesOf, runCommand, startCommand, stop } from './gateway.ts';
import { postHook, signatureOf, statusBody, statusTargetOf, type Target } from './hook-target.ts';
import { ownPostgres, type OwnPostgres } from './own-postgres.ts';
import { idsOf, pause, startPlant, type Plant } from './plant.ts';
import { keepResult } from './result.ts';
import { numberIn, objectIn, textIn } from './shapes.ts';

export interface KillOptions {
  /** SIGKILL to the gateway that takes webhooks in. */
  readonly kills: number;
  /** SIGSTOP to it, for longer than its leases last: another process takes its work over, then it wakes up. */
  readonly pauses: number;
  /** Immediate stops of PostgreSQL. */
  readonly stops: number;
  readonly hooksPerSecond: number;
}

type Trouble = 'kill' | 'pause' | 'stop';

const LEASE_MS = 1_000;
/** A sender waits no longer for an answer. */
const ANSWERED_IN_MS = 10_000;
/** From the start of what was struck to the first webhook that is answered 2xx. */
const RECOVERED_IN_MS = 5_000;

/**
 * Webhooks come in while the gateway is killed, paused beyond its leases, and PostgreSQL is struck down under it. A second
 * process works beside it all the time. Every webhook that was answered 2xx must be there exactly once, as a delivery and
 * as a fact, and the log must be whole.
 */
export async function proveKill(options: KillOptions): Promise<void> {
  const postgres = await ownPostgres();
  const plant = await startPlant({
    seed: 1,
    requestsPerMinute: 1_000_000,
    env: {
      DATABASE_URL: postgres.url,
      MILLWRIGHT_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      MILLWRIGHT_LEASE_MS: String(LEASE_MS),
      LOG_LEVEL: 'fatal',
    },
  });
  const { controlUrl, env } = plant;
  const beside = await startCommand(['start'], { ...env, MILLWRIGHT_ROLES: 'worker', PORT: String(await freePort()) });
  try {
    await runCommand(['sync', 'status', '--wait', '--timeout', '120'], env);
    const target = await statusTargetOf(controlUrl);
    const sender = startSending(target, await idsOf(controlUrl, 'work-order'), options.hooksPerSecond);
    const recovered: Record<Trouble, number[]> = { kill: [], pause: [], stop: [] };
    for (const trouble of shuffled(options)) {
      await pause(300 + Math.random() * 900);
      const mendedFrom = await strike(trouble, plant, postgres);
      recovered[trouble].push(Math.round((await sender.nextAnswer()) - mendedFrom));
    }
    await pause(1_500);
    const sent = await sender.stop();
    console.log(`${sent.acknowledged.length} of ${sent.acknowledged.length + sent.unanswered.length} answered 2xx`);
    await runCommand(['sync', 'status', '--wait', '--timeout', '600'], env);
    await judge(options, env, sent, recovered);
  } finally {
    await stop(beside, 'SIGTERM');
    await plant.stop();
    await postgres.remove();
  }
}

/** All troubles in some order. */
function shuffled({ kills, pauses, stops }: KillOptions): readonly Trouble[] {
  const times = (trouble: Trouble, count: number): Trouble[] => Array.from({ length: count }, () => trouble);
  return [...times('kill', kills), ...times('pause', pauses), ...times('stop', stops)]
    .map((trouble) => ({ trouble, at: Math.random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ trouble }) => trouble);
}

/** Strikes and starts again what was struck; resolves with the time from which on it was started. */
async function strike(trouble: Trouble, plant: Plant, postgres: OwnPostgres): Promise<number> {
  const mendedFrom = await strikeDown(trouble, plant, postgres);
  if (trouble === 'kill') plant.gateway = await startCommand(['start'], plant.env);
  if (trouble === 'pause') plant.gateway?.process.kill('SIGCONT');
  if (trouble === 'stop') await postgres.start();
  return mendedFrom;
}

async function strikeDown(trouble: Trouble, plant: Plant, postgres: OwnPostgres): Promise<number> {
  const { gateway } = plant;
  if (gateway === undefined) throw new Error('there is no gateway');
  switch (trouble) {
    case 'kill':
      await stop(gateway, 'SIGKILL');
      break;
    case 'pause':
      gateway.process.kill('SIGSTOP');
      await pause(2.2 * LEASE_MS);
      break;
    case 'stop':
      await postgres.stopAtOnce();
      await pause(200);
  }
  return performance.now();
}

interface Sent {
  readonly acknowledged: readonly string[];
  readonly unanswered: readonly string[];
}

interface Sender {
  /** When the next webhook that is sent from now on is answered 2xx. */
  nextAnswer(): Promise<number>;
  stop(): Promise<Sent>;
}

/** Sends at a fixed rate whatever happens to the answers; no body twice. */
function startSending(target: Target, workOrders: readonly number[], perSecond: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const acknowledged: string[] = [];
  const unanswered: string[] = [];
  const underWay = new Set<Promise<void>>();
  const waiting: { readonly since: number; readonly tell: (at: number) => void }[] = [];
  const startedAt = performance.now();
  let sent = 0;
  const sendOne = async (body: string): Promise<void> => {
    const since = performance.now();
    const status = await postHook(agent, target, Buffer.from(body), signatureOf(target, body), ANSWERED_IN_MS);
    const isGood = status >= 200 && status < 300;
    (isGood ? acknowledged : unanswered).push(body);
    const told = waiting.findIndex((one) => isGood && one.since <= since);
    if (told >= 0) waiting.splice(told, 1)[0]?.tell(performance.now());
  };
  const timer = setInterval(() => {
    while (sent < ((performance.now() - startedAt) / 1000) * perSecond) {
      const body = statusBody(workOrders, sent);
      sent++;
      const one = sendOne(body);
      underWay.add(one);
      void one.finally(() => underWay.delete(one));
    }
  }, 5);
  return {
    nextAnswer: () => new Promise((tell) => void waiting.push({ since: performance.now(), tell })),
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
      agent.destroy();
      return { acknowledged, unanswered };
    },
  };
}

async function judge(
  options: KillOptions,
  env: Readonly<Record<string, string>>,
  sent: Sent,
  recovered: Readonly<Record<Trouble, readonly number[]>>,
): Promise<void> {
  const deliveries = linesOf(await runCommand(['export', 'deliveries'], env)).map(objectIn);
  const events = linesOf(await runCommand(['export', 'events'], env)).map(objectIn);
  const stored = countBy(deliveries.map((one) => textIn(one, 'body')));
  // Each body carries its own userId, which the fact's actor repeats.
  const facts = countBy(events.filter(isStatusFact).map((one) => textIn(one, 'actor')));
  const actorOf = (body: string): string => `user/${numberIn(objectIn(JSON.parse(body)), 'userId')}`;
  const all = [...sent.acknowledged, ...sent.unanswered];
  const faults = {
    acknowledgedButNotStored: sent.acknowledged.filter((body) => stored.get(body) === undefined).length,
    acknowledgedButNoFact: sent.acknowledged.filter((body) => facts.get(actorOf(body)) === undefined).length,
    storedTwice: all.filter((body) => (stored.get(body) ?? 0) > 1).length,
    factsTwice: all.filter((body) => (facts.get(actorOf(body)) ?? 0) > 1).length,
    waiting: deliveries.filter((one) => one['state'] !== 'done').length,
    gapsInTheLog: gapsIn(events.map((one) => numberIn(one, 'seq'))),
    gapsInRecords: gapsInStreams(events),
  };
  const slowest = (trouble: Trouble): number => Math.max(0, ...recovered[trouble]);
  const figures = {
    ...options,
    sent: all.length,
    acknowledged: sent.acknowledged.length,
    ...faults,
    unansweredButStored: sent.unanswered.filter((body) => stored.has(body)).length,
    events: events.length,
    slowestRecoveryMs: { kill: slowest('kill'), pause: slowest('pause'), stop: slowest('stop') },
  };
  const isWhole = Object.values(faults).every((count) => count === 0);
  const isQuick = (['kill', 'pause', 'stop'] as const).every((trouble) => slowest(trouble) < RECOVERED_IN_MS);
  keepResult('kill', isWhole && isQuick && figures.acknowledged > all.length * 0.2, figures);
}

/** Numbers that are missing from 1 on, or there twice. */
function gapsIn(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted.filter((number, index) => number !== index + 1).length;
}

/** A late writer would leave a version twice, or one out. */
function gapsInStreams(events: readonly JsonObject[]): number {
  const states = events.filter((one) => one['family'] === 'state');
  const streams = Map.groupBy(states, (one) => textIn(one, 'stream'));
  return [...streams.values()].reduce((sum, all) => sum + gapsIn(all.map((one) => numberIn(one, 'version'))), 0);
}

const isStatusFact = (event: JsonObject): boolean => event['type'] === 'work-order.status-changed';

function countBy(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
