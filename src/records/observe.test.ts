import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { Undo } from '../base/undo.ts';
import type { NewEvent } from '../log/index.ts';
import { kindEntry, KINDS, type Kind } from '../maintainx/index.ts';
import { memoryRecords } from './memory.ts';
import { isEmpty } from './normalize.ts';
import { observe, type Outcome } from './observe.ts';
import { keyText, type HeldRecord, type Observation, type RecordKey } from './record.ts';
import { fold } from './state-event.ts';

const T = Date.UTC(2026, 8, 16, 12);
const at = (minutes: number): string => new Date(T + minutes * 60_000).toISOString();

/** The records of one tenant in memory, and all state events that came of what was observed. */
function notebook(kind: Kind = 'part') {
  const held = new Map<string, HeldRecord>();
  const statements = memoryRecords(held, new Undo());
  const events: NewEvent[] = [];
  const key: RecordKey = { organizationId: '1', kind, recordId: '5' };
  let ticket = 0;
  let ids = 0;
  const context = { now: T, newId: () => `event ${++ids}` };
  const see = async (...observations: readonly Observation[]): Promise<readonly Outcome[]> => {
    const observed = await observe(statements, observations, context);
    events.push(...observed.events);
    return observed.outcomes;
  };
  /** A read of the record that began after every earlier one ended. */
  const read = (source: 'list' | 'get', raw: JsonObject): Observation => ({
    key,
    source,
    read: now(),
    raw,
    explainedBy: [],
  });
  const absence = (): Observation => ({ key, source: 'get', read: now(), raw: null, explainedBy: [] });
  const now = () => ({ began: ++ticket, ended: ++ticket, at: T });
  return { see, read, absence, events, key, record: () => held.get(keyText(key)) };
}

const part = (name: string, minutes: number, more: JsonObject = {}): JsonObject => ({
  id: 5,
  name,
  updatedAt: at(minutes),
  ...more,
});

describe('an observation', () => {
  it('of something new stores the record and makes one event with all of it', async () => {
    const { see, read, events, record, key } = notebook();
    const [outcome] = await see({ ...read('get', part('Belt', 0, { brandNew: 1 })), explainedBy: ['a fact'] });
    const changed = Object.keys(record()?.state ?? {});
    expect(outcome).toEqual({ key, verdict: 'appeared', why: 'first-sight', wants: null, changed, held: record() });
    expect(record()).toMatchObject({ version: 1, kept: { brandNew: 1 }, updatedAt: T, readEnded: 2, deletedAt: null });
    expect(events).toEqual([
      {
        eventId: 'event 1',
        stream: 'part/1/5',
        family: 'state',
        type: 'part.appeared',
        version: 1,
        occurredAt: T,
        recordedAt: T,
        data: canonicalJson({ record: record()?.state ?? {} }),
        explainedBy: ['a fact'],
        actor: null,
        factKey: null,
      },
    ]);
  });

  it('of a difference makes one event with what changed, before and after', async () => {
    const { see, read, events, record } = notebook();
    await see(read('get', part('Belt', 0)));
    await see(read('get', part('Chain', 1)));
    expect(record()).toMatchObject({ version: 2, updatedAt: T + 60_000 });
    expect(JSON.parse(events[1]?.data ?? '')).toEqual({
      changes: { name: { before: 'Belt', after: 'Chain' }, updatedAt: { before: at(0), after: at(1) } },
    });
    expect(events[1]).toMatchObject({ type: 'part.changed', version: 2, occurredAt: T + 60_000 });
  });

  it('of no difference makes no event, but counts as a read', async () => {
    const { see, read, events, record } = notebook();
    await see(read('get', part('Belt', 0)));
    const [again] = await see(read('get', part('Belt', 0, { brandNew: 2 })));
    expect(again).toMatchObject({ verdict: 'same', wants: null });
    expect(record()).toMatchObject({ version: 1, readEnded: 4, kept: { brandNew: 2 } });
    expect(events).toHaveLength(1);
  });

  it('that is stale changes nothing at all', async () => {
    const { see, read, events, record } = notebook();
    await see(read('get', part('Belt', 5)));
    const before = record();
    const [stale] = await see(read('list', part('Chain', 1)));
    expect(stale).toMatchObject({ verdict: 'refused', wants: null, held: before });
    expect(record()).toEqual(before);
    expect(events).toHaveLength(1);
  });

  it('that cannot win by itself asks for one single read, which then decides', async () => {
    const { see, read, events, record } = notebook();
    await see(read('get', part('Belt', 0, { description: 'rubber' })));
    const [cleared] = await see(read('list', part('Belt', 1)));
    expect(cleared).toMatchObject({ verdict: 'recheck', wants: 'recheck' });
    expect(record()?.state['description']).toBe('rubber');
    await see(read('get', part('Belt', 1)));
    expect(record()?.state['description']).toBeNull();
    expect(events.map((event) => event.type)).toEqual(['part.appeared', 'part.changed']);
  });

  it('of a record that is gone leaves a tombstone with all it was, which a single read lifts', async () => {
    const { see, read, absence, events, record } = notebook();
    await see(read('get', part('Belt', 0)));
    await see(absence());
    expect(record()).toMatchObject({ version: 2, deletedAt: T, state: { name: 'Belt' } });
    await see(absence(), absence());
    const [row] = await see(read('list', part('Belt', 9)));
    expect(row?.wants).toBe('recheck');
    expect(record()?.deletedAt).toBe(T);
    await see(read('get', part('Belt', 9)));
    expect(record()).toMatchObject({ version: 3, deletedAt: null });
    expect(events.map((event) => event.type)).toEqual(['part.appeared', 'part.vanished', 'part.returned']);
  });
});

