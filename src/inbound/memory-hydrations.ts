import type { Undo } from '../base/undo.ts';
import type { Kind } from '../maintainx/index.ts';
import { keyText, type MemoryRecords, type RecordKey } from '../records/index.ts';
import {
  READ_REASONS,
  type BrakeStatements,
  type Except,
  type Hydration,
  type HydrationStatements,
  type TryStatements,
  type Wish,
} from './statements.ts';
import { BRAKE, mergeWish, mergeWishes, NOTHING_EXCEPTED } from './wishes.ts';

interface HydrationRow extends Hydration {
  readonly parkedReason: string | null;
  readonly withheld: boolean;
}

/** One tenant's wishes in memory, by `keyText`. */
export type MemoryHydrations = Map<string, HydrationRow>;

export function memoryHydrations(table: MemoryHydrations, records: MemoryRecords, undo: Undo): HydrationStatements {
  const rowsOf = (organizationId: string | null): HydrationRow[] =>
    [...table.values()].filter((row) => organizationId === null || row.key.organizationId === organizationId);
  const waiting = (organizationId: string | null, except: Except = NOTHING_EXCEPTED): HydrationRow[] =>
    rowsOf(organizationId).filter((row) => row.parkedReason === null && !isExcepted(row, except));
  return {
    want: (wishes, ticket, now) => {
      for (const wish of mergeWishes(wishes)) {
        const known = table.get(keyText(wish.key));
        const row = known === undefined ? freshRow(wish, ticket, now, null) : wantedAgain(known, wish, ticket, now);
        undo.set(table, keyText(wish.key), row);
      }
      return Promise.resolve();
    },
    ...brakeOver(table, undo),
    ...triesOver(table, undo),
    dropDetails: () => {
      for (const row of table.values()) if (row.reason === 'detail') undo.delete(table, keyText(row.key));
      return Promise.resolve();
    },
    dropAll: (organizationId) => {
      for (const row of rowsOf(organizationId)) undo.delete(table, keyText(row.key));
      return Promise.resolve();
    },
    due: (organizationId, now, limit, except) =>
      Promise.resolve(
        waiting(organizationId, except)
          .filter((row) => row.dueAt <= now)
          .sort((left, right) => rank(left) - rank(right) || left.wanted - right.wanted)
          .slice(0, limit),
      ),
    nextDueAt: (organizationId, except) =>
      Promise.resolve(
        waiting(organizationId, except).reduce<number | null>(
          (least, row) => Math.min(least ?? row.dueAt, row.dueAt),
          null,
        ),
      ),
    oldestWishAt: () =>
      Promise.resolve(
        waiting(null)
          .filter((row) => !row.withheld)
          .reduce<number | null>((least, row) => Math.min(least ?? row.wishedAt, row.wishedAt), null),
      ),
    fulfil: (reads) => {
      const stay = new Set<string>();
      for (const { key, began } of reads) {
        const row = table.get(keyText(key));
        if (row === undefined) continue;
        if (row.wanted < began) undo.delete(table, keyText(key));
        else stay.add(keyText(key));
      }
      return Promise.resolve(stay);
    },
    probesFor: (key, limit) => {
      const others = [...records.values()]
        .filter((one) => one.key.organizationId === key.organizationId && one.key.kind === key.kind)
        .filter((one) => one.deletedAt === null && one.key.recordId !== key.recordId)
        .filter((one) => table.get(keyText(one.key))?.reason !== 'suspect')
        .map((one) => one.key.recordId)
        .sort();
      const behind = others.filter((id) => id > key.recordId);
      return Promise.resolve([...behind, ...others].slice(0, limit).filter((id, at, all) => all.indexOf(id) === at));
    },
    counts: (organizationId) => {
      const rows = rowsOf(organizationId);
      const waits = waiting(organizationId).filter((row) => !row.withheld);
      const held = rows.filter((row) => row.parkedReason === BRAKE).length;
      return Promise.resolve({
        waiting: waits.length,
        parked: rows.filter((row) => row.parkedReason !== null).length - held,
        held,
        details: waits.filter((row) => row.reason === 'detail').length,
      });
    },
  };
}

const rank = (row: Wish): number => READ_REASONS.indexOf(row.reason);

const isExcepted = (row: HydrationRow, except: Except): boolean =>
  except.reasons.includes(row.reason) || except.kinds.includes(row.key.kind);

function freshRow(wish: Wish, ticket: number, now: number, parkedReason: string | null): HydrationRow {
  const { key, reason, explainedBy, toldAt = null, notBefore = 0 } = wish;
  const times = { wanted: ticket, attempts: 0, doubts: 0, wishedAt: now, dueAt: Math.max(now, notBefore), toldAt };
  return { key, reason, explainedBy, ...times, released: wish.released === true, parkedReason, withheld: false };
}

