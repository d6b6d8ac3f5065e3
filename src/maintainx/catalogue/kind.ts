import type { JsonObject } from '../../base/json.ts';
import type { Resource, Singles } from './resources.ts';

/** What Millwright calls a kind of MaintainX record. */
export type Kind = keyof Singles;

/**
 * How a field takes part in comparing and logging:
 * `state` as it is · `set` an array whose order says nothing · `link` holds URLs, of which only the path counts ·
 * `derived` kept, never compared · `volatile` ignored. An embedded record is reduced to the named keys.
 */
export type FieldRule = 'state' | 'set' | 'link' | 'derived' | 'volatile' | Embedded;

export interface Embedded {
  /** Keys of the embedded object that belong to this record; all others belong to the other record. */
  readonly keep: readonly string[];
  /** With one key: the field that carries its bare value, e.g. `asset.id` as `assetId`. */
  readonly as?: string;
}

/** One way to read a record, and what it tells. */
export interface Source {
  /** Fields of MaintainX's answer that this source carries when `expand` is sent. */
  readonly fields: readonly string[];
  /** `expand` tokens that we always send. */
  readonly expand: readonly string[];
}

/** All that is known of one kind of record. */
export interface KindEntry {
  readonly kind: Kind;
  readonly path: string;
  readonly listKey: string;
  readonly singleKey: string;
  /** `offset`: the cursor hides an offset, so rows shift while one pages. */
  readonly paging: 'cursor' | 'offset';
  /** Whether the list takes `updatedAt[gte]` and sorts by `updatedAt`. */
  readonly changesByTime: boolean;
  readonly sorts: readonly string[];
  readonly filters: readonly string[];
  readonly list: Source;
  readonly get: Source;
  readonly fields: Readonly<Record<string, FieldRule>>;
  readonly createFields: readonly string[];
  readonly createRequired: readonly string[];
  readonly updateFields: readonly string[];
  readonly createStatus: number;
  /** What the specification says, before our additions. */
  readonly resource: Resource;
  /** Example: a person's words for one record, for terminal and chat. */
  readonly title: (record: JsonObject) => string;
}
