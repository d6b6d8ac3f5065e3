import { isObject, objectOf, type Json, type JsonObject } from '../../base/json.ts';
import { badFields, fieldError, type FieldError } from '../http/answer.ts';
import type { Plant } from '../plant/plant.ts';
import { listOf, numberOf, numbersOf, objectsOf, pick, type Row } from '../plant/row.ts';
import { stockPlace } from '../plant/stock.ts';
import { unknownId, unknownIds } from './references.ts';

/** Stock as it was written before parts could lie in several places (FACTS 2.4). */
const ROOT_STOCK_FIELDS = ['area', 'availableQuantity', 'locationId', 'minimumQuantity'];

/** The fields that a body sets of a part. Stock is written as `locations`; the fields at the root are deprecated. */
export function partFields(plant: Plant, fields: Row, part: Row | undefined): Row {
  const old = objectsOf(part?.['locations']);
  const legacy = ROOT_STOCK_FIELDS.filter((field) => fields[field] !== undefined);
  if (legacy.length > 0) checkLegacy(plant, fields, legacy, part);
  const errors = [...referenceErrors(plant, fields), ...placeErrors(plant, fields['locations'])];
  if (errors.length > 0) throw badFields(errors);
  if (fields['locations'] !== undefined) fields['locations'] = placesFrom(fields['locations'], old);
  else if (legacy.length > 0) Object.assign(fields, legacyStock(fields, legacy, old[0], part));
  for (const field of ROOT_STOCK_FIELDS) delete fields[field];
  return { ...fields, ...vendorsOf(fields, part), ...reservedOf(fields) };
}

/** FACTS 2.4: a write of the old fields switches multi-location parts off, and fails where there are several places. */
function checkLegacy(plant: Plant, fields: Row, legacy: readonly string[], part: Row | undefined): void {
  const refuse = (error: string): never => {
    throw badFields(legacy.map((field) => fieldError(error, field, fields[field])));
  };
  if (fields['locations'] !== undefined) refuse('cannot be set together with locations');
  if (part === undefined) return;
  if (objectsOf(part['locations']).length > 1)
    refuse('cannot be set on a part with several locations: write locations');
  plant.multiLocationParts.switchOff(plant.clock.now());
}

function referenceErrors(plant: Plant, fields: Row): readonly FieldError[] {
  return [
    ...unknownId(plant, 'location', 'locationId', fields['locationId']),
    ...unknownIds(plant, 'asset', 'assetIds', fields['assetIds']),
    ...unknownIds(plant, 'team', 'teamIds', fields['teamIds']),
    ...unknownIds(plant, 'vendor', 'vendorIds', fields['vendorIds']),
    ...objectsOf(fields['vendors']).flatMap((vendor, index) =>
      unknownId(plant, 'vendor', `vendors.${index}.vendorId`, vendor['vendorId']),
    ),
  ];
}

function placeErrors(plant: Plant, locations: Json | undefined): readonly FieldError[] {
  const path = isObject(locations) ? 'locations.addedUpdated' : 'locations';
  return writtenPlaces(locations).flatMap((place, index) => [
    ...unknownId(plant, 'location', `${path}.${index}.locationId`, place['locationId']),
    ...rangeErrors(`${path}.${index}`, place),
  ]);
}

const writtenPlaces = (locations: Json | undefined): readonly JsonObject[] =>
  objectsOf(isObject(locations) ? locations['addedUpdated'] : locations);

/** "Must be greater than or equal to minimumQuantity." */
function rangeErrors(path: string, { minimumQuantity, maximumQuantity }: JsonObject): readonly FieldError[] {
  const isBad = typeof maximumQuantity === 'number' && maximumQuantity < numberOf(minimumQuantity);
  const error = 'must be greater than or equal to minimumQuantity';
  return isBad ? [fieldError(error, `${path}.maximumQuantity`, maximumQuantity)] : [];
}

/** A part in one place has its stock there; one in no place keeps it without a place. */
function legacyStock(
  fields: Row,
  legacy: readonly string[],
  place: JsonObject | undefined,
  part: Row | undefined,
): Row {
  const written = Object.fromEntries(legacy.map((name) => [name, fields[name] ?? null]));
  const loose = objectOf(part?.['looseStock']);
  const stock = { ...loose, ...place, ...written };
  return typeof stock['locationId'] === 'number'
    ? { locations: [stockPlace(stock)], looseStock: null }
    : { locations: [], looseStock: pick(stock, ROOT_STOCK_FIELDS) };
}

/** POST takes a list of places; PATCH takes `{addedUpdated, removedLocationIds}`. */
function placesFrom(written: Json, old: readonly JsonObject[]): Json {
  if (Array.isArray(written)) return objectsOf(written).map(stockPlace);
  const places = new Map(old.map((place) => [numberOf(place['locationId']), place]));
  for (const id of numbersOf(objectOf(written)['removedLocationIds'])) places.delete(id);
  for (const place of writtenPlaces(written)) {
    const id = numberOf(place['locationId']);
    places.set(id, stockPlace({ ...places.get(id), ...place }));
  }
  return [...places.values()];
}

/** `vendorIds` is the old way to write `vendors`; both say the same vendors. */
function vendorsOf(fields: Row, part: Row | undefined): Row {
  const { vendors, vendorIds } = fields;
  if (vendors !== undefined)
    return { vendors, vendorIds: objectsOf(vendors).flatMap(({ vendorId }) => vendorId ?? []) };
  if (vendorIds === undefined) return {};
  const known = new Map(objectsOf(part?.['vendors']).map((vendor) => [vendor['vendorId'], vendor]));
  return { vendorIds, vendors: listOf(vendorIds).map((vendorId) => known.get(vendorId) ?? { vendorId }) };
}

/** `reservedQuantity` is the old name of `committedQuantities.reserved`. */
function reservedOf(fields: Row): Row {
  const committed = fields['committedQuantities'];
  if (!isObject(committed)) return {};
  const all = { kitted: 0, reserved: 0, staged: 0, ...committed };
  return { committedQuantities: all, reservedQuantity: all.reserved };
}
