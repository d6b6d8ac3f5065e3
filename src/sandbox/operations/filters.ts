import { objectOf, type Json } from '../../base/json.ts';
import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import { badFields, fieldError } from '../http/answer.ts';
import { labelIn } from './custom-field.ts';
import { assignedIds } from './derived.ts';
import { labelOf } from './grouped-filters.ts';
import { ownIn } from './own-in.ts';
import { isoAt, type Plant } from '../plant/plant.ts';
import { idOf, listOf, objectsOf, textOf, wordOf, type Row } from '../plant/row.ts';

/** Whether a row passes one filter with these values (a repeated parameter means "one of"). */
type Filter = (row: Row, values: readonly string[], plant: Plant) => boolean;
/** Makes the filter of one query. */
type Prepare = (plant: Plant, query: URLSearchParams, name: string) => (row: Row) => boolean;

const has = (found: readonly (Json | undefined)[], values: readonly string[]): boolean =>
  found.some((item) => item !== undefined && item !== null && values.includes(wordOf(item)));

const equals =
  (field: string): Filter =>
  (row, values) =>
    has([row[field]], values);

const not =
  (filter: Filter): Filter =>
  (row, values, plant) =>
    !filter(row, values, plant);

/** Parts of a text, in any case. The patterns are made once for all rows. */
const contains =
  (field: string): Prepare =>
  (_, query, name) => {
    const patterns = query.getAll(name).map((value) => new RegExp(value.replaceAll(/[^\p{L}\p{N}\s]/gu, '\\$&'), 'i'));
    return (row) => {
      const text = textOf(row[field]);
      return patterns.every((pattern) => pattern.test(text));
    };
  };

const oneOfList =
  (field: string): Filter =>
  (row, values) =>
    has(listOf(row[field]), values);

const parts: Filter = (row, values) => has(objectsOf(row['parts']).map(idOf), values);

/** Labels or ids. */
const categories: Filter = (row, values, plant) => {
  const labels = values.map((value) => labelOf(plant, value));
  return has(listOf(row['categories']), labels) || has(listOf(row['categories']), values);
};

const family: Filter = (row, values) => {
  if (row['isParent'] === true) return values.includes('PARENT');
  return values.includes(typeof row['parentId'] === 'number' ? 'SUB_WORK_ORDER' : 'STANDALONE');
};

/** Without `show_upcoming`, work orders that start in the future are hidden. Handled in list.ts. */
const any: Filter = () => true;

/** The bounds of a time, as text that compares like the times do: we write `updatedAt` and `createdAt` ourselves. */
export function timeBounds(query: URLSearchParams, field: string): { readonly least: string; readonly most: string } {
  const times = (name: string): string[] =>
    query
      .getAll(`${field}[${name}]`)
      .map((value) => Date.parse(value))
      .filter((time) => !Number.isNaN(time))
      .map((time) => isoAt(Math.min(LAST_TIME, time)));
  return { least: times('gte').toSorted().at(-1) ?? '', most: times('lte').toSorted()[0] ?? '~' };
}

/** 9999: later years are written with a sign and would compare otherwise. */
const LAST_TIME = 253_402_300_799_999;

const within =
  (field: string): Prepare =>
  (_, query) => {
    const { least, most } = timeBounds(query, field);
    return (row) => {
      const time = textOf(row[field]);
      return time >= least && time <= most;
    };
  };

const BY_TIME: Readonly<Record<string, Prepare>> = {
  'updatedAt[gte]': within('updatedAt'),
  'updatedAt[lte]': within('updatedAt'),
  'createdAt[gte]': within('createdAt'),
  'createdAt[lte]': within('createdAt'),
};

