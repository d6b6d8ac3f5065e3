import { expect, it } from 'vitest';
import type { InboundTransaction } from '../src/inbound/index.ts';
import { NEVER } from '../src/jobs/index.ts';
import { newId, NOW, upTo, type World } from './store-conformance.ts';
import { deliveryOf, factOf, keyOf, recordAt } from './store-conformance-samples.ts';

/** Writes something into every part of the store. */
async function writeEverywhere(tx: InboundTransaction): Promise<void> {
  tx.leases.wake('guard', NOW);
  await tx.records.write([recordAt(keyOf('1')), recordAt(keyOf('2'))]);
  const arrivals = await tx.deliveries.waiting(10);
  await tx.deliveries.settle(arrivals.map((arrival) => ({ arrival, state: 'parked', reason: 'odd' })));
  await tx.hydrations.want([{ key: keyOf('1'), reason: 'hook', explainedBy: [] }], 7, NOW);
  await tx.cursors.saveWatermark('1', 'asset', NOW, NOW);
  await tx.runs.request(sweep(newId()), ['asset']);
  await tx.log.saveCheckpoint('console', 5);
  await tx.log.append([factOf('a', { factKey: Buffer.from('key') }), factOf('b')]);
}

const sweep = (runId: string) =>
  ({
    runId,
    organizationId: '1',
    what: 'sweep',
    options: { reread: 'none', releaseBrake: false, planOnly: false },
    requestedAt: NOW,
  }) as const;

async function contents(tx: InboundTransaction): Promise<Readonly<Record<string, unknown>>> {
  return {
    records: (await tx.records.page(null, 100)).length,
    deliveries: await tx.deliveries.counts(),
    hydrations: await tx.hydrations.counts(null),
    watermark: await tx.cursors.watermark('1', 'asset'),
    run: await tx.runs.current(null),
    checkpoint: await tx.log.checkpoint('console'),
    lastSeq: await tx.log.lastSeq(),
    facts: (await tx.log.factsByKey([Buffer.from('key')])).size,
  };
}

const NOTHING = {
  records: 0,
  deliveries: { waiting: 0, parked: 0 },
  hydrations: { waiting: 0, parked: 0, held: 0, details: 0 },
  watermark: null,
  run: undefined,
  checkpoint: 0,
  lastSeq: 0,
  facts: 0,
};

export function keepsTransactions({ store, tenant }: World): void {
  const delivered = async (): Promise<string> => {
    const tenantId = await tenant();
    await store().accept([{ ...deliveryOf('{"first":true}'), tenantId }]);
    return tenantId;
  };

  it('commits what was written to every part', async () => {
    const tenantId = await delivered();
    await store().transact(tenantId, writeEverywhere);
    const after = await store().transact(tenantId, contents);
    expect(after).toMatchObject({
      records: 2,
      deliveries: { waiting: 0, parked: 1 },
      watermark: NOW,
      checkpoint: 5,
      lastSeq: 2,
      facts: 1,
    });
  });

  it('leaves nothing of a transaction that fails after it wrote to every part', async () => {
    const tenantId = await delivered();
    const held = await store().leases.claim('guard', 'p', NOW, 1_000, tenantId);
    expect(held).toBeDefined();
    const failed = store().transact(tenantId, async (tx) => {
      await writeEverywhere(tx);
      throw new Error('the last step failed');
    });
    await expect(failed).rejects.toThrow('the last step failed');
    expect(await store().transact(tenantId, contents)).toEqual({ ...NOTHING, deliveries: { waiting: 1, parked: 0 } });
    if (held !== undefined) await store().leases.release(held, NEVER);
    expect(await store().leases.claim('guard', 'q', NOW, 1_000, tenantId)).toBeUndefined();
  });

  it('takes back changes of what was there, not only what is new', async () => {
    const tenantId = await delivered();
    await store().transact(tenantId, writeEverywhere);
    await store().accept([{ ...deliveryOf('{"first":true}'), tenantId }]);
    const before = await store().transact(tenantId, everything);
    const failed = store().transact(tenantId, async (tx) => {
      await tx.records.write([recordAt(keyOf('1'), { version: 2, deletedAt: NOW })]);
      const arrivals = await tx.deliveries.waiting(1);
      await tx.deliveries.settle(arrivals.map((arrival) => ({ arrival, state: 'done' })));
      await tx.hydrations.fulfil([{ key: keyOf('1'), began: 99 }]);
      await tx.cursors.saveWatermark('1', 'asset', NOW + 1, NOW + 1);
      const run = await tx.runs.current(null);
      await tx.runs.finish(run?.runId ?? '', NOW, null);
      await tx.log.saveCheckpoint('console', 6);
      await tx.log.append([factOf('c')]);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await store().transact(tenantId, everything)).toEqual(before);
  });

  it('shows a transaction its own writes, and what it resolves with', async () => {
    const tenantId = await delivered();
    const seen = await store().transact(tenantId, async (tx) => {
      await writeEverywhere(tx);
      return contents(tx);
    });
    expect(seen).toMatchObject({ records: 2, deliveries: { waiting: 0, parked: 1 }, lastSeq: 2 });
  });

  it('shows no tenant what another has', async () => {
    const [mine, theirs] = [await tenant(), await tenant()];
    await store().transact(mine, writeEverywhere);
    expect(await store().transact(theirs, contents)).toEqual(NOTHING);
    await store().transact(theirs, writeEverywhere);
    await store().transact(theirs, async (tx) => {
      await tx.hydrations.fulfil([{ key: keyOf('1'), began: 99 }]);
      await tx.records.write([recordAt(keyOf('1'), { version: 9 })]);
      await tx.log.append([factOf('c')]);
    });
    expect(await store().transact(mine, contents)).toMatchObject({ hydrations: { waiting: 1 }, lastSeq: 2 });
    const held = await store().transact(mine, (tx) => tx.records.lock([keyOf('1')]));
    expect([...held.values()].map((record) => record.version)).toEqual([1]);
  });

  it('gives every read another ticket, and a later one a larger', async () => {
    const before = await store().nextTicket();
    const drawn = await Promise.all(upTo(20).map(() => store().nextTicket()));
    const after = await store().nextTicket();
    expect(new Set(drawn).size).toBe(20);
    expect(Math.min(...drawn)).toBeGreaterThan(before);
    expect(Math.max(...drawn)).toBeLessThan(after);
  });
}

async function everything(tx: InboundTransaction): Promise<unknown> {
  return {
    records: await tx.records.page(null, 100),
    deliveries: (await tx.deliveries.page(null, 100)).map((one) => ({ ...one, body: Buffer.from(one.body) })),
    hydrations: await tx.hydrations.due(null, NOW, 100),
    watermark: await tx.cursors.watermark('1', 'asset'),
    lastPoll: await tx.cursors.lastPoll(null),
    run: await tx.runs.current(null),
    checkpoint: await tx.log.checkpoint('console'),
    events: await tx.log.read(0, 100),
  };
}
