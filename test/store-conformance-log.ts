import { expect, it } from 'vitest';
import type { NewEvent, StoredEvent } from '../src/log/index.ts';
import { factKeyText } from '../src/log/index.ts';
import { NOW, upTo, type World } from './store-conformance.ts';
import { factOf } from './store-conformance-samples.ts';

export function keepsLog(world: World): void {
  numbersWithoutGaps(world);
  keepsFactsOnce(world);
  readsAndRemembers(world);
}

function numbersWithoutGaps({ store, tenant }: World): void {
  it('numbers from 1 without a gap under 50 concurrent transactions, some of which fail', async () => {
    const tenantId = await tenant();
    const work = upTo(50).map((nth) =>
      store()
        .transact(tenantId, async (tx) => {
          await tx.log.append([factOf(`${nth}.a`), factOf(`${nth}.b`)]);
          if (nth % 5 === 0) throw new Error('planned');
        })
        .catch(() => undefined),
    );
    await Promise.all(work);
    const events = await store().transact(tenantId, (tx) => tx.log.read(0, 1_000));
    expect(events.map((event) => event.seq)).toEqual(upTo(80));
    expect(await store().transact(tenantId, (tx) => tx.log.lastSeq())).toBe(80);
    // What was appended together stands together.
    const pairs = upTo(40).map((nth) => events.slice(nth * 2 - 2, nth * 2).map((event) => event.type));
    for (const [first, second] of pairs) expect(second).toBe(first?.replace('.a', '.b'));
  });

  it('gives an event back as it was given, odd texts, old times and far ones to the millisecond', async () => {
    const tenantId = await tenant();
    const times = [-1, 0, NOW + 1, Date.UTC(2400, 0, 1) + 345, Date.UTC(9999, 11, 31) + 999];
    const given = times.map((time, nth) => ({
      ...factOf(`odd ${nth} "quoted", {back\\slash} 🛠`, { actor: nth % 2 === 0 ? null : 'null' }),
      occurredAt: time,
      recordedAt: time + 1,
      data: JSON.stringify({ text: 'a \\ " \u0000 \n ü' }),
    }));
    const stored = await store().transact(tenantId, (tx) => tx.log.append(given));
    expect(stored).toEqual(given.map((event, index) => ({ ...event, seq: index + 1 })));
    expect(await store().transact(tenantId, (tx) => tx.log.read(0, 10))).toEqual(stored);
  });

  it('counts what happened since the last fact, of the types and the time asked for', async () => {
    const tenantId = await tenant();
    const ask = (types: readonly string[], since = 0, tail = 100) =>
      store().transact(tenantId, (tx) => tx.log.untold('1', types, since, tail));
    const stateOf = (type: string, recordedAt: number): NewEvent =>
      factOf(type, { family: 'state', stream: `vendor/1/${recordedAt}`, version: 1, recordedAt });
    const append = (...events: readonly NewEvent[]) => store().transact(tenantId, (tx) => tx.log.append(events));
    expect(await ask(['a'])).toEqual({ lastFact: null, untold: 0 });
    await append(stateOf('a', 1), factOf('told'), stateOf('a', 2), stateOf('b', 3), stateOf('a', 4));
    expect(await ask(['a'])).toEqual({ lastFact: 2, untold: 2 });
    expect(await ask(['a', 'b'])).toEqual({ lastFact: 2, untold: 3 });
    expect(await ask(['a'], 3)).toEqual({ lastFact: 2, untold: 1 });
    expect(await ask(['a'], 0, 3)).toEqual({ lastFact: null, untold: 0 });
    // Another organisation's webhooks tell nothing of this one's.
    await append(factOf('told', { stream: 'vendor/2/7' }), stateOf('a', 5));
    expect(await ask(['a'])).toEqual({ lastFact: 2, untold: 3 });
  });

  it('never lets a reader that follows `seq > checkpoint` miss an event, whatever commits meanwhile', async () => {
    const tenantId = await tenant();
    const read: StoredEvent[] = [];
    let writing = true;
    const reader = async (): Promise<void> => {
      for (;;) {
        const last = !writing;
        const page = await store().transact(tenantId, (tx) => tx.log.read(read.at(-1)?.seq ?? 0, 7));
        read.push(...page);
        if (last && page.length === 0) return;
      }
    };
    const following = reader();
    const writers = upTo(40).map((nth) =>
      store().transact(tenantId, async (tx) => {
        // An early write gives the transaction an early number of its own; its place in the log is its commit's.
        await tx.log.saveCheckpoint(`writer ${nth}`, nth);
        await tx.log.append(upTo(1 + (nth % 4)).map((part) => factOf(`${nth}.${part}`)));
      }),
    );
    await Promise.all(writers);
    writing = false;
    await following;
    const all = await store().transact(tenantId, (tx) => tx.log.read(0, 1_000));
    expect(read.map((event) => event.type)).toEqual(all.map((event) => event.type));
    expect(read.map((event) => event.seq)).toEqual(upTo(100));
  });

  it('keeps the order of an append, and answers with what it stored', async () => {
    const tenantId = await tenant();
    const given = upTo(60).map((nth) => factOf(`step ${nth}`));
    const stored = await store().transact(tenantId, (tx) => tx.log.append(given));
    expect(stored).toEqual(given.map((event, index) => ({ ...event, seq: index + 1 })));
    expect(await store().transact(tenantId, (tx) => tx.log.read(0, 100))).toEqual(stored);
    expect(await store().transact(tenantId, (tx) => tx.log.append([]))).toEqual([]);
  });

  it('continues a tenant’s numbers whatever other tenants append', async () => {
    const tenants = [await tenant(), await tenant(), await tenant()];
    await Promise.all(
      tenants.flatMap((tenantId) =>
        upTo(10).map((nth) => store().transact(tenantId, (tx) => tx.log.append([factOf(`${nth}`)]))),
      ),
    );
    for (const tenantId of tenants) {
      const events = await store().transact(tenantId, (tx) => tx.log.read(0, 100));
      expect(events.map((event) => event.seq)).toEqual(upTo(10));
    }
  });
}

