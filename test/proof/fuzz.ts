import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { pause, startPlant, type Plant } from './plant.ts';
import { megabytesOf, runCommand } from './gateway.ts';
import { postHook, signatureOf, statusTargetOf, type Target } from './hook-target.ts';
import { oddBody, oddHeader } from './odd-inputs.ts';
import { quantile } from './quantile.ts';
import { keepResult } from './result.ts';

export interface FuzzOptions {
  /** Odd bodies, well signed; and as many odd signature headers. */
  readonly requests: number;
  /** Sockets that send a byte now and then. */
  readonly slowSockets: number;
}

const SLOWEST_MS = 1_000;
/** A sender waits no longer for an answer. */
const ANSWERED_IN_MS = 30_000;
const SLOW_GONE_MS = 15_000;
const GOOD_P99_MS = 100;
/** What a process may grow by between the first tenth of the flood and its end. */
const MOST_GROWTH_MEGABYTES = 64;

/**
 * Whatever stands in a body or in a signature header, the gateway answers 2xx or 4xx, soon, and stays small. Senders that
 * dribble are let go, and nobody waits for them.
 */
export async function proveFuzz(options: FuzzOptions): Promise<void> {
  const plant = await startPlant({
    seed: 1,
    requestsPerMinute: 1_000_000,
    env: { LOG_LEVEL: 'fatal' },
  });
  try {
    await runCommand(['sync', 'status', '--wait', '--timeout', '120'], plant.env);
    const target = await statusTargetOf(plant.controlUrl);
    const bodies = await flood(plant, options.requests, (nth) => {
      const body = oddBody(nth);
      return { target, body, header: signatureOf(target, body) };
    });
    const headers = await flood(plant, options.requests, (nth) => ({
      target,
      body: BODY,
      header: oddHeader(signatureOf(target, BODY), nth),
    }));
    const slow = await crowd(target, options.slowSockets);
    const stored = await runCommand(['sync', 'status', '--wait', '--timeout', '600', '--json'], plant.env);
    const isCalm = (one: Flood): boolean =>
      one.serverErrors + one.broken === 0 && one.slowestMs < SLOWEST_MS && one.grownMegabytes < MOST_GROWTH_MEGABYTES;
    const isQuick = slow.goneMs < SLOW_GONE_MS && slow.good.p99 < GOOD_P99_MS && slow.good.refused === 0;
    keepResult('fuzz', isCalm(bodies) && isCalm(headers) && isQuick && stored.includes('"quiet":true'), {
      ...options,
      bodies,
      headers,
      slow,
    });
  } finally {
    await plant.stop();
  }
}

const BODY = Buffer.from('{"workOrderId":1,"orgId":1,"oldStatus":"OPEN","newStatus":"DONE"}');

interface Sent {
  readonly target: Target;
  readonly body: Buffer;
  readonly header: string;
}

interface Flood {
  readonly statuses: Readonly<Record<string, number>>;
  readonly serverErrors: number;
  /** Without an answer. */
  readonly broken: number;
  readonly slowestMs: number;
  readonly grownMegabytes: number;
}

const SIDE_BY_SIDE = 32;

async function flood({ gateway }: Plant, count: number, make: (nth: number) => Sent): Promise<Flood> {
  const agent = new Agent({ keepAlive: true, maxSockets: SIDE_BY_SIDE });
  const statuses: Record<string, number> = {};
  let [next, slowestMs, early] = [0, 0, 0];
  const size = (): number => megabytesOf(gateway?.process.pid, 'VmRSS');
  const worker = async (): Promise<void> => {
    while (next < count) {
      if (next === Math.floor(count / 10)) early = size();
      const sent = make(next++);
      const began = performance.now();
      const status = await post(agent, sent);
      slowestMs = Math.max(slowestMs, performance.now() - began);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  agent.destroy();
  return {
    statuses,
    serverErrors: Object.entries(statuses).reduce(
      (sum, [status, times]) => sum + (Number(status) >= 500 ? times : 0),
      0,
    ),
    broken: statuses['0'] ?? 0,
    slowestMs: Math.round(slowestMs),
    grownMegabytes: Math.round(size() - early),
  };
}

const post = (agent: Agent, { target, body, header }: Sent): Promise<number> =>
  postHook(agent, target, body, header, ANSWERED_IN_MS);

interface Crowd {
  readonly opened: number;
  /** From the first of them to the last that was let go. */
  readonly goneMs: number;
  readonly good: { readonly requests: number; readonly refused: number; readonly p50: number; readonly p99: number };
}

/** Half of them dribble headers, half of them a body, while good webhooks come in at a steady rate. */
async function crowd(target: Target, count: number): Promise<Crowd> {
  const url = new URL(target.url);
  const sockets = new Set<Socket>();
  const began = performance.now();
  let last = began;
  for (let nth = 0; nth < count; nth++) {
    const socket = connect(Number(url.port), url.hostname);
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      last = performance.now();
    });
    socket.write(
      nth % 2 === 0
        ? `POST ${url.pathname} HTTP/1.1\r\nHost: x\r\nX-Slow: `
        : `POST ${url.pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{`,
    );
  }
  const dribble = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write('x');
  }, 1_000);
  const good = await steady(target, 100, 20_000);
  const isGone = sockets.size === 0;
  clearInterval(dribble);
  for (const socket of sockets) socket.destroy();
  return { opened: count, goneMs: isGone ? Math.round(last - began) : Infinity, good };
}

async function steady(target: Target, perSecond: number, forMs: number): Promise<Crowd['good']> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const took: number[] = [];
  let refused = 0;
  const underWay: Promise<void>[] = [];
  const one = async (body: Buffer, due: number): Promise<void> => {
    if ((await post(agent, { target, body, header: signatureOf(target, body) })) !== 202) refused++;
    took.push(performance.now() - due);
  };
  const total = (perSecond * forMs) / 1_000;
  const began = performance.now();
  for (let nth = 0; nth < total; nth++) {
    const due = began + (nth * 1_000) / perSecond;
    if (due > performance.now()) await pause(due - performance.now());
    const body = Buffer.from(`{"workOrderId":${nth},"orgId":1,"good":${nth}}`);
    underWay.push(one(body, due));
  }
  await Promise.all(underWay);
  agent.destroy();
  const at = (share: number): number => quantile(took, share);
  return { requests: total, refused, p50: at(0.5), p99: at(0.99) };
}
