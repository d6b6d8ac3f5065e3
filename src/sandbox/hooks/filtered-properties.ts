import { objectOf, type JsonObject } from '../../base/json.ts';
import { textsOf, type Row } from '../plant/row.ts';

/** The fields of a webhook's entity that each word of a property filter stands for, where they are not the same word. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  ASSET: ['assetId'],
  ASSETS: ['assetIds'],
  ASSIGNEES: ['assigneeIds'],
  LOCATION: ['locationId'],
  TEAMS: ['teamIds'],
  VENDOR: ['vendorId'],
  VENDORS: ['vendorIds', 'vendors'],
  VENDOR_CONTACTS: ['vendorContactIds'],
};

/** `DUE_DATE` → `dueDate`. */
const camelCase = (word: string): string =>
  word.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const PROPERTY_FILTERS = ['oneOfProperties', 'oneOfPartProperties', 'oneOfPurchaseOrderProperties'];

/** `onlySerializeFilteredProperties`: of the entity, what the filter names; all of it when the filter names nothing. */
export function onlyFiltered(entity: JsonObject, filters: JsonObject): JsonObject {
  const words = PROPERTY_FILTERS.flatMap((name) => textsOf(objectOf(filters)[name]));
  if (words.length === 0) return entity;
  const fields = words.flatMap((word) => FIELDS[word] ?? [camelCase(word)]);
  const kept: Row = {};
  for (const field of fields) if (entity[field] !== undefined) kept[field] = entity[field];
  return kept;
}
