import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type InboundTransaction, type KindProgress, type RunKind } from '../src/inbound/index.ts';
import type { ListedKind } from '../src/maintainx/index.ts';
import { HOUR, newId, NOW, upTo, type World } from './store-conformance.ts';
import { keyOf, recordAt } from './store-conformance-samples.ts';

export function keepsSettings({ store, tenant }: World): void {
  it('gives what was written last, and the defaults before', async () => {
    const tenantId = await tenant();
    const read = () => store().transact(tenantId, (tx) => tx.settings.read());
    expect(await read()).toEqual(DEFAULT_SETTINGS);
    const chosen = {
      ...DEFAULT_SETTINGS,
      kinds: BOTH,
      since: NOW,
      details: 'none',
      rereadMs: { vendor: HOUR },
    } as const;
    await store().transact(tenantId, (tx) => tx.settings.write(DEFAULT_SETTINGS));
    await store().transact(tenantId, (tx) => tx.settings.write(chosen));
    expect(await read()).toEqual(chosen);
  });
}

export function keepsAccess({ store, tenant }: World): void {
  it('notes a refused key once, lets one caller try it at a time, and forgets it when it is taken', async () => {
    const tenantId = await tenant();
    const refusal = (organization: string | null = '1') =>
      store().transact(tenantId, (tx) => tx.access.refusal(organization));
    const refuse = (now: number) =>
      store().transact(tenantId, (tx) => tx.access.refuse('1', 'Invalid token', now, now + 10));
    const claim = (now: number) => store().transact(tenantId, (tx) => tx.access.claimTry('1', now, now + 100));
    expect([await refusal(), await claim(NOW)]).toEqual([null, false]);
    expect([await refuse(NOW), await refuse(NOW + 5)]).toEqual(['first', 'again']);
    expect(await refusal()).toEqual({ since: NOW, retryAt: NOW + 15, attempts: 2, reason: 'Invalid token' });
    expect([await refusal('2'), (await refusal(null))?.since]).toEqual([null, NOW]);
    expect([await claim(NOW + 14), await claim(NOW + 15), await claim(NOW + 16)]).toEqual([false, true, false]);
    expect((await refusal())?.retryAt).toBe(NOW + 115);
    await store().transact(tenantId, (tx) => tx.access.accept('1'));
    expect(await refusal()).toBeNull();
    expect(await refuse(NOW + 200)).toBe('first');
  });

  it('knows when the key or the permission for a kind last changed', async () => {
    const tenantId = await tenant();
    const note = (scope: ListedKind | '*', at: number) =>
      store().transact(tenantId, (tx) => tx.access.noteChange('1', scope, at));
    const changedAt = (kind: ListedKind) => store().transact(tenantId, (tx) => tx.access.changedAt('1', kind));
    expect(await changedAt('asset')).toBeNull();
    await note('asset', NOW + 5);
    expect([await changedAt('asset'), await changedAt('part')]).toEqual([NOW + 5, null]);
    await note('*', NOW + 3);
    expect([await changedAt('asset'), await changedAt('part')]).toEqual([NOW + 5, NOW + 3]);
    expect(await store().transact(tenantId, (tx) => tx.access.refusal('1'))).toBeNull();
  });
}

