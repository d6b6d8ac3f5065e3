import type { JsonObject } from '../../base/json.ts';
import type { Creates, NestedRows, Operation, Resource, Rows, Singles } from './resources.ts';

/** Kinds that are created, read, edited and deleted alike, and that webhooks tell of. */
export type CoreKind = keyof Creates;
/** Kinds with a list of their own. */
export type ListedKind = keyof Rows;
/** Kinds of which a single record can be read. */
export type SingleKind = keyof Singles;
/** Collections that hang on a record of another kind and are read and kept as one, under that record's id. */
export type NestedKind = keyof NestedRows;

/** What Millwright calls a kind of MaintainX record. */
export type Kind = ListedKind | NestedKind;

/**
 * How a field takes part in comparing and logging:
 * `state` as it is · `set` an array whose order says nothing · `link` holds URLs, of which only the path counts ·
 * `link-set` is both ·
 * `derived` kept, never compared · `volatile` ignored. An embedded record is reduced to the named keys.
 */
export type FieldRule = 'state' | 'set' | 'link' | 'link-set' | 'derived' | 'volatile' | Embedded;

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

/** What is known of every kind of record. */
interface Entry {
  readonly path: string;
  /** By which it is read. */
  readonly operations: { readonly list: Operation; readonly get?: Operation };
  /** Key of the rows in the list's answer. */
  readonly listKey: string;
  /** `offset`: the cursor hides an offset, so rows shift while one pages. `none`: one request tells all. */
  readonly paging: 'cursor' | 'offset' | 'none';
  /** Whether the list takes `updatedAt[gte]` and sorts by `updatedAt`. */
  readonly changesByTime: boolean;
  readonly sorts: readonly string[];
  readonly filters: readonly string[];
  readonly list: Source;
  readonly get: Source;
  readonly fields: Readonly<Record<string, FieldRule>>;
  /** Not copied unless a tenant asks for it: it costs much, or is nobody's business. */
  readonly optional: boolean;
  /** Example: a person's words for one record, for terminal and chat. */
  readonly title: (record: JsonObject) => string;
}

export interface ListedEntry extends Entry {
  readonly kind: ListedKind;
  /** Key of the record in the answer of its single GET; null: there is no such GET, the list alone tells. */
  readonly singleKey: string | null;
  /** The list comes in parts, one request each: `path` names them `{entity}`. */
  readonly sections?: readonly string[];
  readonly nesting?: undefined;
}

/** How the rows of a nested kind become known. */
export interface Nesting {
  readonly parent: ListedKind;
  /**
   * The parent's fields that change when rows come or go; a parent of which they are all empty has no rows. None: nothing of
   * the parent tells.
   */
  readonly moves: readonly string[];
  /** Edits of rows move nothing: they are read again after each single GET of the parent. */
  readonly withParent: boolean;
}

export interface NestedEntry extends Entry {
  readonly kind: NestedKind;
  readonly nesting: Nesting;
}

export type KindEntry = ListedEntry | NestedEntry;

/** A kind with all five operations. */
export interface CoreEntry extends ListedEntry {
  readonly kind: CoreKind;
  readonly singleKey: string;
  readonly createFields: readonly string[];
  readonly createRequired: readonly string[];
  readonly updateFields: readonly string[];
  readonly createStatus: number;
  /** What the specification says, before our additions. */
  readonly resource: Resource;
}
