import { request } from 'undici';
import { readConfig } from '../../src/config.ts';
import { createLogger, openInstallation, type Installation } from '../../src/server.ts';
import { tenantByName } from '../../src/tenants/index.ts';
import { runCommand } from './gateway.ts';
import { idsOf, pause, startPlant, type Plant } from './plant.ts';
import { keepResult } from './result.ts';
import { numberIn, objectIn, textIn } from './shapes.ts';

const RECORDS = 1_000;
const CHANGES_EACH = 5;
const SIDE_BY_SIDE = 32;
const MOST_REQUESTS = 60;
/** Requests are counted until none came for so long. */
const QUIET_MS = 15_000;

/**
 * 1,000 work orders change five times each as fast as MaintainX takes it, with a webhook for every change: what does it cost
 * in requests until all of them are here as they ended? What list rows do not show is read five minutes later, and counted
 * apart.
 */
export async function proveBurst(): Promise<void> {
  const plant = await startPlant({
    seed: 1,
    requestsPerMinute: 1_000_000,
    sandbox: ['--plant', 'medium', '--request-log', '20000'],
    env: { LOG_LEVEL: 'warn', MILLWRIGHT_POLL_INTERVAL_MS: '3600000', MILLWRIGHT_SWEEP_INTERVAL_MS: '86400000' },
  });
  const installation = await openInstallation(readConfig({ ...process.env, ...plant.env }), createLogger('silent'));
  try {
    await runCommand(['sync', 'status', '--wait', '--timeout', '900'], plant.env);
    const { tenantId } = await tenantByName(installation.database, 'plant');
    const ids = (await idsOf(plant.controlUrl, 'work-order')).slice(0, RECORDS);
    const before = (await requestsAfter(plant, 0)).at(-1)?.seq ?? 0;
    const began = performance.now();
    await changeAll(plant, ids);
    const burstSeconds = (performance.now() - began) / 1_000;
    await quiet(plant);
    const wrong = await wrongTitles(installation, tenantId, ids);
    const asked = (await requestsAfter(plant, before)).filter(({ method }) => method !== 'PATCH');
    const requests = asked.length;
    const later = await completedLater(installation, tenantId);
    const holds = requests <= MOST_REQUESTS && wrong === 0 && ids.length === RECORDS;
    const hooks = RECORDS * CHANGES_EACH;
    const figures = { hooks, records: ids.length, burstSeconds, requests, byPath: byPath(asked), wrong, later };
    keepResult('burst', holds, figures);
  } finally {
    await installation.close();
    await plant.stop();
  }
}

interface Asked {
  readonly seq: number;
  readonly method: string;
  readonly path: string;
}

/** What MaintainX was asked, by whomever, oldest first. */
async function requestsAfter({ controlUrl }: Plant, after: number): Promise<readonly Asked[]> {
  const log: unknown = await (await fetch(`${controlUrl}/requests?after=${after}`)).json();
  if (!Array.isArray(log)) throw new Error('the sandbox tells no requests');
  return log.map(objectIn).map((one) => ({
    seq: numberIn(one, 'seq'),
    method: textIn(one, 'method'),
    path: textIn(one, 'path'),
  }));
}

/** How often each operation was asked for, ids left out. */
function byPath(asked: readonly Asked[]): Readonly<Record<string, number>> {
  const name = ({ method, path }: Asked): string =>
    `${method} ${path.replace(/\?.*/, '').replaceAll(/\/\d+/g, '/{id}')}`;
  return Object.fromEntries([...Map.groupBy(asked, name)].map(([path, all]) => [path, all.length]));
}

/** In rounds, so that a record's changes lie apart. */
async function changeAll({ url, apiKey }: Plant, ids: readonly number[]): Promise<void> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const wanted = Array.from({ length: CHANGES_EACH }, (_, round) =>
    ids.map((id) => ({ id, title: titleOf(id, round) })),
  ).flat();
  const work = async (): Promise<void> => {
    for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) {
      const body = JSON.stringify({ title: next.title });
      const answer = await request(`${url}/workorders/${next.id}`, { method: 'PATCH', headers, body });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`PATCH answered ${answer.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
}

const titleOf = (id: number, round: number): string => `burst ${id} ${round}`;

/** Waits until no request came for a while. */
async function quiet(plant: Plant): Promise<void> {
  const last = async (): Promise<number> => (await requestsAfter(plant, 0)).at(-1)?.seq ?? 0;
  for (let seen = -1, now = await last(); seen !== now; now = await last()) {
    seen = now;
    await pause(QUIET_MS);
  }
}

async function wrongTitles({ store }: Installation, tenantId: string, ids: readonly number[]): Promise<number> {
  const { organizationId } = await firstWorkOrder(store, tenantId);
  const keys = ids.map((id) => ({ organizationId, kind: 'work-order', recordId: String(id) }) as const);
  const held = await store.transact(tenantId, (tx) => tx.records.lock(keys));
  const titles = new Set([...held.values()].map(({ state }) => state['title']));
  return ids.filter((id) => !titles.has(titleOf(id, CHANGES_EACH - 1))).length;
}

async function firstWorkOrder(store: Installation['store'], tenantId: string): Promise<{ organizationId: string }> {
  const [first] = await store.transact(tenantId, (tx) => tx.records.page(null, 1));
  if (first === undefined) throw new Error('nothing was copied');
  return first.key;
}

/** Records whose list rows were stored and that are read whole when the burst is over. */
const completedLater = ({ store }: Installation, tenantId: string): Promise<number> =>
  store.transact(tenantId, async (tx) => (await tx.hydrations.counts(null)).waiting);