export function keepsCursors({ store, tenant }: World): void {
  it('tells a poll that went through from one that was only tried', async () => {
    const tenantId = await tenant();
    await store().transact(tenantId, (tx) => tx.cursors.attempted('1', 'asset', NOW));
    const times = () =>
      store().transact(tenantId, async (tx) => [
        await tx.cursors.watermark('1', 'asset'),
        await tx.cursors.polledAt('1', 'asset'),
        await tx.cursors.succeededAt('1', 'asset'),
      ]);
    expect(await times()).toEqual([null, null, null]);
    await store().transact(tenantId, (tx) => tx.cursors.saveWatermark('1', 'asset', NOW - HOUR, NOW));
    await store().transact(tenantId, (tx) => tx.cursors.attempted('1', 'asset', NOW + 9));
    expect(await times()).toEqual([NOW - HOUR, NOW + 9, NOW]);
  });

  it('moves a watermark forward and never back', async () => {
    const tenantId = await tenant();
    const save = (kind: ListedKind, watermark: number, organization = '1'): Promise<void> =>
      store().transact(tenantId, (tx) => tx.cursors.saveWatermark(organization, kind, watermark, NOW));
    const watermark = (kind: ListedKind, organization = '1'): Promise<number | null> =>
      store().transact(tenantId, (tx) => tx.cursors.watermark(organization, kind));
    expect(await watermark('asset')).toBeNull();
    await save('asset', NOW);
    await save('asset', NOW - HOUR);
    expect(await watermark('asset')).toBe(NOW);
    await save('asset', NOW + 1);
    await save('part', NOW - HOUR);
    await save('asset', NOW + HOUR, '2');
    expect([await watermark('asset'), await watermark('part'), await watermark('asset', '2')]).toEqual([
      NOW + 1,
      NOW - HOUR,
      NOW + HOUR,
    ]);
  });

  it('tells when the kind was polled that waited longest, moved or not', async () => {
    const tenantId = await tenant();
    const lastPoll = (): Promise<number | null> => store().transact(tenantId, (tx) => tx.cursors.lastPoll(null));
    expect(await lastPoll()).toBeNull();
    await store().transact(tenantId, (tx) => tx.cursors.saveWatermark('1', 'asset', NOW, NOW));
    await store().transact(tenantId, (tx) => tx.cursors.saveWatermark('1', 'part', NOW, NOW + 5));
    expect(await lastPoll()).toBe(NOW);
    await store().transact(tenantId, (tx) => tx.cursors.saveWatermark('1', 'asset', NOW - HOUR, NOW + 9));
    expect(await lastPoll()).toBe(NOW + 5);
    const lastOf = (id: string) => store().transact(tenantId, (tx) => tx.cursors.lastPoll(id));
    expect([await lastOf('1'), await lastOf('2')]).toEqual([NOW + 5, null]);
  });
}

const OPTIONS = { reread: 'untimed', releaseBrake: true, planOnly: false } as const;
const wish = (what: RunKind, requestedAt = NOW, organizationId = '1') =>
  ({ runId: newId(), organizationId, what, options: OPTIONS, requestedAt }) as const;

const part = (kind: ListedKind, change: Partial<KindProgress> = {}): KindProgress => ({
  kind,
  state: 'listing',
  cursor: 'c1',
  mark: 'c0',
  loops: 1,
  pages: 3,
  rows: 600,
  requests: 4,
  expected: 700,
  atLeast: true,
  suspects: 2,
  braked: true,
  refused: 'no',
  startedAt: NOW,
  ...change,
});

const PLAN = {
  requests: 9,
  surveyRequests: 4,
  pollRequests: 1,
  minutes: 0.1,
  requestsPerMinute: 100,
  perKind: [{ kind: 'asset', records: 700, pages: 4, details: 700, atLeast: true }],
} as const;

/** A kind that a run has not begun with. */
const UNTOUCHED: Partial<KindProgress> = {
  state: 'waiting',
  cursor: null,
  mark: null,
  loops: 0,
  pages: 0,
  rows: 0,
  requests: 0,
  expected: null,
  atLeast: false,
  suspects: 0,
  braked: false,
  refused: null,
  startedAt: null,
};

const BOTH: readonly ListedKind[] = ['vendor', 'asset'];

