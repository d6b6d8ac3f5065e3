import type { JsonObject } from '../base/json.ts';
import type { Kind } from '../maintainx/index.ts';

/** Which record: ids are unique within an organisation and kind. */
export interface RecordKey {
  readonly organizationId: string;
  readonly kind: Kind;
  readonly recordId: string;
}

/** How a record was read: as a row of a list, or alone. */
export type ReadSource = 'list' | 'get';

/** When a read took place: tickets order it against all other reads, `at` is our clock in epoch milliseconds. */
export interface ReadTime {
  readonly began: number;
  readonly ended: number;
  readonly at: number;
}

/** A read of one record: what one source said of it, or that a single GET found it gone. */
export type Observation = Sighting | Absence;

export interface Sighting {
  readonly key: RecordKey;
  readonly source: ReadSource;
  readonly read: ReadTime;
  /** MaintainX's answer as it came. */
  readonly raw: JsonObject;
  /** Several single GETs, some time apart, told the same as this one: it is believed against what lists told. */
  readonly insists?: boolean;
  /** Facts that made us look. */
  readonly explainedBy: readonly string[];
}

export interface Absence {
  readonly key: RecordKey;
  readonly source: 'get';
  readonly read: ReadTime;
  readonly raw: null;
  readonly insists?: boolean;
  readonly explainedBy: readonly string[];
}

/** What we hold of a record. Times are epoch milliseconds. */
export interface HeldRecord {
  readonly key: RecordKey;
  /** Number of its state events. */
  readonly version: number;
  /** Compared fields that some source told; a missing key was never told. Equals the fold of its state events. */
  readonly state: JsonObject;
  /** Fields that are kept as last told and never compared. */
  readonly kept: JsonObject;
  readonly updatedAt: number | null;
  readonly readSource: ReadSource;
  readonly readEnded: number;
  /** When the last single GET was made, and the `updatedAt` that it told. */
  readonly detailAt: number | null;
  readonly detailUpdatedAt: number | null;
  readonly firstSeenAt: number;
  readonly changedAt: number;
  readonly deletedAt: number | null;
}

/** MaintainX's ids are integers, here and there as text; anything else is no id. */
export const isRecordId = (value: unknown): value is string | number =>
  (typeof value === 'number' || typeof value === 'string') && /^\d{1,20}$/.test(String(value));

/** The key as text, for maps and for sorting before locks. */
export const keyText = (key: RecordKey): string => `${key.organizationId}/${key.kind}/${key.recordId}`;
