import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../base/json.ts';
import { Undo } from '../base/undo.ts';
import type { NewEvent } from '../log/index.ts';
import type { Kind } from '../maintainx/index.ts';
import { memoryRecords } from './memory.ts';
import { observe, type Outcome } from './observe.ts';
import { keyText, type HeldRecord, type Observation, type RecordKey } from './record.ts';

const T = Date.UTC(2026, 8, 16, 12);
const MINUTE = 60_000;
const at = (minutes: number): string => new Date(T + minutes * MINUTE).toISOString();

/** One record that is read again and again, a minute after each other; tickets and clock count up. */
function diary(kind: Kind = 'part') {
  const held = new Map<string, HeldRecord>();
  const statements = memoryRecords(held, new Undo());
  const events: NewEvent[] = [];
  const key: RecordKey = { organizationId: '1', kind, recordId: '5' };
  let minute = 0;
  let ticket = 0;
  const see = async (
    source: 'list' | 'get',
    raw: JsonObject | null,
    read?: { began: number; ended: number },
  ): Promise<Outcome> => {
    const now = T + ++minute * MINUTE;
    const time = { ...(read ?? { began: ++ticket, ended: ++ticket }), at: now - 1_000 };
    const observation: Observation =
      raw === null
        ? { key, source: 'get', read: time, raw, explainedBy: [] }
        : { key, source, read: time, raw, explainedBy: [] };
    const { outcomes, events: made } = await observe(statements, [observation], {
      now,
      newId: () => `event ${events.length}`,
    });
    events.push(...made);
    const [outcome] = outcomes;
    if (outcome === undefined) throw new Error('one observation has one outcome');
    return outcome;
  };
  const record = (): HeldRecord => {
    const found = held.get(keyText(key));
    if (found === undefined) throw new Error('nothing is held');
    return found;
  };
  return { see, record, events };
}

const belt = (change: JsonObject = {}): JsonObject => ({ id: 5, name: 'Belt', updatedAt: at(0), ...change });
const CLOCK = (minute: number): number => T + minute * MINUTE;

describe('what is remembered of a record', () => {
  it('is when it was first seen, and when it last changed', async () => {
    const { see, record } = diary();
    await see('get', belt());
    await see('get', belt({ name: 'Chain', updatedAt: at(1) }));
    expect(record()).toMatchObject({ firstSeenAt: CLOCK(1), changedAt: CLOCK(2) });
    await see('get', belt({ name: 'Chain', updatedAt: at(1) }));
    expect(record()).toMatchObject({ firstSeenAt: CLOCK(1), changedAt: CLOCK(2), version: 2 });
  });

  it('is what is kept and never compared, from every read, whether something changed or not', async () => {
    const { see, record } = diary();
    await see('get', belt({ one: 1 }));
    await see('get', belt({ two: 2 }));
    expect(record().kept).toEqual({ one: 1, two: 2 });
    await see('get', belt({ name: 'Chain', three: 3, updatedAt: at(1) }));
    expect(record().kept).toEqual({ one: 1, two: 2, three: 3 });
  });

  it('is the last single read, which list rows leave alone', async () => {
    const { see, record } = diary();
    await see('list', belt());
    expect(record()).toMatchObject({ detailAt: null, detailUpdatedAt: null, readSource: 'list' });
    await see('get', belt());
    const detail = { detailAt: CLOCK(2) - 1_000, detailUpdatedAt: T };
    expect(record()).toMatchObject({ ...detail, readSource: 'get' });
    await see('list', belt({ name: 'Chain', updatedAt: at(1) }));
    expect(record()).toMatchObject({ ...detail, updatedAt: T + MINUTE, readSource: 'list' });
  });

  it('is the latest end of a read, even when an earlier read is accepted afterwards', async () => {
    const { see, record } = diary();
    await see('get', belt(), { began: 5, ended: 20 });
    await see('list', belt({ name: 'Chain', updatedAt: at(1) }), { began: 6, ended: 8 });
    expect(record()).toMatchObject({ state: { name: 'Chain' }, readEnded: 20 });
  });

  it('is the time that it told last, when a read tells none', async () => {
    const { see, record } = diary('vendor');
    await see('get', { id: 5, name: 'Acme' });
    expect(record().updatedAt).toBeNull();
    const timed = diary();
    await timed.see('get', belt());
    await timed.see('get', { id: 5, name: 'Chain' });
    expect(timed.record()).toMatchObject({ state: { name: 'Chain' }, updatedAt: T });
  });

  it('does not change with a list row that tells nothing new but its time, yet does where no time is told', async () => {
    const { see, record } = diary();
    await see('get', belt());
    const before = record();
    await see('list', belt());
    expect(record()).toBe(before);
    const untimed = diary('vendor');
    await untimed.see('list', { id: 5, name: 'Acme' });
    await untimed.see('list', { id: 5, name: 'Acme' });
    expect(untimed.record().readEnded).toBe(4);
  });
});

