import { expect, it } from 'vitest';
import { keyText, type RecordKey } from '../src/records/index.ts';
import type { InboundTransaction } from '../src/inbound/index.ts';
import type { Except, Hydration, ReadReason } from '../src/inbound/statements.ts';
import { HOUR, newId, NOW, upTo, type World } from './store-conformance.ts';
import { keyOf, recordAt } from './store-conformance-samples.ts';

const MOST_EXPLANATIONS = 50;
const DAY = 24 * 3_600_000;

export function keepsHydrations(world: World): void {
  mergesWishes(world);
  fulfilsWishes(world);
  setsAside(world);
  holdsBack(world);
}

interface Wishing {
  readonly reason?: ReadReason;
  readonly explainedBy?: readonly string[];
  readonly ticket?: number;
  readonly now?: number;
}

/** The hydration statements of a tenant of its own, each in a transaction of its own. */
async function wishes({ store, tenant }: World) {
  const tenantId = await tenant();
  return {
    want: (key: RecordKey, { reason = 'hook', explainedBy = [], ticket = 10, now = NOW }: Wishing = {}) =>
      store().transact(tenantId, (tx) => tx.hydrations.want([{ key, reason, explainedBy }], ticket, now)),
    due: (now = NOW, limit = 100): Promise<readonly Hydration[]> =>
      store().transact(tenantId, (tx) => tx.hydrations.due(null, now, limit)),
    fulfil: async (key: RecordKey, began: number): Promise<boolean> =>
      (await store().transact(tenantId, (tx) => tx.hydrations.fulfil([{ key, began }]))).size === 0,
    postpone: (key: RecordKey, at: number) => store().transact(tenantId, (tx) => tx.hydrations.postpone(key, at)),
    park: (key: RecordKey) => store().transact(tenantId, (tx) => tx.hydrations.park(key, 'refused', NOW + DAY)),
    counts: () => store().transact(tenantId, (tx) => tx.hydrations.counts(null)),
    nextDueAt: () => store().transact(tenantId, (tx) => tx.hydrations.nextDueAt(null)),
    oldestWishAt: () => store().transact(tenantId, (tx) => tx.hydrations.oldestWishAt()),
    transact: (work: (tx: InboundTransaction) => Promise<void>): Promise<void> => store().transact(tenantId, work),
  };
}

const A = keyOf('1');
const B = keyOf('2');

function mergesWishes(world: World): void {
  it('makes one wish of several about a record: most urgent reason, all explanations, latest ticket', async () => {
    const { want, due } = await wishes(world);
    const [first, second] = [newId(), newId()];
    await want(A, { reason: 'reread', explainedBy: [first], ticket: 3, now: NOW });
    await want(A, { reason: 'recheck', explainedBy: [second], ticket: 5, now: NOW + 1 });
    await want(A, { reason: 'suspect', ticket: 6, now: NOW + 2 });
    expect(await due(NOW + 2)).toMatchObject([
      {
        key: A,
        reason: 'recheck',
        explainedBy: [first, second],
        wanted: 6,
        attempts: 0,
        wishedAt: NOW,
        dueAt: NOW,
      },
    ]);
  });

  it('makes one wish of several about a record in one call', async () => {
    const { transact, due } = await wishes(world);
    const [first, second] = [newId(), newId()];
    await transact((tx) =>
      tx.hydrations.want(
        [
          { key: A, reason: 'detail', explainedBy: [first] },
          { key: B, reason: 'detail', explainedBy: [] },
          { key: A, reason: 'hook', explainedBy: [second] },
        ],
        4,
        NOW,
      ),
    );
    const found = await due();
    expect(found.map(({ key, reason, explainedBy }) => ({ key, reason, explainedBy }))).toEqual([
      { key: A, reason: 'hook', explainedBy: [first, second] },
      { key: B, reason: 'detail', explainedBy: [] },
    ]);
  });

  it('takes no wishes for none', async () => {
    const { transact, counts } = await wishes(world);
    await transact((tx) => tx.hydrations.want([], 1, NOW));
    expect(await counts()).toMatchObject({ waiting: 0, parked: 0 });
  });

  it('keeps the latest ticket, in whatever order the wishes commit', async () => {
    const { want, fulfil, counts } = await wishes(world);
    await want(A, { ticket: 7 });
    await want(A, { ticket: 5 });
    await fulfil(A, 6);
    expect(await counts()).toMatchObject({ waiting: 1, parked: 0 });
  });

  it(`remembers the first ${MOST_EXPLANATIONS} explanations`, async () => {
    const { want, due } = await wishes(world);
    const facts = upTo(MOST_EXPLANATIONS + 30).map(() => newId());
    await want(A, { explainedBy: facts.slice(0, 20) });
    await want(A, { explainedBy: facts.slice(20) });
    await want(B, { explainedBy: facts });
    for (const one of await due()) expect(one.explainedBy).toEqual(facts.slice(0, MOST_EXPLANATIONS));
  });
}

