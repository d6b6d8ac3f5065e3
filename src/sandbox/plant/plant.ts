import type { Clock } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { HookEvent, CoreKind } from '../../maintainx/catalogue/index.ts';
import type { FileVault } from './file-vault.ts';
import type { MeterPace } from './meter-pace.ts';
import type { MultiLocationParts } from './multi-location.ts';
import { wordOf, type Row } from './row.ts';
import type { Store } from './store.ts';
import type { IdSpace, Table } from './tables.ts';

/** Who does something, and whether the webhooks keep quiet about it (`skipWebhook`). */
export interface Act {
  readonly userId: number;
  readonly quiet: boolean;
}

/** What a webhook would tell. `orgId` and `occurredAt` are added for all of them. */
export interface Announcement {
  readonly type: HookEvent;
  readonly body: JsonObject;
  /** Words of this event per filter name of a subscription, e.g. `oneOfStatuses: ['DONE']`. */
  readonly matches?: Readonly<Record<string, readonly Json[]>>;
  /** Entity that is added for subscriptions that asked for it. */
  readonly snapshot?: { readonly key: string; readonly value: () => JsonObject };
}

/** The plant: its records and what changes of them need. */
export interface Plant {
  readonly organizationId: number;
  readonly clock: Clock;
  readonly store: Store;
  /** Comments by work order, oldest first. */
  readonly comments: Map<number, Row[]>;
  readonly files: FileVault;
  readonly multiLocationParts: MultiLocationParts;
  readonly meterPace: MeterPace;
  /** Turns the bare URL of a file into a pre-signed one, different on every read. */
  readonly signLink: (url: string) => string;
  readonly announce: (announcement: Announcement) => void;
  /** What lists show of a record: it, an older version of it, or nothing yet. No function: it. */
  readonly listed?: (kind: CoreKind) => ((row: Row) => Row | undefined) | undefined;
  /** Told of every edit. */
  readonly edited?: (row: Row) => void;
}

export const isoAt = (time: number): string => new Date(time).toISOString();
export const isoNow = (plant: Plant): string => isoAt(plant.clock.now());

export function announce(plant: Plant, act: Act, announcement: Announcement): void {
  if (!act.quiet) plant.announce(announcement);
}

/** `updatedAt` moves with every edit, even with two edits in one millisecond or with a clock that stands. */
export function touch(plant: Plant, row: Row): void {
  const last = Date.parse(wordOf(row['updatedAt']));
  const now = plant.clock.now();
  row['updatedAt'] = isoAt(Number.isNaN(last) ? now : Math.max(now, last + 1));
  plant.store.moved(row);
  plant.edited?.(row);
}

/** A new record as it stands on the day it is made; nobody is told. */
export function insert(plant: Plant, kind: Table, fields: JsonObject, userId: number, id?: number): Row {
  const now = isoNow(plant);
  return plant.store.add(kind, {
    id: id ?? plant.store.nextId(kind),
    createdAt: now,
    updatedAt: now,
    creatorId: userId,
    extraFields: {},
    ...fields,
  });
}

export const newId = (plant: Plant, space: IdSpace): number => plant.store.nextId(space);