function keepsFactsOnce({ store, tenant }: World): void {
  const factKey = Buffer.from('one and the same');

  it('appends a fact once within a batch, and numbers the others without a gap', async () => {
    const tenantId = await tenant();
    const stored = await store().transact(tenantId, (tx) =>
      tx.log.append([factOf('first', { factKey }), factOf('second', { factKey }), factOf('third'), factOf('fourth')]),
    );
    expect(stored.map((event) => [event.seq, event.type])).toEqual([
      [1, 'first'],
      [2, 'third'],
      [3, 'fourth'],
    ]);
  });

  it('appends a fact once across batches, and tells which one it kept', async () => {
    const tenantId = await tenant();
    const [kept] = await store().transact(tenantId, (tx) => tx.log.append([factOf('first', { factKey })]));
    const again = await store().transact(tenantId, (tx) => tx.log.append([factOf('again', { factKey }), factOf('b')]));
    expect(again.map((event) => [event.seq, event.type])).toEqual([[2, 'b']]);
    const known = await store().transact(tenantId, (tx) => tx.log.factsByKey([factKey, Buffer.from('unheard of')]));
    expect([...known]).toEqual([[factKeyText(factKey), kept?.eventId]]);
  });

  it('appends a fact once when ten transactions bring it at the same time', async () => {
    const tenantId = await tenant();
    const work = upTo(10).map((nth) =>
      store().transact(tenantId, (tx) => tx.log.append([factOf(`${nth}`, { factKey }), factOf(`alone ${nth}`)])),
    );
    await Promise.all(work);
    const events = await store().transact(tenantId, (tx) => tx.log.read(0, 100));
    expect(events.filter((event) => event.factKey !== null)).toHaveLength(1);
    expect(events.map((event) => event.seq)).toEqual(upTo(11));
  });

  it('keeps one and the same fact of two tenants for both', async () => {
    for (const tenantId of [await tenant(), await tenant()])
      expect(await store().transact(tenantId, (tx) => tx.log.append([factOf('x', { factKey })]))).toHaveLength(1);
  });
}

function readsAndRemembers({ store, tenant }: World): void {
  it('reads after a number, at most so many, by stream and by family', async () => {
    const tenantId = await tenant();
    const state = (version: number, stream: string) =>
      factOf(`state ${version}`, { family: 'state', version, stream, explainedBy: [], actor: null });
    await store().transact(tenantId, (tx) =>
      tx.log.append([state(1, 'a'), factOf('f1', { stream: 'a' }), state(1, 'b'), state(2, 'a'), factOf('f2')]),
    );
    const seqs = (after: number, limit: number, filter = {}): Promise<readonly number[]> =>
      store().transact(tenantId, async (tx) => (await tx.log.read(after, limit, filter)).map((event) => event.seq));
    expect(await seqs(0, 3)).toEqual([1, 2, 3]);
    expect(await seqs(3, 100)).toEqual([4, 5]);
    expect(await seqs(5, 100)).toEqual([]);
    expect(await seqs(0, 100, { stream: 'a' })).toEqual([1, 2, 4]);
    expect(await seqs(0, 2, { family: 'state' })).toEqual([1, 3]);
    expect(await seqs(1, 100, { stream: 'a', family: 'state' })).toEqual([4]);
  });

  it('keeps every field of an event', async () => {
    const tenantId = await tenant();
    const cause = factOf('cause', { factKey: Buffer.from([0, 255, 10]), actor: 'user/7', occurredAt: NOW - 1 });
    const effect = factOf('effect', { family: 'state', version: 1, explainedBy: [cause.eventId], data: '{"a": 1}' });
    await store().transact(tenantId, (tx) => tx.log.append([cause, effect]));
    const read = await store().transact(tenantId, (tx) => tx.log.read(0, 10));
    expect(read).toEqual([
      { ...cause, seq: 1 },
      { ...effect, seq: 2 },
    ]);
  });

  it('remembers where each consumer stands', async () => {
    const tenantId = await tenant();
    const standing = (consumer: string): Promise<number> =>
      store().transact(tenantId, (tx) => tx.log.checkpoint(consumer));
    expect(await standing('slack')).toBe(0);
    await store().transact(tenantId, (tx) => tx.log.saveCheckpoint('slack', 3));
    await store().transact(tenantId, (tx) => tx.log.saveCheckpoint('slack', 9));
    await store().transact(tenantId, (tx) => tx.log.saveCheckpoint('mqtt', 4));
    expect([await standing('slack'), await standing('mqtt')]).toEqual([9, 4]);
  });
}