function fulfilsWishes(world: World): void {
  it('fulfils a wish only by a read that began after it', async () => {
    const { want, fulfil, due } = await wishes(world);
    await want(A, { ticket: 10 });
    await fulfil(A, 9);
    await fulfil(A, 10);
    expect(await due()).toHaveLength(1);
    await fulfil(A, 11);
    expect(await due()).toEqual([]);
  });

  it('keeps a wish that came while the read was under way', async () => {
    const { want, fulfil, due } = await wishes(world);
    await want(A, { ticket: 10 });
    await want(A, { ticket: 13 });
    await fulfil(A, 12);
    expect((await due()).map((one) => one.wanted)).toEqual([13]);
  });

  it('fulfils one record’s wish and no other’s', async () => {
    const { want, fulfil, due } = await wishes(world);
    for (const key of [A, B, keyOf('1', 'asset'), keyOf('1', 'work-order', '2')]) await want(key);
    await fulfil(A, 99);
    await fulfil(keyOf('77'), 99);
    expect((await due()).map((one) => one.key)).toHaveLength(3);
  });

  it('fulfils several at once, each by its own read, and says which wishes came later', async () => {
    const { want, transact, due } = await wishes(world);
    await want(A, { ticket: 10 });
    await want(B, { ticket: 20 });
    const reads = [B, keyOf('77'), A].map((key) => ({ key, began: 15 }));
    await transact(async (tx) => expect([...(await tx.hydrations.fulfil(reads))]).toEqual([keyText(B)]));
    expect((await due()).map((one) => one.key)).toEqual([B]);
    await transact(async (tx) => expect(await tx.hydrations.fulfil([])).toEqual(new Set()));
  });

  it('remembers the latest time that a webhook told, whatever asks besides', async () => {
    const { want, transact, due } = await wishes(world);
    const tell = (key: RecordKey, toldAt: number): Promise<void> =>
      transact((tx) => tx.hydrations.want([{ key, reason: 'hook', explainedBy: [], toldAt }], 5, NOW));
    await tell(A, 2_000);
    await tell(A, 1_000);
    await want(A, { reason: 'detail' });
    await want(B, { reason: 'detail' });
    expect((await due()).map((one) => one.toldAt)).toEqual([2_000, null]);
    await tell(B, 3_000);
    expect((await due()).map((one) => one.toldAt)).toEqual([2_000, 3_000]);
  });

  it('puts off a new wish till its time, and neither hastens nor delays one that waits', async () => {
    const { want, transact, due, nextDueAt } = await wishes(world);
    const later = (key: RecordKey, notBefore: number): Promise<void> =>
      transact((tx) => tx.hydrations.want([{ key, reason: 'change', explainedBy: [], notBefore }], 5, NOW));
    await want(A);
    await later(A, NOW + HOUR);
    await later(B, NOW + HOUR);
    expect((await due()).map((one) => one.key)).toEqual([A]);
    await later(B, NOW + 1);
    expect((await due(NOW + HOUR - 1)).map((one) => one.key)).toEqual([A]);
    expect(await nextDueAt()).toBe(NOW);
    await want(B, { reason: 'hook', now: NOW + 2 });
    expect((await due(NOW + 2)).map((one) => one.key)).toEqual([A, B]);
  });

  it('hands out what is due, most urgent and then longest wanted first', async () => {
    const { want, due } = await wishes(world);
    await want(keyOf('1'), { reason: 'reread', ticket: 1 });
    await want(keyOf('2'), { reason: 'suspect', ticket: 2 });
    await want(keyOf('3'), { reason: 'detail', ticket: 3 });
    await want(keyOf('4'), { reason: 'recheck', ticket: 4 });
    await want(keyOf('6'), { reason: 'hook', ticket: 6 });
    await want(keyOf('5'), { reason: 'hook', ticket: 5 });
    await want(keyOf('7'), { reason: 'hook', ticket: 7, now: NOW + HOUR });
    expect((await due()).map((one) => one.key.recordId)).toEqual(['5', '6', '4', '3', '2', '1']);
    expect((await due(NOW, 2)).map((one) => one.key.recordId)).toEqual(['5', '6']);
  });
}

