import { objectOf, type JsonObject } from '../../base/json.ts';
import { announce, type Act, type Plant } from './plant.ts';
import { idOf, numberOf, objectsOf, type Row } from './row.ts';
import { partSnapshot } from './snapshots.ts';
import { availableQuantity } from './stock.ts';

/** Fields of a part and the word for them in a subscription's filter. */
const PROPERTIES: Readonly<Record<string, string>> = {
  name: 'NAME',
  description: 'DESCRIPTION',
  unitCost: 'UNIT_COST',
  barcode: 'BARCODE',
  partTypes: 'PART_TYPES',
  assetIds: 'ASSETS',
  teamIds: 'TEAMS',
  extraFields: 'EXTRA_FIELDS',
  vendors: 'VENDORS',
};

/** What a place tells, and the word for it. */
const PLACE_PROPERTIES: Readonly<Record<string, string>> = {
  area: 'AREA',
  availableQuantity: 'AVAILABLE_QUANTITY',
  minimumQuantity: 'MINIMUM_QUANTITY',
  maximumQuantity: 'MAXIMUM_QUANTITY',
  locationId: 'LOCATION',
};

/** A part changed; when its stock did, that is told too. Other properties than the specification's tell nothing. */
export function announcePartChange(
  plant: Plant,
  before: Row,
  part: Row,
  changed: readonly string[],
  act: Act,
  origin: string,
): void {
  const properties = changedProperties(before, part, changed);
  if (properties.length > 0)
    announce(plant, act, {
      type: 'PART_CHANGE',
      body: { partId: idOf(part) },
      matches: { oneOfPartProperties: properties },
      snapshot: { key: 'newPart', value: () => partSnapshot(part) },
    });
  const locations = quantityChanges(before, part);
  if (locations.length > 0 || availableQuantity(before) !== availableQuantity(part))
    announceQuantity(plant, before, part, locations, act, origin);
}

function changedProperties(before: Row, part: Row, changed: readonly string[]): string[] {
  const known = changed.flatMap((field) => PROPERTIES[field] ?? []);
  if (!changed.includes('locations') && !changed.includes('looseStock')) return known;
  const places = Object.keys(PLACE_PROPERTIES).filter((field) => valuesIn(before, field) !== valuesIn(part, field));
  return [...known, 'LOCATIONS', ...places.flatMap((field) => PLACE_PROPERTIES[field] ?? [])];
}

const valuesIn = (part: Row, field: string): string =>
  JSON.stringify(
    [part['looseStock'] ?? null, ...objectsOf(part['locations'])].map((place) => objectOf(place)[field] ?? null),
  );

function announceQuantity(
  plant: Plant,
  before: Row,
  part: Row,
  locations: readonly JsonObject[],
  act: Act,
  origin: string,
): void {
  const oldQuantity = availableQuantity(before);
  const newQuantity = availableQuantity(part);
  announce(plant, act, {
    type: 'PART_QUANTITY_CHANGE',
    body: {
      partId: idOf(part),
      quantityDiff: newQuantity - oldQuantity,
      oldQuantity,
      newQuantity,
      userId: act.userId,
      triggeredFrom: origin,
      locations,
    },
  });
}

const quantitiesOf = (part: Row): Map<number, number> =>
  new Map(
    objectsOf(part['locations']).map((place) => [numberOf(place['locationId']), numberOf(place['availableQuantity'])]),
  );

function quantityChanges(before: Row, part: Row): JsonObject[] {
  const old = quantitiesOf(before);
  const now = quantitiesOf(part);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((locationId) => {
    const oldQuantity = old.get(locationId) ?? 0;
    const newQuantity = now.get(locationId) ?? 0;
    if (oldQuantity === newQuantity) return [];
    return [{ locationId, quantityDiff: newQuantity - oldQuantity, oldQuantity, newQuantity }];
  });
}
