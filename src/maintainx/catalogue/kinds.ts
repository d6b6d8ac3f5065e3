import { CORE_KINDS, coreEntryOf } from './core-kinds.ts';
import { FURTHER_KINDS, furtherEntryOf } from './further-kinds.ts';
import type {
  CoreEntry,
  CoreKind,
  Kind,
  KindEntry,
  ListedEntry,
  ListedKind,
  NestedEntry,
  NestedKind,
  SingleKind,
} from './kind.ts';
import { NESTED_KINDS, nestedEntryOf } from './nested-kinds.ts';

const CORE: ReadonlyMap<string, CoreEntry> = new Map(CORE_KINDS.map((kind) => [kind, coreEntryOf(kind)]));
const LISTED: ReadonlyMap<string, ListedEntry> = new Map<string, ListedEntry>([
  ...CORE,
  ...FURTHER_KINDS.map((kind) => [kind, furtherEntryOf(kind)] as const),
]);
const NESTED: ReadonlyMap<string, NestedEntry> = new Map(NESTED_KINDS.map((kind) => [kind, nestedEntryOf(kind)]));
const CATALOGUE: ReadonlyMap<string, KindEntry> = new Map<string, KindEntry>([...LISTED, ...NESTED]);

/** Kinds with a list, in the order in which a first copy is made. */
export const LISTED_KINDS: readonly ListedKind[] = [...CORE_KINDS, ...FURTHER_KINDS];

/** Every kind; those that hang on another one come last. */
export const KINDS: readonly Kind[] = [...LISTED_KINDS, ...NESTED_KINDS];

/** What is known of `kind`. */
export function kindEntry(kind: ListedKind): ListedEntry;
export function kindEntry(kind: NestedKind): NestedEntry;
export function kindEntry(kind: Kind): KindEntry;
export function kindEntry(kind: Kind): KindEntry {
  return known(CATALOGUE.get(kind), kind);
}

/** What is known of a kind with all five operations. */
export const coreEntry = (kind: CoreKind): CoreEntry => known(CORE.get(kind), kind);

function known<Entry>(entry: Entry | undefined, kind: Kind): Entry {
  if (entry === undefined) throw new Error(`not in the catalogue: ${kind}`);
  return entry;
}

export const isKind = (name: string): name is Kind => CATALOGUE.has(name);
export const isCoreKind = (name: string): name is CoreKind => CORE.has(name);
export const isListedKind = (name: string): name is ListedKind => LISTED.has(name);
/** Whether a single record of the kind can be read. */
export const isSingleKind = (kind: ListedKind): kind is SingleKind => kindEntry(kind).singleKey !== null;