function setsAside(world: World): void {
  it('tells when the next wish is due and when the oldest was made', async () => {
    const { want, postpone, nextDueAt, oldestWishAt } = await wishes(world);
    expect([await nextDueAt(), await oldestWishAt()]).toEqual([null, null]);
    await want(A, { now: NOW });
    await want(B, { now: NOW + 5 });
    expect([await nextDueAt(), await oldestWishAt()]).toEqual([NOW, NOW]);
    await postpone(A, NOW + HOUR);
    expect([await nextDueAt(), await oldestWishAt()]).toEqual([NOW + 5, NOW]);
  });

  it('lets a re-read make a postponed wish due at once, and no other wish of a run', async () => {
    const { want, postpone, due } = await wishes(world);
    await want(A, { reason: 'suspect' });
    await postpone(A, NOW + HOUR);
    for (const reason of ['recheck', 'change', 'detail', 'suspect'] as const) await want(A, { reason });
    expect(await due()).toEqual([]);
    await want(A, { reason: 'reread' });
    expect(await due()).toMatchObject([{ key: A, attempts: 1, dueAt: NOW }]);
  });

  it('postpones a wish, counts the try, and lets a hook make it due at once', async () => {
    const { want, postpone, due } = await wishes(world);
    await want(A, { reason: 'detail', ticket: 1 });
    await postpone(A, NOW + HOUR);
    expect(await due()).toEqual([]);
    await want(A, { reason: 'recheck', ticket: 2 });
    expect(await due()).toEqual([]);
    expect((await due(NOW + HOUR)).map((one) => [one.reason, one.attempts])).toEqual([['recheck', 1]]);
    await want(A, { reason: 'hook', ticket: 3 });
    expect((await due()).map((one) => [one.reason, one.attempts, one.dueAt])).toEqual([['hook', 1, NOW]]);
  });

  it('parks a wish until a hook asks again; a sweep does not', async () => {
    const { want, park, due, counts, nextDueAt, oldestWishAt } = await wishes(world);
    await want(A);
    await park(A);
    expect(await counts()).toMatchObject({ waiting: 0, parked: 1 });
    expect([await due(NOW + HOUR), await nextDueAt(), await oldestWishAt()]).toEqual([[], null, null]);
    await want(A, { reason: 'suspect', ticket: 11 });
    expect(await counts()).toMatchObject({ waiting: 0, parked: 1 });
    await want(A, { reason: 'hook', ticket: 12 });
    expect(await counts()).toMatchObject({ waiting: 1, parked: 0 });
    expect((await due()).map((one) => [one.key, one.wanted])).toEqual([[A, 12]]);
  });

  it('tries a parked wish again when a re-read asks for it, or anything after a day', async () => {
    const { want, park, due } = await wishes(world);
    for (const reason of ['reread', 'suspect'] as const) {
      await want(A);
      await park(A);
      await want(A, { reason, ticket: 20, now: reason === 'reread' ? NOW : NOW + DAY });
      expect((await due(NOW + DAY)).map((one) => [one.key, one.attempts])).toEqual([[A, 0]]);
    }
  });

  it('leaves alone what is excepted', async () => {
    const { want, transact } = await wishes(world);
    await want(A, { reason: 'detail', now: NOW });
    await want(keyOf('3', 'asset'), { reason: 'hook', now: NOW + 1 });
    await transact(async (tx) => {
      const due = async (except: Except): Promise<readonly string[]> =>
        (await tx.hydrations.due(null, NOW + 9, 10, except)).map((one) => one.key.kind);
      expect(await due({ reasons: ['detail'], kinds: [] })).toEqual(['asset']);
      expect(await due({ reasons: [], kinds: ['asset'] })).toEqual(['work-order']);
      expect(await tx.hydrations.nextDueAt(null, { reasons: ['detail'], kinds: [] })).toBe(NOW + 1);
      expect(await tx.hydrations.nextDueAt(null, { reasons: ['detail'], kinds: ['asset'] })).toBeNull();
    });
  });

  it('tells the wishes of two organisations apart, and forgets those of one', async () => {
    const { want, transact } = await wishes(world);
    await want(keyOf('1', 'asset', '1'), { now: NOW });
    await want(keyOf('1', 'asset', '2'), { now: NOW + 1 });
    await transact(async ({ hydrations }) => {
      const due = async (organizationId: string | null): Promise<readonly string[]> =>
        (await hydrations.due(organizationId, NOW + 9, 10)).map((one) => one.key.organizationId);
      expect([await due('1'), await due('2'), await due(null), await due('3')]).toEqual([['1'], ['2'], ['1', '2'], []]);
      expect([await hydrations.nextDueAt('2'), await hydrations.nextDueAt('3')]).toEqual([NOW + 1, null]);
      expect([(await hydrations.counts('2')).waiting, (await hydrations.counts(null)).waiting]).toEqual([1, 2]);
      await hydrations.dropAll('1');
      expect(await due(null)).toEqual(['2']);
    });
  });

  it('forgets the wishes to complete list rows, and no others', async () => {
    const { want, transact, due } = await wishes(world);
    await want(A, { reason: 'detail' });
    await want(B, { reason: 'change' });
    await transact((tx) => tx.hydrations.dropDetails());
    expect((await due()).map((one) => one.reason)).toEqual(['change']);
  });

  it('counts the doubts besides the tries, and whether a wish is gone', async () => {
    const { want, transact, due, fulfil } = await wishes(world);
    await want(A);
    await transact((tx) => tx.hydrations.doubt(A, NOW));
    await transact((tx) => tx.hydrations.postpone(A, NOW));
    expect((await due()).map((one) => [one.attempts, one.doubts])).toEqual([[2, 1]]);
    expect([await fulfil(A, 5), await fulfil(A, 99), await fulfil(A, 99)]).toEqual([false, true, true]);
  });
}

