import { objectOf, type JsonObject } from '../../base/json.ts';
import { numberOf, objectsOf, type Row } from './row.ts';

const total = (part: JsonObject, field: string): number =>
  objectsOf(part['locations']).reduce((sum, location) => sum + numberOf(location[field]), 0);

/** What lies in all places together, or without a place. */
export const availableQuantity = (part: JsonObject): number =>
  total(part, 'availableQuantity') + numberOf(looseStock(part)['availableQuantity']);

/** Stock that was written to the deprecated root fields of a part without a place. */
const looseStock = (part: JsonObject): JsonObject => objectOf(part['looseStock']);

/** The fields at a part's root that only repeat what its locations say. */
export function rootFieldsOf(part: JsonObject): Row {
  const first = objectsOf(part['locations'])[0];
  const available = availableQuantity(part);
  return {
    availableQuantity: available,
    inStockQuantity: available,
    minimumQuantity: total(part, 'minimumQuantity') + numberOf(looseStock(part)['minimumQuantity']),
    maximumQuantity: total(part, 'maximumQuantity') || null,
    locationId: first?.['locationId'] ?? null,
    area: (first ?? looseStock(part))['area'] ?? null,
  };
}

/** A stock place in full, with the keys that answers carry. */
export function stockPlace(fields: JsonObject): Row {
  return {
    locationId: numberOf(fields['locationId']),
    availableQuantity: numberOf(fields['availableQuantity']),
    minimumQuantity: numberOf(fields['minimumQuantity']),
    maximumQuantity: fields['maximumQuantity'] ?? null,
    area: fields['area'] ?? null,
    reservedQuantity: fields['reservedQuantity'] ?? 0,
    committedQuantities: fields['committedQuantities'] ?? { kitted: 0, reserved: 0, staged: 0 },
    assignedQuantity: fields['assignedQuantity'] ?? 0,
  };
}

/** The stock places with `difference` booked at `locationId`; a quantity never falls below zero. */
export function bookAt(part: JsonObject, locationId: number, difference: number): Row[] {
  return objectsOf(part['locations']).map((place) => {
    if (place['locationId'] !== locationId) return { ...place };
    return { ...place, availableQuantity: Math.max(0, numberOf(place['availableQuantity']) + difference) };
  });
}

/** As `bookAt`; a place where the part did not lie until now is added. */
export function bookInto(part: JsonObject, locationId: number, difference: number): Row[] {
  const isKnown = objectsOf(part['locations']).some((place) => place['locationId'] === locationId);
  const booked = bookAt(part, locationId, difference);
  return isKnown ? booked : [...booked, stockPlace({ locationId, availableQuantity: Math.max(0, difference) })];
}
