import { expect, it } from 'vitest';
import type { InboundTransaction, KindProgress, RunKind } from '../src/inbound/index.ts';
import type { Kind } from '../src/maintainx/index.ts';
import { HOUR, newId, NOW, upTo, type World } from './store-conformance.ts';

export function keepsCursors({ store, tenant }: World): void {
  it('moves a watermark forward and never back', async () => {
    const tenantId = await tenant();
    const save = (kind: Kind, watermark: number, organization = '1'): Promise<void> =>
      store().transact(tenantId, (tx) => tx.cursors.saveWatermark(organization, kind, watermark, NOW));
    const watermark = (kind: Kind, organization = '1'): Promise<number | null> =>
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
    const lastPoll = (): Promise<number | null> => store().transact(tenantId, (tx) => tx.cursors.lastPoll());
    expect(await lastPoll()).toBeNull();
    await store().transact(tenantId, (tx) => tx.cursors.saveWatermark('1', 'asset', NOW, NOW));
    await store().transact(tenantId, (tx) => tx.cursors.saveWatermark('1', 'part', NOW, NOW + 5));
    expect(await lastPoll()).toBe(NOW);
    await store().transact(tenantId, (tx) => tx.cursors.saveWatermark('1', 'asset', NOW - HOUR, NOW + 9));
    expect(await lastPoll()).toBe(NOW + 5);
  });
}

const wish = (what: RunKind, requestedAt = NOW) =>
  ({ runId: newId(), what, options: { reread: 'untimed', releaseBrake: true }, requestedAt }) as const;

const part = (kind: Kind, change: Partial<KindProgress> = {}): KindProgress => ({
  kind,
  state: 'listing',
  cursor: 'c1',
  pages: 3,
  rows: 600,
  suspects: 2,
  braked: true,
  ...change,
});

export function keepsRuns({ store, tenant }: World): void {
  it('keeps one run of a sort under way: who asks again gets that one', async () => {
    const tenantId = await tenant();
    const asked = await Promise.all(
      upTo(8).map(() => store().transact(tenantId, (tx) => tx.runs.request(wish('sweep')))),
    );
    expect(new Set(asked.map((run) => run.runId)).size).toBe(1);
    const backfill = await store().transact(tenantId, (tx) => tx.runs.request(wish('backfill')));
    expect(backfill.what).toBe('backfill');
  });

  it('keeps a run’s options and progress, finds it, and starts anew once it is finished', async () => {
    const tenantId = await tenant();
    const asked = wish('sweep');
    const fresh = { ...asked, state: 'requested', progress: [], finishedAt: null, reason: null };
    expect(await store().transact(tenantId, (tx) => tx.runs.request(asked))).toEqual(fresh);
    const progress = [part('asset'), part('vendor', { cursor: null, state: 'waiting', braked: false })];
    await store().transact(tenantId, (tx) => tx.runs.save(asked.runId, progress));
    const find = (tx: InboundTransaction) => tx.runs.find(asked.runId);
    expect(await store().transact(tenantId, find)).toEqual({ ...fresh, state: 'running', progress });
    await store().transact(tenantId, (tx) => tx.runs.finish(asked.runId, NOW + HOUR, 'vendor: refused'));
    expect(await store().transact(tenantId, find)).toMatchObject({
      state: 'done',
      finishedAt: NOW + HOUR,
      reason: 'vendor: refused',
      progress,
    });
    expect(await store().transact(tenantId, (tx) => tx.runs.current())).toBeUndefined();
    const next = await store().transact(tenantId, (tx) => tx.runs.request(wish('sweep', NOW + 1)));
    expect(next.runId).not.toBe(asked.runId);
    expect(await store().transact(tenantId, (tx) => tx.runs.find(newId()))).toBeUndefined();
  });

  it('does a backfill before a sweep, even one that was asked for earlier', async () => {
    const tenantId = await tenant();
    await store().transact(tenantId, (tx) => tx.runs.request(wish('sweep', NOW - HOUR)));
    const backfill = await store().transact(tenantId, (tx) => tx.runs.request(wish('backfill', NOW)));
    expect(await store().transact(tenantId, (tx) => tx.runs.current())).toEqual(backfill);
  });

  it('tells when the last run of a sort was finished', async () => {
    const tenantId = await tenant();
    const lastFinished = (what: RunKind): Promise<number | null> =>
      store().transact(tenantId, (tx) => tx.runs.lastFinished(what));
    for (const finishedAt of [NOW + 5, NOW + 3]) {
      const run = await store().transact(tenantId, (tx) => tx.runs.request(wish('sweep')));
      expect(await lastFinished('backfill')).toBeNull();
      await store().transact(tenantId, (tx) => tx.runs.finish(run.runId, finishedAt, null));
    }
    expect(await lastFinished('sweep')).toBe(NOW + 5);
  });
}
