import { expect, it } from 'vitest';
import type { AddressedDelivery, Arrival, Delivery, DeliveryFilter, NewDelivery } from '../src/inbound/index.ts';
import { DAY, newId, NOW, upTo, type World } from './store-conformance.ts';
import { bodiesOf, deliveryOf } from './store-conformance-samples.ts';

function deliveriesIn({ store, tenant }: World) {
  const addressed = (tenantId: string, delivery: NewDelivery): AddressedDelivery => ({ ...delivery, tenantId });
  return {
    store,
    tenant,
    addressed,
    accept: async (tenantId: string, ...all: readonly NewDelivery[]): Promise<void> =>
      void (await store().accept(all.map((one) => addressed(tenantId, one)))),
    waiting: (tenantId: string, limit = 100): Promise<readonly Arrival[]> =>
      store().transact(tenantId, (tx) => tx.deliveries.waiting(limit)),
    page: (tenantId: string, after: string | null = null, limit = 100): Promise<readonly Delivery[]> =>
      store().transact(tenantId, (tx) => tx.deliveries.page(after, limit)),
    counts: (tenantId: string): Promise<object> => store().transact(tenantId, (tx) => tx.deliveries.counts()),
    /** Ends what waits; with a reason all of it is parked. */
    settle: (tenantId: string, reason?: string): Promise<void> =>
      store().transact(tenantId, async (tx) => {
        const arrivals = await tx.deliveries.waiting(100);
        const settled = arrivals.map((arrival) =>
          reason === undefined
            ? ({ arrival, state: 'done' } as const)
            : ({ arrival, state: 'parked', reason } as const),
        );
        await tx.deliveries.settle(settled);
      }),
  };
}

const textsOf = (arrivals: readonly Arrival[]): readonly string[] =>
  bodiesOf(arrivals.map(({ delivery }) => delivery).filter((one) => one !== null));

export function keepsDeliveries(world: World): void {
  takesIn(world);
  handsOut(world);
  lookedThrough(world);
}