function holdsBack(world: World): void {
  it('holds suspects for a person, and not what waits already; released they are read and believed', async () => {
    const { want, transact, due, counts } = await wishes(world);
    const C = keyOf('3', 'asset');
    await want(B, { reason: 'hook' });
    await transact((tx) => tx.hydrations.hold([A, B, C], 20, NOW));
    expect(await counts()).toEqual({ waiting: 1, parked: 0, held: 2, details: 0 });
    await transact(async (tx) => {
      expect(await tx.hydrations.held()).toEqual([
        { kind: 'asset', records: 1 },
        { kind: 'work-order', records: 1 },
      ]);
    });
    await want(A, { reason: 'suspect', ticket: 21, now: NOW + 2 * DAY });
    expect(await counts()).toMatchObject({ waiting: 1, held: 2 });
    await transact(async (tx) => {
      expect(await tx.hydrations.isReleased(C)).toBe(false);
      expect(await tx.hydrations.release('asset', NOW + 5)).toBe(1);
      expect(await tx.hydrations.isReleased(C)).toBe(true);
      expect([await tx.hydrations.isReleased(A), await tx.hydrations.isReleased(keyOf('99'))]).toEqual([false, false]);
    });
    expect((await due(NOW + 5)).map((one) => [one.key.recordId, one.released])).toEqual([
      ['2', false],
      ['3', true],
    ]);
    await transact(async (tx) => expect(await tx.hydrations.release(null, NOW + 6)).toBe(1));
    expect(await counts()).toMatchObject({ waiting: 3, held: 0 });
  });

  it('forgets the held ones of a kind when a new sweep decides; a person’s wish lets a held one be read', async () => {
    const { transact, due, counts } = await wishes(world);
    const C = keyOf('3', 'asset');
    await transact((tx) => tx.hydrations.hold([A, B, C], 20, NOW));
    await transact((tx) => tx.hydrations.dropHeld('1', 'work-order'));
    await transact((tx) => tx.hydrations.dropHeld('2', 'asset'));
    expect(await counts()).toMatchObject({ waiting: 0, held: 1 });
    const released = { key: C, reason: 'suspect', explainedBy: [], released: true } as const;
    await transact((tx) => tx.hydrations.want([released], 30, NOW + 1));
    expect((await due(NOW + 1)).map((one) => [one.key, one.released])).toEqual([[C, true]]);
  });

  it('shows what is left to a person, without what the brake holds, and forgets what he discards', async () => {
    const { want, transact, counts } = await wishes(world);
    const C = keyOf('3', 'asset');
    await want(B, { now: NOW + 1 });
    await want(A, { now: NOW });
    await transact((tx) => tx.hydrations.hold([C], 20, NOW));
    await transact((tx) => tx.hydrations.park(A, 'no JSON', NOW + DAY));
    await transact(async (tx) => {
      expect(await tx.hydrations.parked(10)).toEqual([{ key: A, reason: 'no JSON', attempts: 1, wishedAt: NOW }]);
      expect([await tx.hydrations.discard(B), await tx.hydrations.discard(C)]).toEqual([false, false]);
      expect([await tx.hydrations.discard(A), await tx.hydrations.discard(A)]).toEqual([true, false]);
      expect(await tx.hydrations.parked(10)).toEqual([]);
    });
    expect(await counts()).toMatchObject({ waiting: 1, parked: 0, held: 1 });
  });

  it('withholds what cannot be believed yet: it does not wait, comes back by itself, and sooner when asked for', async () => {
    const { want, transact, due, counts } = await wishes(world);
    const C = keyOf('3', 'asset');
    for (const key of [A, B, C]) await want(key, { reason: 'suspect', ticket: 20 });
    await transact((tx) => tx.hydrations.withhold(A, NOW + DAY));
    await transact((tx) => tx.hydrations.withhold(B, NOW + 2 * DAY));
    await transact((tx) => tx.hydrations.withhold(C, NOW + 3 * DAY));
    expect(await counts()).toEqual({ waiting: 0, parked: 0, held: 0, details: 0 });
    await transact(async (tx) => {
      expect(await tx.hydrations.oldestWishAt()).toBeNull();
      expect(await tx.hydrations.nextDueAt(null)).toBe(NOW + DAY);
      expect(await tx.hydrations.withheld()).toEqual([
        { kind: 'asset', records: 1, until: NOW + 3 * DAY },
        { kind: 'work-order', records: 2, until: NOW + DAY },
      ]);
    });
    await want(C, { reason: 'suspect', ticket: 21 });
    expect([await due(NOW), (await due(NOW + DAY)).map((one) => one.key)]).toEqual([[], [A]]);
    await want(B, { reason: 'hook', ticket: 22 });
    await transact((tx) => tx.hydrations.postpone(A, NOW + 2 * DAY));
    expect(await counts()).toMatchObject({ waiting: 2, held: 0 });
    await transact(async (tx) => expect(await tx.hydrations.release('work-order', NOW + 5)).toBe(0));
    await transact(async (tx) => expect(await tx.hydrations.release('asset', NOW + 5)).toBe(1));
    expect((await due(NOW + 5)).map((one) => [one.key, one.released])).toEqual([
      [B, false],
      [C, true],
    ]);
    await transact(async (tx) => expect(await tx.hydrations.withheld()).toEqual([]));
  });

  it('names living records of the kind that nobody suspects, to tell deletion from lost permission', async () => {
    const { transact } = await wishes(world);
    await transact(async (tx) => {
      await tx.records.write([
        ...['10', '20', '30', '40', '50'].map((id) => recordAt(keyOf(id))),
        recordAt(keyOf('60'), { deletedAt: NOW }),
        recordAt(keyOf('25', 'asset')),
      ]);
      await tx.hydrations.want([{ key: keyOf('40'), reason: 'suspect', explainedBy: [] }], 5, NOW);
      await tx.hydrations.want([{ key: keyOf('50'), reason: 'hook', explainedBy: [] }], 5, NOW);
      expect(await tx.hydrations.probesFor(keyOf('30'), 3)).toEqual(['50', '10', '20']);
      expect(await tx.hydrations.probesFor(keyOf('30'), 1)).toEqual(['50']);
      expect(await tx.hydrations.probesFor(keyOf('25', 'asset'), 3)).toEqual([]);
    });
  });
}