describe('a record that goes and comes back', () => {
  it('is deleted when the read was made, and says so in its event', async () => {
    const { see, record, events } = diary();
    await see('get', belt({ updatedAt: at(-60) }));
    const { verdict, changed } = await see('get', null);
    expect([verdict, changed]).toEqual(['vanished', []]);
    expect(record()).toMatchObject({
      deletedAt: CLOCK(2) - 1_000,
      updatedAt: T - 60 * MINUTE,
      state: { name: 'Belt' },
    });
    expect(events[1]).toMatchObject({ type: 'part.vanished', occurredAt: CLOCK(2) - 1_000 });
    await see('get', belt({ updatedAt: at(-60) }));
    expect(record()).toMatchObject({ deletedAt: null, version: 3 });
    expect(events[2]).toMatchObject({ type: 'part.returned', occurredAt: T - 60 * MINUTE });
  });

  it('stays deleted through reads that do not find it', async () => {
    const { see, record, events } = diary();
    await see('get', belt());
    await see('get', null);
    const before = record();
    await see('get', null);
    expect(record()).toBe(before);
    expect(events).toHaveLength(2);
  });
});

describe('an event', () => {
  it('is dated by the record, or by the read where the record tells no time', async () => {
    const { see, events } = diary('vendor');
    await see('list', { id: 5, name: 'Acme' });
    expect(events[0]?.occurredAt).toBe(CLOCK(1) - 1_000);
  });

  it('has the whole record at first sight, and later what differs', async () => {
    const { see, record, events } = diary();
    const first = await see('list', belt());
    expect(first.changed.toSorted()).toEqual(Object.keys(record().state).toSorted());
    const second = await see('get', belt({ name: 'Chain', updatedAt: at(1) }));
    expect(second.changed).toContain('name');
    expect(JSON.parse(events[1]?.data ?? '{}')).toMatchObject({
      changes: { name: { before: 'Belt', after: 'Chain' } },
    });
  });

  it('tells null where a field was emptied', async () => {
    const { see, record } = diary();
    await see('get', belt({ area: 'Hall' }));
    await see('get', belt({ updatedAt: at(1) }));
    expect(record().state['area']).toBeNull();
  });
});

describe('a single read', () => {
  it('is wanted for a stub that was never read alone, and when its row tells a later time than that read', async () => {
    const { see } = diary('purchase-order');
    const order = (minutes: number): JsonObject => ({ id: 5, title: 'Oil', updatedAt: at(minutes) });
    expect((await see('list', order(0))).wants).toBe('detail');
    expect((await see('list', order(0))).wants).toBe('detail');
    expect((await see('get', order(0))).wants).toBeNull();
    expect((await see('list', order(0))).wants).toBeNull();
    expect((await see('list', order(1))).wants).toBe('detail');
    expect((await see('get', order(1))).wants).toBeNull();
    expect((await see('list', order(1))).wants).toBeNull();
  });

  it('is wanted once where rows tell no time', async () => {
    const { see } = diary('vendor');
    expect((await see('list', { id: 5, name: 'Acme' })).wants).toBe('detail');
    await see('get', { id: 5, name: 'Acme' });
    expect((await see('list', { id: 5, name: 'Acme & Sons' })).wants).toBeNull();
  });
});