function wantedAgain(known: HydrationRow, wish: Wish, ticket: number, now: number): HydrationRow {
  const isUrgent = wish.reason === 'hook' || wish.released === true;
  const isAfterADay = known.dueAt <= now && known.parkedReason !== BRAKE;
  const isAsked = isUrgent || wish.reason === 'reread';
  const revives = known.parkedReason !== null && (isAsked || isAfterADay);
  const { reason, explainedBy, toldAt = null } = mergeWish(known, wish);
  return {
    ...known,
    reason,
    explainedBy,
    toldAt,
    released: known.released || wish.released === true,
    wanted: Math.max(ticket, known.wanted),
    dueAt: isAsked || revives ? Math.min(now, known.dueAt) : known.dueAt,
    attempts: revives ? 0 : known.attempts,
    parkedReason: revives ? null : known.parkedReason,
    withheld: known.withheld && !isAsked,
  };
}

function triesOver(table: MemoryHydrations, undo: Undo): TryStatements {
  const change = (key: RecordKey, changed: (row: HydrationRow) => Partial<HydrationRow>): Promise<void> => {
    const row = table.get(keyText(key));
    if (row !== undefined) undo.set(table, keyText(key), { ...row, ...changed(row) });
    return Promise.resolve();
  };
  const tried = (key: RecordKey, changed: (row: HydrationRow) => Partial<HydrationRow>): Promise<void> =>
    change(key, (row) => ({ attempts: row.attempts + 1, withheld: false, ...changed(row) }));
  return {
    postpone: (key, dueAt) => tried(key, () => ({ dueAt })),
    doubt: (key, dueAt) => tried(key, (row) => ({ doubts: row.doubts + 1, dueAt })),
    withhold: (key, dueAt) => tried(key, () => ({ dueAt, withheld: true })),
    park: (key, parkedReason, dueAt) => tried(key, () => ({ parkedReason, dueAt })),
    parked: (limit) =>
      Promise.resolve(
        [...table.values()]
          .filter((row) => row.parkedReason !== null && row.parkedReason !== BRAKE)
          .sort((left, right) => left.wishedAt - right.wishedAt || (keyText(left.key) < keyText(right.key) ? -1 : 1))
          .slice(0, limit)
          .map(({ key, parkedReason, attempts, wishedAt }) => ({
            key,
            reason: parkedReason ?? '',
            attempts,
            wishedAt,
          })),
      ),
    discard: (key) => {
      const reason = table.get(keyText(key))?.parkedReason ?? null;
      const isParked = reason !== null && reason !== BRAKE;
      if (isParked) undo.delete(table, keyText(key));
      return Promise.resolve(isParked);
    },
  };
}

function brakeOver(table: MemoryHydrations, undo: Undo): BrakeStatements {
  const braked = (kind: Kind | null): HydrationRow[] =>
    [...table.values()].filter((row) => row.parkedReason === BRAKE && (kind === null || row.key.kind === kind));
  const withheld = (kind: Kind | null): HydrationRow[] =>
    [...table.values()].filter((row) => row.withheld && (kind === null || row.key.kind === kind));
  return {
    hold: (keys, ticket, now) => {
      for (const key of keys.filter((one) => !table.has(keyText(one))))
        undo.set(table, keyText(key), freshRow({ key, reason: 'suspect', explainedBy: [] }, ticket, now, BRAKE));
      return Promise.resolve();
    },
    release: (kind, now) => {
      const rows = [...braked(kind), ...withheld(kind)];
      const free = { released: true, parkedReason: null, withheld: false, attempts: 0, dueAt: now };
      for (const row of rows) undo.set(table, keyText(row.key), { ...row, ...free });
      return Promise.resolve(rows.length);
    },
    isReleased: (key) => Promise.resolve(table.get(keyText(key))?.released === true),
    dropHeld: (organizationId, kind) => {
      for (const row of braked(kind))
        if (row.key.organizationId === organizationId) undo.delete(table, keyText(row.key));
      return Promise.resolve();
    },
    held: () => Promise.resolve(perKind(braked(null)).map(([kind, { length }]) => ({ kind, records: length }))),
    withheld: () =>
      Promise.resolve(
        perKind(withheld(null)).map(([kind, rows]) => {
          const until = Math.min(...rows.map((row) => row.dueAt));
          return { kind, records: rows.length, until };
        }),
      ),
  };
}

function perKind(rows: readonly HydrationRow[]): readonly (readonly [Kind, readonly HydrationRow[]])[] {
  const groups = Map.groupBy(rows, (row) => row.key.kind);
  return [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
}