function lookedThrough(world: World): void {
  const { store, tenant, accept, waiting, page, counts, settle } = deliveriesIn(world);

  it('sums up the bodies that wait, each as often as it came', async () => {
    const [tenantId, other] = [await tenant(), await tenant()];
    const sum = (): Promise<number> => store().transact(tenantId, (tx) => tx.deliveries.waitingBytes());
    expect(await sum()).toBe(0);
    await accept(tenantId, deliveryOf('{"a":1}'), deliveryOf('{"bb":1}'));
    await accept(tenantId, deliveryOf('{"a":1}'));
    await accept(other, deliveryOf('{"c":1}'));
    expect(await sum()).toBe(7 + 8 + 7);
    const all = await store().transact(tenantId, (tx) => tx.deliveries.page(null, 10));
    await settle(tenantId);
    expect(await sum()).toBe(0);
    let named = 0;
    await store().transact(tenantId, (tx) =>
      tx.deliveries.replay(all, () => `00000000-0000-7000-8000-00000000000${named++}`),
    );
    expect(await sum()).toBe(7 + 8 + 7);
  });

  it('finds one, and those of a state, an event type or a time', async () => {
    const [tenantId, other] = [await tenant(), await tenant()];
    const [early, odd] = [deliveryOf('{"early":1}'), deliveryOf('{"odd":1}', { receivedAt: NOW + 5 })];
    await accept(tenantId, early);
    await settle(tenantId);
    await accept(tenantId, odd);
    await settle(tenantId, 'odd');
    const late = deliveryOf('{"late":1}', { receivedAt: NOW + DAY, eventType: 'NEW_WORK_ORDER' });
    await accept(tenantId, late);
    const idsOf = async (filter: DeliveryFilter): Promise<readonly string[]> => {
      const found = await store().transact(tenantId, (tx) => tx.deliveries.page(null, 10, filter));
      return found.map((one) => one.deliveryId);
    };
    expect(await idsOf({ state: 'done' })).toEqual([early.deliveryId]);
    expect(await idsOf({ state: 'parked' })).toEqual([odd.deliveryId]);
    expect(await idsOf({ state: 'waiting' })).toEqual([late.deliveryId]);
    expect(await idsOf({ state: 'discarded' })).toEqual([]);
    expect(await idsOf({ eventType: 'NEW_WORK_ORDER' })).toEqual([late.deliveryId]);
    expect(await idsOf({ from: NOW + 5 })).toEqual([odd.deliveryId, late.deliveryId]);
    expect(await idsOf({ until: NOW + 5 })).toEqual([early.deliveryId]);
    expect(await idsOf({ from: NOW + 6, until: NOW + DAY })).toEqual([]);
    const find = (id: string, by: string) => store().transact(id, (tx) => tx.deliveries.find(by));
    expect(await find(tenantId, odd.deliveryId)).toMatchObject({ state: 'parked', reason: 'odd' });
    expect([await find(other, odd.deliveryId), await find(tenantId, newId())]).toEqual([undefined, undefined]);
  });

  it('lets a person have one read again, whatever became of it', async () => {
    const tenantId = await tenant();
    await accept(tenantId, deliveryOf('{"done":1}'));
    await settle(tenantId);
    const [done] = await page(tenantId);
    await store().transact(tenantId, (tx) => tx.deliveries.replay(done === undefined ? [] : [done], newId));
    expect(textsOf(await waiting(tenantId))).toEqual(['{"done":1}']);
    expect((await page(tenantId)).map((one) => one.state)).toEqual(['waiting']);
  });

  it('lets a person discard what is parked, and takes it up again when it can be used after all', async () => {
    const tenantId = await tenant();
    await accept(tenantId, deliveryOf('{"odd":1}'));
    const discard = async (): Promise<boolean> => {
      const [one] = await page(tenantId);
      return store().transact(tenantId, async (tx) => one !== undefined && tx.deliveries.discard(one, 'a test'));
    };
    expect(await discard()).toBe(false);
    await settle(tenantId, 'odd');
    expect([await discard(), await counts(tenantId)]).toEqual([true, { waiting: 0, parked: 0 }]);
    const stateOf = async (): Promise<unknown> =>
      (await page(tenantId)).map((one) => [one.state, one.reason, one.discarded]);
    expect(await stateOf()).toEqual([['discarded', 'odd', 'a test']]);
    const again = async (): Promise<void> => {
      const [one] = await page(tenantId);
      await store().transact(tenantId, (tx) => tx.deliveries.replay(one === undefined ? [] : [one], newId));
    };
    await again();
    await settle(tenantId, 'odd still');
    expect(await stateOf()).toEqual([['discarded', 'odd', 'a test']]);
    await again();
    await settle(tenantId);
    expect(await stateOf()).toEqual([['done', null, null]]);
  });
}

function takesIn(world: World): void {
  const { store, tenant, addressed, accept, waiting, page, counts, settle } = deliveriesIn(world);

  it('keeps a delivery as it came, also one whose body came before, and each causes a look', async () => {
    const tenantId = await tenant();
    const first = deliveryOf('{"a":1}', { uriSignature: 'invalid', signedAt: NOW - 1, receivedAt: NOW + 1 });
    const second = deliveryOf('{"a":1}', { signedAt: NOW + 9, receivedAt: NOW + 9 });
    await accept(tenantId, first);
    await accept(tenantId, second);
    const kept = (await page(tenantId)).map((one) => ({ ...one, body: Buffer.from(one.body) }));
    const untouched = { state: 'waiting', reason: null, discarded: null } as const;
    expect(kept).toEqual([first, second].map((one) => ({ ...one, ...untouched })));
    expect(textsOf(await waiting(tenantId))).toEqual(['{"a":1}', '{"a":1}']);
    await settle(tenantId);
    expect((await page(tenantId)).map((one) => one.state)).toEqual(['done', 'done']);
  });

  it('takes in for many tenants at once, and shows each its own; all or none', async () => {
    const tenants = [await tenant(), await tenant(), await tenant()];
    await store().accept(
      tenants.flatMap((id, nth) => upTo(nth + 1).map((one) => addressed(id, deliveryOf(`${nth} ${one}`)))),
    );
    for (const [nth, id] of tenants.entries())
      expect(textsOf(await waiting(id))).toEqual(upTo(nth + 1).map((one) => `${nth} ${one}`));
    expect(await counts(tenants[2] ?? '')).toEqual({ waiting: 3, parked: 0 });
  });

  it('takes in side by side for the same tenants, in whatever order, without a deadlock', async () => {
    const tenants = [await tenant(), await tenant()];
    const batch = (nth: number): readonly AddressedDelivery[] => {
      const all = tenants.flatMap((id) => upTo(8).map((one) => addressed(id, deliveryOf(`${nth} ${one}`))));
      return nth % 2 === 0 ? all : all.reverse();
    };
    await Promise.all(upTo(12).map((nth) => store().accept(batch(nth))));
    for (const id of tenants) expect(await page(id)).toHaveLength(96);
  });

  it('wakes the lane of each tenant', async () => {
    const tenants = [await tenant(), await tenant()];
    for (const id of tenants) {
      const lease = await store().leases.claim('deliver', 'p', NOW, 1_000, id);
      if (lease !== undefined) await store().leases.release(lease, NOW + DAY);
    }
    await (
      await store().accept(tenants.map((id) => addressed(id, deliveryOf('{}'))))
    ).woken;
    for (const id of tenants) expect(await store().leases.claim('deliver', 'q', NOW, 1_000, id)).toBeDefined();
  });
}

