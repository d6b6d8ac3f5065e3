import type { JsonObject } from '../../base/json.ts';
import { badFields, fieldError, type FieldError } from '../http/answer.ts';
import type { Plant } from '../plant/plant.ts';
import type { Receipt } from '../plant/purchase-order-receipt.ts';
import { idOf, numberOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import { unknownId } from './references.ts';

const RECEIVING: readonly string[] = ['APPROVED', 'PARTIALLY_FULFILLED', 'COMPLETED'];

/** What a fulfilment says has arrived; all that is wrong with it at once. */
export function receiptsFrom(plant: Plant, order: Row, body: JsonObject): readonly Receipt[] {
  const status = textOf(order['status']);
  if (!RECEIVING.includes(status))
    throw badFields([{ error: `Cannot receive items of a Purchase Order that is ${status}` }]);
  const written = objectsOf(body['items']);
  const errors = written.flatMap((item, index) => itemErrors(plant, order, item, `items.${index}`));
  if (errors.length > 0) throw badFields(errors);
  // FACTS 2.4: the old way switches multi-location parts off for everybody.
  if (written.some((item) => item['fulfillments'] === undefined)) plant.multiLocationParts.switchOff(plant.clock.now());
  return written.map((item) => receiptFrom(order, item));
}

const lineOf = (order: Row, item: JsonObject): JsonObject | undefined =>
  objectsOf(order['items']).find((line) => idOf(line) === idOf(item));

function itemErrors(plant: Plant, order: Row, item: JsonObject, path: string): readonly FieldError[] {
  const line = lineOf(order, item);
  if (line === undefined) return [fieldError('item not found', `${path}.id`, item['id'])];
  if (item['fulfillments'] === undefined) return legacyErrors(plant, line, item, path);
  return objectsOf(item['fulfillments']).flatMap((place, index) => [
    ...unknownId(plant, 'location', `${path}.fulfillments.${index}.locationId`, place['locationId']),
    ...negative(place, `${path}.fulfillments.${index}`),
    ...unknownFulfillment(line, place, `${path}.fulfillments.${index}.id`),
  ]);
}

/** FACTS 2.4: it fails for a part that lies in several places. */
function legacyErrors(plant: Plant, line: JsonObject, item: JsonObject, path: string): readonly FieldError[] {
  const part = plant.store.get('part', numberOf(line['partId']));
  const isMany = objectsOf(part?.['locations']).length > 1;
  const error = 'cannot be set for a part with several locations: write fulfillments';
  return [
    ...(isMany ? [fieldError(error, `${path}.quantityReceived`, item['quantityReceived'])] : []),
    ...negative(item, path),
  ];
}

const negative = ({ quantityReceived }: JsonObject, path: string): readonly FieldError[] =>
  numberOf(quantityReceived) < 0 ? [fieldError('must be >= 0', `${path}.quantityReceived`, quantityReceived)] : [];

function unknownFulfillment(line: JsonObject, place: JsonObject, path: string): readonly FieldError[] {
  const isKnown = objectsOf(line['fulfillments']).some((one) => one['id'] === place['id']);
  return place['id'] === undefined || isKnown ? [] : [fieldError('fulfillment not found', path, place['id'])];
}

function receiptFrom(order: Row, item: JsonObject): Receipt {
  const unitCost = typeof item['unitCost'] === 'number' ? { unitCost: item['unitCost'] } : {};
  if (item['fulfillments'] === undefined)
    return {
      itemId: idOf(item),
      ...unitCost,
      places: [{ locationId: undefined, quantity: numberOf(item['quantityReceived']), isLegacy: true }],
    };
  const known = objectsOf(lineOf(order, item)?.['fulfillments']);
  const places = objectsOf(item['fulfillments']).map((place) => {
    const old = known.find((one) => one['id'] === place['id']);
    const locationId = place['locationId'] ?? old?.['locationId'];
    return {
      locationId: typeof locationId === 'number' ? locationId : undefined,
      quantity: numberOf(place['quantityReceived']),
      isLegacy: place['isLegacy'] === true,
    };
  });
  return { itemId: idOf(item), ...unitCost, places };
}