describe('a list row', () => {
  it('of a new record wants its detail, once it is read no more', async () => {
    const { see, read } = notebook('purchase-order');
    const row = { id: 5, status: 'DRAFT', updatedAt: at(0), createdAt: at(0) };
    expect((await see(read('list', row)))[0]).toMatchObject({ verdict: 'appeared', wants: 'detail' });
    expect((await see(read('list', row)))[0]).toMatchObject({ verdict: 'same', wants: 'detail' });
    await see(read('get', { ...row, title: 'Belts' }));
    expect((await see(read('list', row)))[0]).toMatchObject({ verdict: 'same', wants: null });
    expect((await see(read('list', { ...row, updatedAt: at(1) })))[0]).toMatchObject({
      verdict: 'changed',
      wants: 'detail',
    });
  });

  it('of a kind whose list tells everything wants nothing more', async () => {
    const { see, read } = notebook('work-request');
    const [outcome] = await see(read('list', { id: 5, title: 'Leak', updatedAt: at(0) }));
    expect(outcome).toMatchObject({ verdict: 'appeared', wants: null });
  });
});

describe('several observations in one batch', () => {
  it('are judged one after the other', async () => {
    const { see, read, absence, events, record } = notebook();
    const outcomes = await see(
      read('list', part('Belt', 0)),
      read('get', part('Chain', 1)),
      read('get', part('Rope', 0)),
      absence(),
    );
    expect(outcomes.map((one) => one.verdict)).toEqual(['appeared', 'changed', 'recheck', 'vanished']);
    expect(events.map((event) => event.version)).toEqual([1, 2, 3]);
    expect(record()).toMatchObject({ version: 3, state: { name: 'Chain' }, deletedAt: T });
  });
});

