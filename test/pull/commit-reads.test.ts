import { expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { memoryBlobs } from '../../src/blobs/index.ts';
import { raise } from '../../src/errors.ts';
import { commitReads } from '../../src/inbound/commit-reads.ts';
import type { EnginePorts, Site } from '../../src/inbound/engine.ts';
import { DEFAULT_SETTINGS, type InboundStore } from '../../src/inbound/index.ts';
import type { FinishedRead, ReadTurn } from '../../src/inbound/read-turn.ts';
import type { Hydration } from '../../src/inbound/statements.ts';
import { memoryStore } from '../../src/store/index.ts';

const NOW = Date.UTC(2026, 8, 16, 12);

/** A turn over a store that fails to write record 13, with three wished records read. */
async function worldWith(failure: Error) {
  const store = memoryStore();
  store.admit('t', '1', NOW);
  const lease = await store.leases.claim('hydrate', 'us', NOW, 10_000, 't');
  if (lease === undefined) throw new Error('nobody else is there');
  const broken: InboundStore = {
    ...store,
    transact: (tenantId, work) =>
      store.transact(tenantId, (tx) =>
        work({
          ...tx,
          records: {
            ...tx.records,
            write: (records) =>
              records.some(({ key }) => key.recordId === '13') ? Promise.reject(failure) : tx.records.write(records),
          },
        }),
      ),
  };
  const ports: EnginePorts = {
    blobs: memoryBlobs(),
    store: broken,
    clock: { now: () => NOW, sleep: () => Promise.resolve() },
    random: seededRandom(1),
    siteOf: () => Promise.reject(new Error('nobody asks')),
    log: () => undefined,
    alarm: () => undefined,
    noticed: () => undefined,
  };
  const keys = ['12', '13', '14'].map((recordId) => ({ organizationId: '1', kind: 'category', recordId }) as const);
  await store.transact('t', async (tx) => {
    const wishes = keys.map((key) => ({ key, reason: 'hook', explainedBy: [] }) as const);
    await tx.hydrations.want(wishes, await tx.nextTicket(), NOW);
  });
  const wanted: readonly Hydration[] = await store.transact('t', (tx) => tx.hydrations.due(null, NOW, 10));
  const began = await store.nextTicket();
  const reads: readonly FinishedRead[] = wanted.map((one) => {
    const raw = { id: Number(one.key.recordId), name: `category ${one.key.recordId}` };
    return { wanted: one, raw, began, at: NOW };
  });
  const site = { tenantId: 't', organizationId: '1', requestsPerMinute: 0 } as Site;
  const turn: ReadTurn = { ports, site, lease, signal: new AbortController().signal, settings: DEFAULT_SETTINGS };
  const stored = () =>
    store.transact('t', async (tx) => ({
      records: (await tx.records.page(null, 10)).map(({ key }) => key.recordId),
      waiting: (await tx.hydrations.due(null, NOW, 10)).map(({ key }) => key.recordId).sort(),
      events: await tx.log.lastSeq(),
    }));
  return { turn, reads, stored };
}

it('a read that cannot be stored keeps back none of those that ended with it', async () => {
  const { turn, reads, stored } = await worldWith(new Error('no such letter'));
  const unstored = await commitReads(turn, reads);
  expect(unstored.map(({ read, error }) => [read.wanted.key.recordId, String(error)])).toEqual([
    ['13', 'Error: no such letter'],
  ]);
  expect(await stored()).toEqual({ records: ['12', '14'], waiting: ['13'], events: 2 });
});

it('a database that is away is no fault of any of them: nothing is tried one by one', async () => {
  const { turn, reads, stored } = await worldWith(raise('database-unavailable', 'it is away'));
  await expect(commitReads(turn, reads)).rejects.toMatchObject({ code: 'database-unavailable' });
  expect(await stored()).toEqual({ records: [], waiting: ['12', '13', '14'], events: 0 });
});