function handsOut(world: World): void {
  const { store, tenant, accept, waiting, page, counts, settle } = deliveriesIn(world);

  it('parks what cannot be used, with the first reason; another look may free it', async () => {
    const tenantId = await tenant();
    await accept(tenantId, deliveryOf('{"odd":1}'));
    await settle(tenantId, 'the body is not JSON');
    expect([await waiting(tenantId), await counts(tenantId)]).toEqual([[], { waiting: 0, parked: 1 }]);
    const again = async (): Promise<void> => {
      const [one] = await page(tenantId);
      await store().transact(tenantId, (tx) => tx.deliveries.replay(one === undefined ? [] : [one], newId));
    };
    const stateOf = async (): Promise<unknown> => (await page(tenantId)).map((one) => [one.state, one.reason]);
    await again();
    await settle(tenantId, 'another reason');
    expect(await stateOf()).toEqual([['parked', 'the body is not JSON']]);
    await again();
    expect((await waiting(tenantId)).map((one) => one.delivery?.state)).toEqual(['parked']);
    await settle(tenantId);
    expect([await stateOf(), await counts(tenantId)]).toEqual([[['done', null]], { waiting: 0, parked: 0 }]);
  });

  it('hands out what waits in order of arrival, as many as asked for', async () => {
    const tenantId = await tenant();
    for (const nth of upTo(9)) await accept(tenantId, deliveryOf(`${nth}`));
    expect(textsOf(await waiting(tenantId, 4))).toEqual(['1', '2', '3', '4']);
    const settled = (await waiting(tenantId, 2)).map((arrival) => ({ arrival, state: 'done' }) as const);
    await store().transact(tenantId, (tx) => tx.deliveries.settle(settled));
    expect(textsOf(await waiting(tenantId, 3))).toEqual(['3', '4', '5']);
    expect(await counts(tenantId)).toEqual({ waiting: 7, parked: 0 });
  });

  it('pages through all of them in order of arrival, over days, whatever became of them', async () => {
    const tenantId = await tenant();
    for (const nth of upTo(7))
      await accept(tenantId, deliveryOf(`${nth}`, { receivedAt: NOW + Math.floor(nth / 4) * DAY }));
    const [first] = await waiting(tenantId, 1);
    await store().transact(tenantId, (tx) =>
      tx.deliveries.settle(first === undefined ? [] : [{ arrival: first, state: 'done' }]),
    );
    const paged: Delivery[] = [];
    for (;;) {
      const next = await page(tenantId, paged.at(-1)?.deliveryId ?? null, 3);
      if (next.length === 0) break;
      paged.push(...next);
    }
    expect(bodiesOf(paged)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(paged.map((one) => one.state)).toEqual(['done', ...upTo(6).map(() => 'waiting')]);
  });
}
