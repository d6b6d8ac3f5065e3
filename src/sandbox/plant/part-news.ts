import type { JsonObject } from '../../base/json.ts';
import { announce, type Act, type Plant } from './plant.ts';
import { idOf, numberOf, objectsOf, type Row } from './row.ts';
import { partSnapshot } from './snapshots.ts';
import { availableQuantity } from './stock.ts';

/** Fields of a part and the word for them in a subscription's filter. */
const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  name: ['NAME'],
  description: ['DESCRIPTION'],
  unitCost: ['UNIT_COST'],
  barcode: ['BARCODE'],
  partTypes: ['PART_TYPES'],
  assetIds: ['ASSETS'],
  teamIds: ['TEAMS'],
  extraFields: ['EXTRA_FIELDS'],
  vendors: ['VENDORS'],
  vendorIds: ['VENDORS'],
  locations: ['LOCATIONS', 'LOCATION', 'AREA', 'AVAILABLE_QUANTITY', 'MINIMUM_QUANTITY', 'MAXIMUM_QUANTITY'],
};

/** A part changed; when its stock did, that is told too. */
export function announcePartChange(
  plant: Plant,
  before: Row,
  part: Row,
  changed: readonly string[],
  act: Act,
  origin: string,
): void {
  announce(plant, act, {
    type: 'PART_CHANGE',
    body: { partId: idOf(part) },
    matches: { oneOfPartProperties: changed.flatMap((field) => PROPERTIES[field] ?? []) },
    snapshot: { key: 'newPart', value: () => partSnapshot(part) },
  });
  const locations = quantityChanges(before, part);
  if (locations.length > 0) announceQuantity(plant, before, part, locations, act, origin);
}

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