describe('for any record and any sequence of observations', () => {
  it('the fold of its state events is what we hold, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(someKind, fc.array(someSight, { maxLength: 25 }), async (kind, sights) => {
        const { see, events, key, record } = notebook(kind);
        for (const sight of sights) await see(observationOf(key, sight));
        const folded = fold(events);
        expect(canonicalJson(folded?.state)).toBe(canonicalJson(record()?.state));
        expect(folded?.version).toBe(record()?.version);
        expect(folded?.deleted ?? false).toBe((record()?.deletedAt ?? null) !== null);
        expect(events.map((event) => event.version)).toEqual(events.map((_, index) => index + 1));
      }),
      { numRuns: 400 },
    );
  });

  it('seeing the same thing twice makes no second event', async () => {
    await fc.assert(
      fc.asyncProperty(someKind, fc.array(someSight, { maxLength: 10 }), someSight, async (kind, sights, last) => {
        const { see, read, absence, events, key } = notebook(kind);
        for (const sight of sights) await see(observationOf(key, sight));
        const again = () => (last.raw === null ? absence() : read(last.source, last.raw));
        const [first] = await see({ ...again(), read: { began: 1_000, ended: 1_001, at: T } });
        const afterFirst = events.length;
        const [second] = await see({ ...again(), read: { began: 1_002, ended: 1_003, at: T } });
        expect(events).toHaveLength(afterFirst);
        expect(second?.held?.state).toEqual(first?.held?.state);
      }),
      { numRuns: 400 },
    );
  });

  it('single reads with different times end in the same state in whatever order they come', async () => {
    const reads = fc
      .uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 8 })
      .chain((minutes) =>
        fc.tuple(...minutes.map((minute) => someRaw.map((raw) => ({ ...raw, updatedAt: at(minute) })))),
      );
    const twoOrders = reads.chain((given) =>
      fc.tuple(...[1, 2].map(() => fc.shuffledSubarray(given, { minLength: given.length }))),
    );
    await fc.assert(
      fc.asyncProperty(someKindWithTime, twoOrders, async (kind, orders) => {
        const ends = await Promise.all(
          orders.map(async (order) => {
            const { see, read, record } = notebook(kind);
            for (const raw of order) await see(read('get', raw));
            return meaning(record()?.state ?? {});
          }),
        );
        expect(ends[0]).toBe(ends[1]);
      }),
      { numRuns: 400 },
    );
  });
});

/** The state with all that means nothing made null: whether it was told as null, [] or {} depends on who told it first. */
const meaning = (state: JsonObject): string =>
  canonicalJson(
    Object.fromEntries(Object.entries(state).map(([field, value]) => [field, isEmpty(value) ? null : value])),
  );

const someKind = fc.constantFrom(...KINDS);
/** Kinds whose single read tells when they changed. */
const someKindWithTime = fc.constantFrom(...KINDS.filter((kind) => kindEntry(kind).get.fields.includes('updatedAt')));

/** Mostly few values, so that reads agree and differ; now and then anything. */
const someValue: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<Json>(null, [], {}, 1, 2, 'a', ['a', 'b'], ['b', 'a'], { id: 1, name: 'x' }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>(1e17, 1e308, '\u0000', '\ud800', 'https://h/p?s=1', 'https://i/p?s=2'),
  },
  { weight: 1, arbitrary: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json) },
);

const fields = [...new Set(KINDS.flatMap((kind) => kindEntry(kind).get.fields))].filter(
  (field) => field !== 'deletedAt' && field !== 'updatedAt',
);
const someRaw: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.dictionary(fc.constantFrom(...fields, 'brandNew', 'constructor'), someValue, { maxKeys: 12 }), someValue)
  .map(([raw, name]) => ({ id: 5, name, title: name, ...raw }));

interface Sight {
  readonly source: 'list' | 'get';
  readonly raw: JsonObject | null;
  readonly began: number;
  readonly lasted: number;
}

const someTime = fc.option(fc.integer({ min: 0, max: 4 }).map(at), { nil: null, freq: 6 });
/** Reads that overlap, of records that change, vanish and return. */
const someSight: fc.Arbitrary<Sight> = fc
  .record({
    source: fc.constantFrom<'list' | 'get'>('list', 'get'),
    raw: fc.option(someRaw, { freq: 8 }),
    updatedAt: someTime,
    deletedAt: fc.option(someTime, { freq: 1, nil: null }),
    began: fc.integer({ min: 1, max: 40 }),
    lasted: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ source, raw, updatedAt, deletedAt, began, lasted }) => ({
    source,
    raw: raw === null ? null : { ...raw, updatedAt, deletedAt },
    began,
    lasted,
  }));

function observationOf(key: RecordKey, { source, raw, began, lasted }: Sight): Observation {
  const read = { began, ended: began + lasted, at: T };
  return raw === null
    ? { key, source: 'get', read, raw, explainedBy: [] }
    : { key, source, read, raw, explainedBy: [] };
}
