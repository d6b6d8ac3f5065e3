import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { JsonObject } from '../../src/base/json.ts';
import { linesOf, runCommand, startCommand, stop, type Running } from './gateway.ts';
import { pause, startPlant } from './plant.ts';
import { keepResult } from './result.ts';
import { numberIn, objectIn, textIn } from './shapes.ts';

export interface KillOptions {
  readonly kills: number;
  readonly hooksPerSecond: number;
}

interface Target {
  readonly url: string;
  readonly secret: string;
}

/**
 * The gateway is killed with SIGKILL again and again while webhooks come in. Every webhook that was answered 2xx must be
 * there exactly once, as a delivery and as a fact.
 */
export async function proveKill(options: KillOptions): Promise<void> {
  const plant = await startPlant({
    seed: 1,
    requestsPerMinute: 1_000_000,
    env: { MILLWRIGHT_LEASE_MS: '2000', LOG_LEVEL: 'fatal' },
  });
  const { controlUrl, env } = plant;
  try {
    await runCommand(['sync', 'status', '--wait', '--timeout', '120'], env);
    const { target, workOrders } = await targetIn(controlUrl);
    const sender = startSending(target, workOrders, options.hooksPerSecond);
    const restartsMs: number[] = [];
    for (let kill = 0; kill < options.kills; kill++) {
      await pause(300 + Math.random() * 1_200);
      plant.gateway = await killAndRestart(plant.gateway, env, restartsMs);
    }
    await pause(1_500);
    const sent = await sender.stop();
    await runCommand(['sync', 'status', '--wait', '--timeout', '300'], env);
    await judge(options, env, sent, restartsMs);
  } finally {
    await plant.stop();
  }
}

async function killAndRestart(
  gateway: Running | undefined,
  env: Readonly<Record<string, string>>,
  restartsMs: number[],
): Promise<Running> {
  if (gateway !== undefined) await stop(gateway, 'SIGKILL');
  const from = performance.now();
  const restarted = await startCommand(['start'], env);
  restartsMs.push(Math.round(performance.now() - from));
  return restarted;
}

/** Where status changes of work orders are delivered, and work orders to speak of. */
async function targetIn(controlUrl: string): Promise<{ target: Target; workOrders: readonly unknown[] }> {
  const listed: unknown = await (await fetch(`${controlUrl}/subscriptions`)).json();
  const all = Array.isArray(listed) ? listed : Object.values(objectIn(listed)).flat();
  const found = all.map(objectIn).find((one) => one['type'] === 'WORK_ORDER_STATUS_CHANGE');
  if (found === undefined) throw new Error('the gateway did not subscribe to status changes');
  const records = linesOf(await (await fetch(`${controlUrl}/records?kind=work-order`)).text()).map(objectIn);
  const workOrders = records.map((one) => (one['record'] === undefined ? one : objectIn(one['record']))['id']);
  return { target: { url: textIn(found, 'url'), secret: textIn(found, 'secret') }, workOrders };
}

interface Sent {
  readonly acknowledged: readonly string[];
  readonly unanswered: readonly string[];
}

/** Sends at a fixed rate whatever happens to the answers; no body twice. */
function startSending(target: Target, workOrders: readonly unknown[], perSecond: number): { stop(): Promise<Sent> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const acknowledged: string[] = [];
  const unanswered: string[] = [];
  const underWay = new Set<Promise<void>>();
  const startedAt = performance.now();
  let sent = 0;
  const sendOne = async (body: string): Promise<void> => {
    const status = await post(agent, target, body);
    (status >= 200 && status < 300 ? acknowledged : unanswered).push(body);
  };
  const timer = setInterval(() => {
    while (sent < ((performance.now() - startedAt) / 1000) * perSecond) {
      const body = JSON.stringify({
        workOrderId: workOrders[sent % workOrders.length],
        orgId: 1,
        oldStatus: 'OPEN',
        newStatus: 'IN_PROGRESS',
        userId: sent,
        occurredAt: new Date(Date.now()).toISOString(),
      });
      sent++;
      const one = sendOne(body);
      underWay.add(one);
      void one.finally(() => underWay.delete(one));
    }
  }, 5);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
      agent.destroy();
      return { acknowledged, unanswered };
    },
  };
}

/** The answer's status; 0 when there was none. */
function post(agent: Agent, { url, secret }: Target, body: string): Promise<number> {
  const t = Math.floor(Date.now() / 1000);
  const v1 = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-maintainx-webhook-body-signature': `t=${t},v1=${v1}`,
  };
  return new Promise((resolve) => {
    const sending = request(url, { method: 'POST', agent, headers, timeout: 10_000 }, (answer) => {
      answer.resume();
      answer.on('error', () => resolve(0));
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    sending.on('error', () => resolve(0));
    sending.on('timeout', () => sending.destroy());
    sending.end(body);
  });
}

async function judge(
  options: KillOptions,
  env: Readonly<Record<string, string>>,
  sent: Sent,
  restartsMs: readonly number[],
): Promise<void> {
  const deliveries = linesOf(await runCommand(['export', 'deliveries'], env)).map(objectIn);
  const events = linesOf(await runCommand(['export', 'events'], env)).map(objectIn);
  const stored = countBy(deliveries.map((one) => textIn(one, 'body')));
  // Each body carries its own userId, which the fact's actor repeats.
  const facts = countBy(events.filter(isStatusFact).map((one) => textIn(one, 'actor')));
  const actorOf = (body: string): string => `user/${numberIn(objectIn(JSON.parse(body)), 'userId')}`;
  const all = [...sent.acknowledged, ...sent.unanswered];
  const figures = {
    ...options,
    sent: all.length,
    acknowledged: sent.acknowledged.length,
    acknowledgedButNotStored: sent.acknowledged.filter((body) => stored.get(body) === undefined).length,
    acknowledgedButNoFact: sent.acknowledged.filter((body) => facts.get(actorOf(body)) === undefined).length,
    storedTwice: all.filter((body) => (stored.get(body) ?? 0) > 1).length,
    factsTwice: all.filter((body) => (facts.get(actorOf(body)) ?? 0) > 1).length,
    unansweredButStored: sent.unanswered.filter((body) => stored.has(body)).length,
    waiting: deliveries.filter((one) => one['state'] === 'waiting').length,
    slowestRestartMs: Math.max(...restartsMs),
  };
  const { acknowledgedButNotStored, acknowledgedButNoFact, storedTwice, factsTwice, waiting } = figures;
  const faults = acknowledgedButNotStored + acknowledgedButNoFact + storedTwice + factsTwice + waiting;
  keepResult('kill', faults === 0 && figures.acknowledged > options.kills * options.hooksPerSecond * 0.2, figures);
}

const isStatusFact = (event: JsonObject): boolean => event['type'] === 'work-order.status-changed';

function countBy(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