export function keepsRuns({ store, tenant }: World): void {
  it('keeps one run of a sort under way: who asks again gets that one', async () => {
    const tenantId = await tenant();
    const asked = await Promise.all(
      upTo(8).map(() => store().transact(tenantId, (tx) => tx.runs.request(wish('sweep'), BOTH))),
    );
    expect(new Set(asked.map((run) => run.runId)).size).toBe(1);
    const backfill = await store().transact(tenantId, (tx) => tx.runs.request(wish('backfill'), BOTH));
    expect(backfill.what).toBe('backfill');
  });

  it('keeps a run’s options and progress, finds it, and starts anew once it is finished', async () => {
    const tenantId = await tenant();
    const asked = wish('sweep');
    const waits = BOTH.map((kind) => part(kind, UNTOUCHED));
    const open = { state: 'requested', surveyedAt: null, plan: null, finishedAt: null, reason: null };
    const fresh = { ...asked, ...open, progress: waits };
    expect(await store().transact(tenantId, (tx) => tx.runs.request(asked, BOTH))).toEqual(fresh);
    const progress = [part('vendor', UNTOUCHED), part('asset')];
    await store().transact(tenantId, (tx) => tx.runs.save(asked.runId, part('asset')));
    const find = (tx: InboundTransaction) => tx.runs.find(asked.runId);
    expect(await store().transact(tenantId, find)).toEqual({ ...fresh, state: 'running', progress });
    await store().transact(tenantId, (tx) => tx.runs.finish(asked.runId, NOW + HOUR, 'vendor: refused'));
    expect(await store().transact(tenantId, find)).toMatchObject({
      state: 'done',
      finishedAt: NOW + HOUR,
      reason: 'vendor: refused',
      progress,
    });
    expect(await store().transact(tenantId, (tx) => tx.runs.current(null))).toBeUndefined();
    const next = await store().transact(tenantId, (tx) => tx.runs.request(wish('sweep', NOW + 1), BOTH));
    expect(next.runId).not.toBe(asked.runId);
    expect(await store().transact(tenantId, (tx) => tx.runs.find(newId()))).toBeUndefined();
  });

  it('does a backfill before a sweep, even one that was asked for earlier', async () => {
    const tenantId = await tenant();
    await store().transact(tenantId, (tx) => tx.runs.request(wish('sweep', NOW - HOUR), BOTH));
    const backfill = await store().transact(tenantId, (tx) => tx.runs.request(wish('backfill', NOW), BOTH));
    expect(await store().transact(tenantId, (tx) => tx.runs.current(null))).toEqual(backfill);
  });

  it('keeps the cost of a run, and lets one rest whose cost alone was asked for until it is told to go', async () => {
    const tenantId = await tenant();
    const asked = { ...wish('backfill'), options: { ...wish('backfill').options, planOnly: true } };
    const current = () => store().transact(tenantId, (tx) => tx.runs.current(null));
    await store().transact(tenantId, (tx) => tx.runs.request(asked, BOTH));
    expect((await current())?.runId).toBe(asked.runId);
    await store().transact(tenantId, (tx) => tx.runs.surveyed(asked.runId, NOW + 5, PLAN));
    expect(await current()).toBeUndefined();
    const unfinished = await store().transact(tenantId, (tx) => tx.runs.unfinished(null, 'backfill'));
    expect(unfinished).toMatchObject({ runId: asked.runId, surveyedAt: NOW + 5, plan: PLAN });
    await store().transact(tenantId, (tx) => tx.runs.go(asked.runId));
    expect(await current()).toMatchObject({ runId: asked.runId, options: { planOnly: false, reread: 'untimed' } });
  });

  it('keeps the runs of two organisations apart', async () => {
    const tenantId = await tenant();
    const runs = <Result>(work: (on: InboundTransaction['runs']) => Promise<Result>): Promise<Result> =>
      store().transact(tenantId, (tx) => work(tx.runs));
    const one = await runs((on) => on.request(wish('sweep', NOW, '1'), BOTH));
    const other = await runs((on) => on.request(wish('sweep', NOW, '2'), BOTH));
    expect(other.runId).not.toBe(one.runId);
    expect((await runs((on) => on.current('1')))?.runId).toBe(one.runId);
    expect((await runs((on) => on.unfinished('2', 'sweep')))?.runId).toBe(other.runId);
    expect(await runs((on) => on.current('3'))).toBeUndefined();
    await runs((on) => on.finish(one.runId, NOW + 5, null));
    expect(await runs((on) => on.current('1'))).toBeUndefined();
    expect((await runs((on) => on.current(null)))?.runId).toBe(other.runId);
    expect(await runs((on) => on.lastFinished('1', 'sweep'))).toBe(NOW + 5);
    // Of all together only when each of them has had one, and then the earliest.
    expect(await runs((on) => on.lastFinished(null, 'sweep'))).toBeNull();
    await runs((on) => on.finish(other.runId, NOW + 9, null));
    expect(await runs((on) => on.lastFinished(null, 'sweep'))).toBe(NOW + 5);
    expect((await runs((on) => on.last('2', 'sweep')))?.runId).toBe(other.runId);
  });

  it('finds the living records that a sweep did not meet', async () => {
    const tenantId = await tenant();
    const { runId } = await store().transact(tenantId, (tx) => tx.runs.request(wish('sweep'), BOTH));
    const created = (time: number) => ({ id: 1, createdAt: new Date(time).toISOString() });
    const old = { firstSeenAt: NOW - HOUR, state: created(NOW - 2 * HOUR) };
    await store().transact(tenantId, (tx) =>
      tx.records.write([
        recordAt(keyOf('1', 'asset'), old),
        recordAt(keyOf('2', 'asset'), old),
        recordAt(keyOf('3', 'asset'), { ...old, state: created(NOW - 9 * HOUR) }),
        recordAt(keyOf('4', 'asset'), { ...old, firstSeenAt: NOW }),
        recordAt(keyOf('5', 'asset'), { ...old, deletedAt: NOW }),
        recordAt(keyOf('6', 'vendor'), old),
        recordAt(keyOf('7', 'asset', '2'), old),
      ]),
    );
    await store().transact(tenantId, (tx) => tx.runs.meet(runId, 'asset', 1, ['1', '99']));
    await store().transact(tenantId, (tx) => tx.runs.meet(runId, 'vendor', 1, ['2']));
    const sought = { runId, organizationId: '1', kind: 'asset', firstSeenBefore: NOW, createdFrom: null } as const;
    const missing = (change = {}) =>
      store().transact(tenantId, async (tx) => {
        const found = await tx.runs.missing({ ...sought, ...change });
        return { ...found, missing: [...found.missing].sort() };
      });
    expect(await missing()).toEqual({ living: 3, missing: ['2', '3'] });
    expect(await missing({ createdFrom: NOW - 3 * HOUR })).toEqual({ living: 2, missing: ['2'] });
    const met = (ids: readonly string[]) => store().transact(tenantId, (tx) => tx.runs.metBefore(runId, 'asset', ids));
    expect([await met(['1', '2']), await met(['2'])]).toEqual([1, 0]);
    await store().transact(tenantId, (tx) => tx.runs.forgetMet(runId, 'asset'));
    expect(await missing()).toEqual({ living: 3, missing: ['1', '2', '3'] });
  });

  it('never counts a run as finished that was given up', async () => {
    const tenantId = await tenant();
    const runs = <Result>(work: (on: InboundTransaction['runs']) => Promise<Result>): Promise<Result> =>
      store().transact(tenantId, (tx) => work(tx.runs));
    const { runId } = await runs((on) => on.request(wish('backfill'), BOTH));
    await runs((on) => on.giveUp(runId, 'another one took its place'));
    expect(await runs((on) => on.current(null))).toBeUndefined();
    expect([
      await runs((on) => on.last(null, 'backfill')),
      await runs((on) => on.lastFinished(null, 'backfill')),
    ]).toEqual([undefined, null]);
    const heir = await runs((on) => on.request(wish('backfill'), BOTH));
    expect(heir.runId).not.toBe(runId);
    await runs((on) => on.finish(heir.runId, NOW + 7, null));
    expect(await runs((on) => on.lastFinished(null, 'backfill'))).toBe(NOW + 7);
  });

  it('tells when the last run of a sort was finished', async () => {
    const tenantId = await tenant();
    const lastFinished = (what: RunKind): Promise<number | null> =>
      store().transact(tenantId, (tx) => tx.runs.lastFinished(null, what));
    for (const finishedAt of [NOW + 5, NOW + 3]) {
      const run = await store().transact(tenantId, (tx) => tx.runs.request(wish('sweep'), BOTH));
      expect(await lastFinished('backfill')).toBeNull();
      await store().transact(tenantId, (tx) => tx.runs.finish(run.runId, finishedAt, null));
    }
    expect(await lastFinished('sweep')).toBe(NOW + 5);
    const last = (what: RunKind) => store().transact(tenantId, (tx) => tx.runs.last(null, what));
    expect([(await last('sweep'))?.finishedAt, await last('backfill')]).toEqual([NOW + 5, undefined]);
  });
}
