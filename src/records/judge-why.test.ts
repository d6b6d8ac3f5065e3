import { expect, it } from 'vitest';
import type { JsonObject } from '../base/json.ts';
import type { Kind } from '../maintainx/index.ts';
import { judge, type Verdict, type Why } from './judge.ts';
import { normalize } from './normalize.ts';
import type { HeldRecord, ReadSource } from './record.ts';

const T = Date.UTC(2026, 8, 16, 12);
const at = (minutes: number): string => new Date(T + minutes * 60_000).toISOString();

interface Read {
  readonly source: ReadSource;
  /** null: nothing was found. */
  readonly raw: JsonObject | null;
  /** 11 is after the last accepted read, 10 is not. */
  readonly began?: number;
  readonly insists?: true;
}

const key = (kind: Kind) => ({ organizationId: '1', kind, recordId: '5' });

function judged(kind: Kind, held: Read | null, deleted: boolean, { source, raw, began = 11, insists }: Read): Verdict {
  const read = { began, ended: began + 1, at: T };
  const record =
    held?.raw === undefined || held.raw === null ? undefined : heldAfter(kind, held.source, held.raw, deleted);
  const seen = raw === null ? null : normalize(kind, source, raw);
  const observation =
    raw === null
      ? ({ key: key(kind), source: 'get', read, raw, explainedBy: [] } as const)
      : { key: key(kind), source, read, raw, insists: insists === true, explainedBy: [] };
  return judge(record, observation, seen);
}

function heldAfter(kind: Kind, source: ReadSource, raw: JsonObject, deleted: boolean): HeldRecord {
  const { state, kept, updatedAt } = normalize(kind, source, raw);
  return {
    key: key(kind),
    version: 1,
    state,
    kept,
    updatedAt,
    readSource: source,
    readEnded: 10,
    detailAt: T,
    detailUpdatedAt: updatedAt,
    firstSeenAt: T,
    changedAt: T,
    deletedAt: deleted ? T : null,
  };
}

const belt: JsonObject = { id: 5, name: 'Belt', area: 'Hall', updatedAt: at(0) };
const list = (change: JsonObject = {}): Read => ({ source: 'list', raw: { ...belt, ...change } });
const get = (change: JsonObject = {}): Read => ({ source: 'get', raw: { ...belt, ...change } });
const gone: Read = { source: 'get', raw: null };
const overtaken = (read: Read): Read => ({ ...read, began: 10 });
const untimed = (name: string): JsonObject => ({ id: 5, name });

type Case = readonly [Why, Verdict['verdict'], Verdict];

/** Each reason, what was read, and what was held before. */
const CASES: readonly Case[] = [
  ['first-sight', 'appeared', judged('part', null, false, list())],
  ['deleted-before-first-sight', 'same', judged('part', null, false, get({ deletedAt: at(0) }))],
  ['deleted-before-first-sight', 'same', judged('part', null, false, gone)],
  ['tombstone-confirmed', 'same', judged('part', get(), true, gone)],
  ['tombstone-confirmed', 'same', judged('part', get(), true, get({ deletedAt: at(0) }))],
  ['absence-confirmed', 'vanished', judged('part', get(), false, gone)],
  ['absence-overtaken', 'recheck', judged('part', get(), false, overtaken(gone))],
  ['deletion-in-list', 'recheck', judged('work-order', get(), false, list({ deletedAt: at(1) }))],
  ['deletion-overtaken', 'recheck', judged('part', get(), false, overtaken(get({ deletedAt: at(1) })))],
  ['marked-deleted', 'vanished', judged('part', get(), false, get({ deletedAt: at(1) }))],
  ['tombstone-in-list', 'recheck', judged('part', get(), true, list())],
  ['return-overtaken', 'recheck', judged('part', get(), true, overtaken(get()))],
  ['tombstone-lifted', 'returned', judged('part', get(), true, get())],
  ['unchanged', 'same', judged('part', get(), false, get())],
  ['newer-accepted', 'changed', judged('part', get(), false, list({ name: 'Chain', updatedAt: at(1) }))],
  ['tie-later-read-won', 'changed', judged('part', get(), false, get({ name: 'Chain' }))],
  [
    'untimed-later-read-won',
    'changed',
    judged('vendor', { source: 'list', raw: untimed('A') }, false, { source: 'list', raw: untimed('B') }),
  ],
  ['tie-list-against-get', 'recheck', judged('part', get(), false, list({ name: 'Chain' }))],
  ['tie-overtaken-read', 'recheck', judged('part', get(), false, overtaken(get({ name: 'Chain' })))],
  [
    'untimed-overtaken-read',
    'recheck',
    judged('vendor', { source: 'list', raw: untimed('A') }, false, overtaken({ source: 'list', raw: untimed('B') })),
  ],
  ['clearing-in-list', 'recheck', judged('part', get(), false, list({ area: null, updatedAt: at(1) }))],
  ['clearing-confirmed', 'changed', judged('part', get(), false, get({ area: null, updatedAt: at(1) }))],
  ['stale-read-refused', 'refused', judged('part', get(), false, list({ name: 'Chain', updatedAt: at(-1) }))],
  ['stale-read-refused', 'refused', judged('part', get(), false, overtaken(get({ name: 'Chain', updatedAt: at(-1) })))],
  ['older-in-later-read', 'recheck', judged('part', get(), false, get({ name: 'Chain', updatedAt: at(-1) }))],
  [
    'older-confirmed',
    'changed',
    judged('part', get(), false, { ...get({ name: 'Chain', updatedAt: at(-1) }), insists: true }),
  ],
];

it.each(CASES)('%s: %s', (why, verdict, made) => {
  expect({ verdict: made.verdict, why: made.why }).toEqual({ verdict, why });
});

it('a vanished or returned record takes along what differs', () => {
  const marked = judged('part', get(), false, get({ deletedAt: at(1), name: 'Chain' }));
  expect(marked).toMatchObject({ changes: { name: { before: 'Belt', after: 'Chain' }, deletedAt: { after: at(1) } } });
  const lifted = judged('part', get(), true, get({ name: 'Chain' }));
  expect(lifted).toMatchObject({ changes: { name: { before: 'Belt', after: 'Chain' } } });
});
