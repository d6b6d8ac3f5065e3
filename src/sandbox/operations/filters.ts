import { objectOf, type Json } from '../../base/json.ts';
import type { Kind } from '../../maintainx/catalogue/index.ts';
import { badFields, fieldError } from '../http/answer.ts';
import { assignedIds } from './derived.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, listOf, objectsOf, textOf, wordOf, type Row } from '../plant/row.ts';

/** Whether a row passes one filter with these values (a repeated parameter means "one of"). */
type Filter = (row: Row, values: readonly string[], plant: Plant) => boolean;

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

const contains =
  (field: string): Filter =>
  (row, values) =>
    values.every((value) => textOf(row[field]).toLowerCase().includes(value.toLowerCase()));

const oneOfList =
  (field: string): Filter =>
  (row, values) =>
    has(listOf(row[field]), values);

const parts: Filter = (row, values) => has(objectsOf(row['parts']).map(idOf), values);

/** Labels or ids. */
const categories: Filter = (row, values, plant) => {
  const labels = listOf(row['categories']);
  const ids = plant.store
    .all('category')
    .filter((category) => labels.includes(category['label'] ?? null))
    .map(idOf);
  return has([...labels, ...ids], values);
};

const family: Filter = (row, values) => {
  if (row['isParent'] === true) return values.includes('PARENT');
  return values.includes(typeof row['parentId'] === 'number' ? 'SUB_WORK_ORDER' : 'STANDALONE');
};

/** Without `show_upcoming`, work orders that start in the future are hidden. Handled in list.ts. */
const any: Filter = () => true;

const atLeast =
  (field: string): Filter =>
  (row, values) =>
    values.every((value) => Date.parse(textOf(row[field])) >= Date.parse(value));
const atMost =
  (field: string): Filter =>
  (row, values) =>
    values.every((value) => Date.parse(textOf(row[field])) <= Date.parse(value));

const BY_TIME: Readonly<Record<string, Filter>> = {
  'updatedAt[gte]': atLeast('updatedAt'),
  'updatedAt[lte]': atMost('updatedAt'),
  'createdAt[gte]': atLeast('createdAt'),
  'createdAt[lte]': atMost('createdAt'),
};

const FILTERS: Readonly<Partial<Record<Kind, Readonly<Record<string, Filter>>>>> = {
  'work-order': {
    title: contains('title'),
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
    title: contains('title'),
    assets: equals('assetId'),
    locations: equals('locationId'),
    priorities: equals('priority'),
    statuses: equals('requestStatus'),
  },
  asset: { locationId: equals('locationId'), manufacturer: equals('manufacturer'), model: equals('model') },
  location: { name: contains('name') },
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

const isAssignable = (user: Row): boolean => user['role'] !== 'REQUESTER' && user['role'] !== 'SERVICE_ACCOUNT';

/** Words that the enumerated filters take. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  priorities: ['NONE', 'LOW', 'MEDIUM', 'HIGH'],
  partStatuses: ['NO_PARTS', 'ASSIGNED', 'RESERVED', 'KITTED', 'STAGED', 'ISSUED'],
  parentSubWorkOrderTypes: ['PARENT', 'SUB_WORK_ORDER', 'STANDALONE'],
  measurementType: ['MANUAL', 'IOT_DEVICE', 'AUTOMATED_SENSOR'],
};
const STATUSES: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  'work-order': ['OPEN', 'IN_PROGRESS', 'ON_HOLD', 'DONE', 'CANCELED', 'SKIPPED'],
  'work-request': ['PENDING', 'REJECTED', 'APPROVED', 'DONE'],
};
const NUMERIC = ['assets', 'notAssets', 'locations', 'notLocations', 'parts', 'notParts', 'vendors', 'notVendors'];

/** The filter behind a parameter; a name that is none of them is the label of a custom field (FACTS 2.3). */
export function filterOf(kind: Kind, name: string): Filter {
  return BY_TIME[name] ?? FILTERS[kind]?.[name] ?? ((row, values) => has([objectOf(row['extraFields'])[name]], values));
}

/** Refuses values that the filter cannot take. */
export function checkFilter(kind: Kind, name: string, values: readonly string[]): void {
  const words = name === 'statuses' ? STATUSES[kind] : WORDS[name];
  values.forEach((value, index) => {
    const path = values.length > 1 ? `${name}.${index}` : name;
    if (words !== undefined && !words.includes(value))
      throw badFields([fieldError('must be equal to one of the allowed values', path, value)]);
    if (name in BY_TIME && Number.isNaN(Date.parse(value)))
      throw badFields([fieldError('must match format "date-time"', path, value)]);
    if (NUMERIC.includes(name) && !/^\d+$/.test(value)) throw badFields([fieldError('must be integer', path, value)]);
  });
}
