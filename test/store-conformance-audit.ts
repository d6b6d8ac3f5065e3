import { expect, it } from 'vitest';
import type { Deed } from '../src/audit/index.ts';
import { NOW, upTo, type World } from './store-conformance.ts';

const deed = (nth: number): Deed => ({
  actor: `user ${nth}`,
  origin: 'here',
  action: 'did',
  target: `thing ${nth}`,
  before: nth % 2 === 0 ? null : { nth },
  after: { nth, changed: true },
});

export function keepsAudit({ store, tenant }: World): void {
  it('adds deeds one after the other, and none of a transaction that failed', async () => {
    const tenantId = await tenant();
    const work = upTo(20).map((nth) =>
      store()
        .transact(tenantId, async (tx) => {
          await tx.audit.note(deed(nth), NOW);
          if (nth % 4 === 0) throw new Error('planned');
        })
        .catch(() => undefined),
    );
    await Promise.all(work);
    const entries = await store().transact(tenantId, (tx) => tx.audit.after(0, 100));
    expect(entries.map(({ seq }) => seq)).toEqual(upTo(15));
    expect(new Set(entries.map(({ hash }) => hash.toString('hex'))).size).toBe(15);
    const later = await store().transact(tenantId, (tx) => tx.audit.after(12, 2));
    expect(later.map(({ seq }) => seq)).toEqual([13, 14]);
  });

  it('keeps of before and after their hashes, equal for equal states, and none for nothing', async () => {
    const tenantId = await tenant();
    await store().transact(tenantId, async (tx) => {
      for (const one of [deed(1), deed(1), deed(2)]) await tx.audit.note(one, NOW + 5);
    });
    const [first, second, third] = await store().transact(tenantId, (tx) => tx.audit.after(0, 100));
    expect(first).toMatchObject({ actor: 'user 1', origin: 'here', action: 'did', target: 'thing 1', at: NOW + 5 });
    expect(first?.beforeHash).toEqual(second?.beforeHash);
    expect(first?.afterHash).toEqual(second?.afterHash);
    expect(first?.hash).not.toEqual(second?.hash);
    expect([third?.beforeHash, third?.afterHash]).toEqual([null, expect.anything()]);
  });
}
