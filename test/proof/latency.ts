import { setTimeout as pauseFor } from 'node:timers/promises';
import { request } from 'undici';
import { readConfig } from '../../src/config.ts';
import { createLogger, openInstallation, type Installation } from '../../src/server.ts';
import { tenantByName } from '../../src/tenants/index.ts';
import { runCommand } from './gateway.ts';
import { idsOf, startPlant, type Plant } from './plant.ts';
import { quantile } from './quantile.ts';
import { keepResult } from './result.ts';

export interface LatencyOptions {
  readonly changesPerSecond: number;
  readonly seconds: number;
}

const P50_MS = 50;
const P99_MS = 250;
/** How often the log is looked at: what is measured is at most so much too long. */
const LOOK_MS = 5;

/**
 * People change work orders at a plant without limits; measured is from MaintainX's answer to a change until the record
 * with that change can be read here, webhook, single read and log in between.
 */
export async function proveLatency(options: LatencyOptions): Promise<void> {
  const plant = await startPlant({
    seed: 1,
    requestsPerMinute: 1_000_000,
    env: { LOG_LEVEL: 'fatal', MILLWRIGHT_POLL_INTERVAL_MS: '3600000', MILLWRIGHT_SWEEP_INTERVAL_MS: '86400000' },
  });
  const installation = await openInstallation(readConfig({ ...process.env, ...plant.env }), createLogger('silent'));
  try {
    await runCommand(['sync', 'status', '--wait', '--timeout', '600'], plant.env);
    const { tenantId } = await tenantByName(installation.database, 'plant');
    const changedAt = new Map<string, number>();
    const reader = followTitles(installation, tenantId, changedAt);
    await changeWorkOrders(plant, options, changedAt);
    await pauseFor(5_000);
    const { took, stop } = reader;
    await stop();
    const at = (share: number): number => quantile(took, share);
    const overtaken = changedAt.size;
    const figures = { changes: options.changesPerSecond * options.seconds, seen: took.length, overtaken };
    const holds = at(0.5) < P50_MS && at(0.99) < P99_MS && took.length > 0.9 * figures.changes;
    keepResult('latency', holds, { ...options, ...figures, p50Ms: at(0.5), p99Ms: at(0.99), mostMs: at(1) });
  } finally {
    await installation.close();
    await plant.stop();
  }
}

/** Gives each work order in turn a title that nobody had before. */
async function changeWorkOrders(
  { url, apiKey, controlUrl }: Plant,
  { changesPerSecond, seconds }: LatencyOptions,
  changedAt: Map<string, number>,
): Promise<void> {
  const ids = await idsOf(controlUrl, 'work-order');
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const change = async (nth: number): Promise<void> => {
    const title = `changed ${nth}`;
    const id = ids[nth % ids.length] ?? 0;
    const body = JSON.stringify({ title });
    const answer = await request(`${url}/workorders/${id}`, { method: 'PATCH', headers, body });
    const at = performance.now();
    await answer.body.dump();
    if (answer.statusCode === 200) changedAt.set(title, at);
  };
  const underWay: Promise<void>[] = [];
  const began = performance.now();
  for (let nth = 0; nth < changesPerSecond * seconds; nth++) {
    const due = began + (nth * 1_000) / changesPerSecond;
    if (due > performance.now()) await pauseFor(due - performance.now());
    underWay.push(change(nth));
  }
  await Promise.all(underWay);
}

interface Reader {
  readonly took: readonly number[];
  readonly stop: () => Promise<void>;
}

/** Follows the log as a reader of it does, and notes how long each title took to get there. */
function followTitles({ store }: Installation, tenantId: string, changedAt: Map<string, number>): Reader {
  const took: number[] = [];
  const ending = new AbortController();
  const follow = async (): Promise<void> => {
    let after = await store.transact(tenantId, (tx) => tx.log.lastSeq());
    while (!ending.signal.aborted) {
      const from = after;
      const events = await store.transact(tenantId, (tx) => tx.log.read(from, 500));
      const now = performance.now();
      for (const event of events) {
        after = event.seq;
        if (event.family !== 'state') continue;
        for (const title of titlesIn(event.data)) {
          const since = changedAt.get(title);
          if (since !== undefined) took.push(Math.max(0, now - since));
          changedAt.delete(title);
        }
      }
      await pauseFor(LOOK_MS);
    }
  };
  const following = follow();
  return {
    took,
    stop: () => {
      ending.abort();
      return following;
    },
  };
}

const titlesIn = (data: string): readonly string[] =>
  [...data.matchAll(/"(changed \d+)"/g)].map(([, title]) => title ?? '');