const FILTERS: Readonly<Partial<Record<CoreKind, Readonly<Record<string, Filter>>>>> = {
  'work-order': {
    assets: equals('assetId'),
    notAssets: not(equals('assetId')),
    locations: equals('locationId'),
    notLocations: not(equals('locationId')),
    parts,
    notParts: not(parts),
    vendors: oneOfList('vendorIds'),
    notVendors: not(oneOfList('vendorIds')),
    assignees: (row, values) => has(assignedIds(row, 'USER'), values),
    teams: (row, values) => has(assignedIds(row, 'TEAM'), values),
    categories,
    notCategories: not(categories),
    priorities: equals('priority'),
    statuses: equals('status'),
    partStatuses: equals('partStatus'),
    parentSubWorkOrderTypes: family,
    show_upcoming: any,
  },
  'work-request': {
    assets: equals('assetId'),
    locations: equals('locationId'),
    priorities: equals('priority'),
    statuses: equals('requestStatus'),
  },
  asset: { locationId: equals('locationId'), manufacturer: equals('manufacturer'), model: equals('model') },
  part: {
    partNumber: (row, values) =>
      has(
        objectsOf(row['vendors']).map((vendor) => vendor['partNumber']),
        values,
      ),
  },
  meter: { measurementType: equals('measurementType'), assets: equals('assetId') },
  user: { email: equals('email'), onlyAssignable: (row, values) => !values.includes('true') || isAssignable(row) },
};

const BY_TEXT: Readonly<Partial<Record<CoreKind, Readonly<Record<string, Prepare>>>>> = {
  'work-order': { title: contains('title') },
  'work-request': { title: contains('title') },
  location: { name: contains('name') },
};

const isAssignable = (user: Row): boolean => user['role'] !== 'REQUESTER' && user['role'] !== 'SERVICE_ACCOUNT';

/** Words that the enumerated filters take. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  priorities: ['NONE', 'LOW', 'MEDIUM', 'HIGH'],
  partStatuses: ['NO_PARTS', 'ASSIGNED', 'RESERVED', 'KITTED', 'STAGED', 'ISSUED'],
  parentSubWorkOrderTypes: ['PARENT', 'SUB_WORK_ORDER', 'STANDALONE'],
  measurementType: ['MANUAL', 'IOT_DEVICE', 'AUTOMATED_SENSOR'],
};
const STATUSES: Readonly<Partial<Record<CoreKind, readonly string[]>>> = {
  'work-order': ['OPEN', 'IN_PROGRESS', 'ON_HOLD', 'DONE', 'CANCELED', 'SKIPPED'],
  'work-request': ['PENDING', 'REJECTED', 'APPROVED', 'DONE'],
};
const NUMERIC = ['assets', 'notAssets', 'locations', 'notLocations', 'parts', 'notParts', 'vendors', 'notVendors'];

const NO_FILTERS: readonly string[] = ['cursor', 'limit', 'sort', 'expand'];

/** The parameters that filter. */
export const filterNames = (query: URLSearchParams): string[] =>
  [...new Set(query.keys())].filter((name) => !NO_FILTERS.includes(name));

const byLabel =
  (label: string): Filter =>
  (row, values) =>
    has([objectOf(row['extraFields'])[label]], values);

/** The filter behind a parameter; a name that is none of them is the label of a custom field (FACTS 2.3). */
export function filterOf(plant: Plant, kind: CoreKind, name: string, query: URLSearchParams): (row: Row) => boolean {
  const prepare = ownIn(BY_TIME, name) ?? ownIn(BY_TEXT[kind], name);
  if (prepare !== undefined) return prepare(plant, query, name);
  const values = query.getAll(name);
  const filter: Filter = ownIn(FILTERS[kind], name) ?? byLabel(labelIn(plant, kind, name));
  return (row) => filter(row, values, plant);
}

/** Refuses values that the filter cannot take. */
export function checkFilter(kind: CoreKind, name: string, values: readonly string[]): void {
  const words = name === 'statuses' ? STATUSES[kind] : ownIn(WORDS, name);
  values.forEach((value, index) => {
    const path = values.length > 1 ? `${name}.${index}` : name;
    if (words !== undefined && !words.includes(value))
      throw badFields([fieldError('must be equal to one of the allowed values', path, value)]);
    if (Object.hasOwn(BY_TIME, name) && Number.isNaN(Date.parse(value)))
      throw badFields([fieldError('must match format "date-time"', path, value)]);
    if (NUMERIC.includes(name) && !/^\d+$/.test(value)) throw badFields([fieldError('must be integer', path, value)]);
  });
}
