import { expect, it } from 'vitest';
import { canonicalJson } from '../src/base/canonical-json.ts';
import { fold, keyText, observe, type Observation, type RecordKey } from '../src/records/index.ts';
import { HOUR, newId, NOW, upTo, type World } from './store-conformance.ts';
import { keyOf, recordAt } from './store-conformance-samples.ts';

export function keepsRecords(world: World): void {
  storesRecords(world);
  observesConcurrently(world);
}

function storesRecords({ store, tenant }: World): void {
  it('gives back what was written, all of it, by key', async () => {
    const tenantId = await tenant();
    const full = recordAt(keyOf('1'), { kept: { progress: 0.5 }, deletedAt: NOW + 3, readEnded: 2 ** 40 });
    const bare = recordAt(keyOf('2', 'vendor'), {
      updatedAt: null,
      detailAt: null,
      detailUpdatedAt: null,
      readSource: 'list',
    });
    await store().transact(tenantId, (tx) => tx.records.write([full, bare]));
    const held = await store().transact(tenantId, (tx) => tx.records.lock([full.key, bare.key, keyOf('3')]));
    expect(held).toEqual(
      new Map([
        [keyText(full.key), full],
        [keyText(bare.key), bare],
      ]),
    );
  });

  it('replaces what it held and leaves the time of first sight alone', async () => {
    const tenantId = await tenant();
    const first = recordAt(keyOf('1'));
    const second = { ...first, version: 2, state: { title: 'Valve' }, changedAt: NOW + 1, updatedAt: null };
    await store().transact(tenantId, (tx) => tx.records.write([first]));
    await store().transact(tenantId, (tx) => tx.records.write([second, recordAt(keyOf('2'))]));
    const held = await store().transact(tenantId, (tx) => tx.records.page(null, 10));
    expect(held).toEqual([second, recordAt(keyOf('2'))]);
  });

  it('pages in the order of organisation, kind and id, each record once', async () => {
    const tenantId = await tenant();
    const ids = ['1', '10', '2', '20', '3', '9'];
    const keys = ['2', '10'].flatMap((organization) =>
      (['vendor', 'asset', 'work-order'] as const).flatMap((kind) => ids.map((id) => keyOf(id, kind, organization))),
    );
    await store().transact(tenantId, (tx) => tx.records.write(keys.map((key) => recordAt(key))));
    const paged: RecordKey[] = [];
    for (;;) {
      const page = await store().transact(tenantId, (tx) => tx.records.page(paged.at(-1) ?? null, 5));
      if (page.length === 0) break;
      paged.push(...page.map((record) => record.key));
    }
    const sorted = keys.map((key) => [key.organizationId, key.kind, key.recordId].join('\u0001')).sort();
    expect(paged.map((key) => [key.organizationId, key.kind, key.recordId].join('\u0001'))).toEqual(sorted);
  });

  it('knows the living records of a kind, and which were read alone longest ago', async () => {
    const tenantId = await tenant();
    await store().transact(tenantId, (tx) =>
      tx.records.write([
        recordAt(keyOf('1'), { detailAt: NOW - HOUR }),
        recordAt(keyOf('2'), { detailAt: NOW - 2 * HOUR }),
        recordAt(keyOf('3'), { detailAt: null }),
        recordAt(keyOf('4'), { detailAt: NOW }),
        recordAt(keyOf('5'), { detailAt: null, deletedAt: NOW }),
        recordAt(keyOf('6', 'asset'), { detailAt: null }),
        recordAt(keyOf('7', 'work-order', '2'), { detailAt: null }),
      ]),
    );
    const found = await store().transact(tenantId, async (tx) => ({
      living: await tx.records.livingCount('1', 'work-order'),
      isLiving: [await tx.records.isLiving(keyOf('1')), await tx.records.isLiving(keyOf('5'))],
      among: [...(await tx.records.living([keyOf('1'), keyOf('5'), keyOf('99')]))],
      amongNone: [...(await tx.records.living([]))],
      longUnread: await tx.records.longUnread('1', 'work-order', NOW, 10),
      first: await tx.records.longUnread('1', 'work-order', NOW, 2),
    }));
    const living = [keyText(keyOf('1'))];
    expect(found).toMatchObject({ among: living, amongNone: [] });
    expect(found).toMatchObject({ living: 4, isLiving: [true, false], longUnread: ['3', '2', '1'], first: ['3', '2'] });
  });

  it('counts living and deleted records per kind', async () => {
    const tenantId = await tenant();
    await store().transact(tenantId, (tx) =>
      tx.records.write([
        recordAt(keyOf('1')),
        recordAt(keyOf('2')),
        recordAt(keyOf('3'), { deletedAt: NOW }),
        recordAt(keyOf('1', 'asset')),
        recordAt(keyOf('1', 'category'), { deletedAt: NOW }),
      ]),
    );
    expect(await store().transact(tenantId, (tx) => tx.records.counts(null))).toEqual([
      { kind: 'asset', living: 1, deleted: 0 },
      { kind: 'category', living: 0, deleted: 1 },
      { kind: 'work-order', living: 2, deleted: 1 },
    ]);
    await store().transact(tenantId, (tx) => tx.records.write([recordAt(keyOf('9', 'asset', '2'))]));
    expect(await store().transact(tenantId, (tx) => tx.records.counts('2'))).toEqual([
      { kind: 'asset', living: 1, deleted: 0 },
    ]);
  });
}

function observesConcurrently({ store, tenant }: World): void {
  const context = { now: NOW, newId };

  const reading = (key: RecordKey, nth: number): Observation => ({
    key,
    source: 'get',
    read: { began: nth * 2, ended: nth * 2 + 1, at: NOW },
    raw: { id: 1, title: `read ${nth}`, updatedAt: new Date(NOW + nth).toISOString() },
    explainedBy: [],
  });

  const observeAll = (tenantId: string, observations: readonly Observation[]): Promise<unknown> =>
    store().transact(tenantId, async (tx) => {
      const { events } = await observe(tx.records, observations, context);
      await tx.log.append(events);
    });

  it('makes one record of twenty concurrent first sights, whose events tell it byte for byte', async () => {
    const tenantId = await tenant();
    const key = keyOf('1');
    await Promise.all(upTo(20).map((nth) => observeAll(tenantId, [reading(key, nth)])));
    const [held, ...others] = await store().transact(tenantId, (tx) => tx.records.page(null, 10));
    const events = await store().transact(tenantId, (tx) => tx.log.read(0, 100, { family: 'state' }));
    expect(others).toEqual([]);
    expect(held?.state['title']).toBe('read 20');
    expect(events.map((event) => event.version)).toEqual(upTo(held?.version ?? 0));
    expect(canonicalJson(fold(events)?.state)).toBe(canonicalJson(held?.state));
  });

  it('lets batches over the same records in opposite orders all commit', async () => {
    const tenantId = await tenant();
    const keys = upTo(12).map((id) => keyOf(`${id}`));
    await Promise.all(
      upTo(12).map((nth) =>
        observeAll(
          tenantId,
          (nth % 2 === 0 ? keys : keys.toReversed()).map((key) => reading(key, nth)),
        ),
      ),
    );
    const held = await store().transact(tenantId, (tx) => tx.records.page(null, 100));
    expect(held.map((record) => record.state['title'])).toEqual(keys.map(() => 'read 12'));
    const events = await store().transact(tenantId, (tx) => tx.log.read(0, 1_000));
    expect(events).toHaveLength(held.reduce((sum, record) => sum + record.version, 0));
  });
}
