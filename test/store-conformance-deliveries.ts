import { expect, it } from 'vitest';
import type { Delivery, NewDelivery } from '../src/inbound/index.ts';
import { NOW, upTo, type World } from './store-conformance.ts';
import { bodiesOf, deliveryOf } from './store-conformance-samples.ts';

export function keepsDeliveries({ store, tenant }: World): void {
  const accept = (tenantId: string, delivery: NewDelivery): Promise<'new' | 'repeat'> =>
    store().transact(tenantId, (tx) => tx.deliveries.accept(delivery));
  const waiting = (tenantId: string, limit = 100): Promise<readonly Delivery[]> =>
    store().transact(tenantId, (tx) => tx.deliveries.waiting(limit));
  const page = (tenantId: string): Promise<readonly Delivery[]> =>
    store().transact(tenantId, (tx) => tx.deliveries.page(null, 100));

  it('keeps a delivery as it came, and knows it when it comes again', async () => {
    const tenantId = await tenant();
    const first = deliveryOf('{"a":1}', { uriSignature: 'invalid', signedAt: NOW - 1, receivedAt: NOW + 1 });
    expect(await accept(tenantId, first)).toBe('new');
    expect(await accept(tenantId, deliveryOf('{"a":1}', { signedAt: NOW + 9, receivedAt: NOW + 9 }))).toBe('repeat');
    const kept = (await page(tenantId)).map((one) => ({ ...one, body: Buffer.from(one.body) }));
    expect(kept).toEqual([{ ...first, state: 'waiting', reason: null, repeats: 1 }]);
  });

  it('takes the same body of another subscription, and other bodies of the same one, for other deliveries', async () => {
    const tenantId = await tenant();
    const subscriptionId = '00000000-0000-7000-8000-00000000000b';
    expect(await accept(tenantId, deliveryOf('{}'))).toBe('new');
    expect(await accept(tenantId, deliveryOf('{}', { subscriptionId }))).toBe('new');
    expect(await accept(tenantId, deliveryOf('{ }'))).toBe('new');
    expect(await page(tenantId)).toHaveLength(3);
  });

  it('keeps one row of a delivery that comes twenty times at once, and counts them all', async () => {
    const tenantId = await tenant();
    const outcomes = await Promise.all(upTo(20).map(() => accept(tenantId, deliveryOf('{"same":true}'))));
    expect(outcomes.filter((outcome) => outcome === 'new')).toHaveLength(1);
    expect((await page(tenantId)).map((one) => one.repeats)).toEqual([19]);
  });

  it('makes a done delivery wait again when it is repeated, and leaves a parked one parked', async () => {
    const tenantId = await tenant();
    const [done, parked] = [deliveryOf('{"done":1}'), deliveryOf('{"parked":1}')];
    await accept(tenantId, done);
    await accept(tenantId, parked);
    await store().transact(tenantId, (tx) =>
      tx.deliveries.settle([
        { deliveryId: done.deliveryId, state: 'done' },
        { deliveryId: parked.deliveryId, state: 'parked', reason: 'the body is not JSON' },
      ]),
    );
    expect(await waiting(tenantId)).toEqual([]);
    await accept(tenantId, deliveryOf('{"done":1}'));
    await accept(tenantId, deliveryOf('{"parked":1}'));
    expect(bodiesOf(await waiting(tenantId))).toEqual(['{"done":1}']);
    expect((await page(tenantId)).map((one) => [one.state, one.reason, one.repeats])).toEqual([
      ['waiting', null, 1],
      ['parked', 'the body is not JSON', 1],
    ]);
  });

  it('hands out what waits in order of arrival, as many as asked for', async () => {
    const tenantId = await tenant();
    for (const nth of upTo(9)) await accept(tenantId, deliveryOf(`${nth}`));
    expect(bodiesOf(await waiting(tenantId, 4))).toEqual(['1', '2', '3', '4']);
    const settled = (await waiting(tenantId, 2)).map(({ deliveryId }) => ({ deliveryId, state: 'done' }) as const);
    await store().transact(tenantId, (tx) => tx.deliveries.settle(settled));
    expect(bodiesOf(await waiting(tenantId, 3))).toEqual(['3', '4', '5']);
    expect(await store().transact(tenantId, (tx) => tx.deliveries.counts())).toEqual({
      waiting: 7,
      done: 2,
      parked: 0,
    });
  });

  it('pages through all of them in order of arrival, whatever became of them', async () => {
    const tenantId = await tenant();
    for (const nth of upTo(7)) await accept(tenantId, deliveryOf(`${nth}`));
    const [first] = await waiting(tenantId, 1);
    await store().transact(tenantId, (tx) =>
      tx.deliveries.settle([{ deliveryId: first?.deliveryId ?? '', state: 'done' }]),
    );
    const paged: Delivery[] = [];
    for (;;) {
      const next = await store().transact(tenantId, (tx) => tx.deliveries.page(paged.at(-1)?.deliveryId ?? null, 3));
      if (next.length === 0) break;
      paged.push(...next);
    }
    expect(bodiesOf(paged)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });
}
