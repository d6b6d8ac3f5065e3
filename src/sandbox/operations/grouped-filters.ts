import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import type { OrderedRows } from '../plant/ordered-rows.ts';
import type { Plant } from '../plant/plant.ts';
import { textOf, type Row } from '../plant/row.ts';
import { ownIn } from './own-in.ts';

/** A field that the store groups rows by, and what a filter's value is: an id, a word, or the id or label of a category. */
type Grouping = readonly [field: string, type: 'id' | 'word' | 'category'];

/** Filters that ask for groups. Their rows are found without a walk over the whole plant. */
const GROUPED: Readonly<Partial<Record<CoreKind, Readonly<Record<string, Grouping>>>>> = {
  'work-order': {
    statuses: ['status', 'word'],
    assets: ['assetId', 'id'],
    locations: ['locationId', 'id'],
    vendors: ['vendorIds', 'id'],
    parts: ['parts', 'id'],
    assignees: ['assignees', 'id'],
    teams: ['assignees', 'id'],
    categories: ['categories', 'category'],
  },
  'work-request': { statuses: ['requestStatus', 'word'] },
  user: { email: ['email', 'word'] },
};

/** The groups of rows that a parameter asks for; undefined when the store does not group by it. */
export function groupsOf(
  plant: Plant,
  kind: CoreKind,
  name: string,
  values: readonly string[],
): OrderedRows[] | undefined {
  const grouping = ownIn(GROUPED[kind], name);
  if (grouping === undefined) return undefined;
  const [field, type] = grouping;
  const words = type === 'category' ? values.flatMap((value) => [value, labelOf(plant, value)]) : values;
  return [...new Set(words)].map((word) => plant.store.where(kind, field, type === 'id' ? Number(word) : word));
}

/** Filters that look for words in a text. */
const TEXTS: Readonly<Partial<Record<CoreKind, Readonly<Record<string, string>>>>> = {
  'work-order': { title: 'title' },
  'work-request': { title: 'title' },
};

/** Rows with the words of a parameter; undefined when there are more than `most`, or when it looks for no words. */
export function rowsWithWords(
  plant: Plant,
  kind: CoreKind,
  name: string,
  words: string,
  most: number,
): readonly Row[] | undefined {
  const field = ownIn(TEXTS[kind], name);
  return field === undefined ? undefined : plant.store.containing(kind, field, words, most);
}

export const groupedFields = (kind: CoreKind): readonly string[] =>
  Object.values(GROUPED[kind] ?? {}).map(([field]) => field);

/** The label of the category with this id; anything else is a label already. */
export const labelOf = (plant: Plant, word: string): string =>
  textOf(plant.store.get('category', Number(word))?.['label']) || word;
