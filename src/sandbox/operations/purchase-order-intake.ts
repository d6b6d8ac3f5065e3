import { isObject, type JsonObject } from '../../base/json.ts';
import { badFields, fieldError, type FieldError } from '../http/answer.ts';
import { newId, type Plant } from '../plant/plant.ts';
import { addressId, addressWith } from '../plant/shipping-address.ts';
import { idOf, numberOf, objectsOf, type Row } from '../plant/row.ts';
import { unknownId, unknownIds } from './references.ts';

/** The fields that a body sets of a purchase order. */
export function purchaseOrderFields(plant: Plant, fields: Row, order: Row | undefined): Row {
  const errors = orderErrors(plant, fields, order);
  if (errors.length > 0) throw badFields(errors);
  for (const side of ['shipping', 'billing']) setAddress(plant, fields, side);
  const old = new Map(objectsOf(order?.['items']).map((item) => [idOf(item), item]));
  if (fields['items'] !== undefined)
    fields['items'] = objectsOf(fields['items']).map((item) => orderLine(plant, item, old.get(idOf(item))));
  if (fields['costs'] !== undefined)
    fields['costs'] = objectsOf(fields['costs']).map((cost) => ({ id: newId(plant, 'line'), ...cost }));
  return fields;
}

function orderErrors(plant: Plant, fields: Row, order: Row | undefined): readonly FieldError[] {
  return [
    ...unknownIds(plant, 'vendor-contact', 'vendorContactIds', fields['vendorContactIds']),
    ...unknownId(plant, 'shipping-address', 'shippingAddressId', fields['shippingAddressId']),
    ...unknownId(plant, 'shipping-address', 'billingAddressId', fields['billingAddressId']),
    ...objectsOf(fields['items']).flatMap((item, index) =>
      unknownId(plant, 'part', `items.${index}.partId`, item['partId']),
    ),
    ...foreignIds('items', fields, order),
    ...foreignIds('costs', fields, order),
  ];
}

/** Lines that are named by an id must be lines of this order. */
function foreignIds(list: 'items' | 'costs', fields: Row, order: Row | undefined): readonly FieldError[] {
  const known = objectsOf(order?.[list]).map(idOf);
  return objectsOf(fields[list]).flatMap((line, index) =>
    typeof line['id'] === 'number' && !known.includes(line['id'])
      ? [fieldError('not found', `${list}.${index}.id`, line['id'])]
      : [],
  );
}

/** An address is written in full or by the id of one that was used before; the id goes first. */
function setAddress(plant: Plant, fields: Row, side: string): void {
  const id = fields[`${side}AddressId`];
  delete fields[`${side}AddressId`];
  const whole = `${side}Address`;
  if (typeof id === 'number') fields[whole] = addressWith(plant, id);
  else if (isObject(fields[whole])) addressId(plant, fields[whole]);
  else if (id === null) fields[whole] = null;
}

/** A line of a purchase order as it is read, from what is written of it and what stands there now. */
export function orderLine(plant: Plant, written: JsonObject, old: JsonObject = {}): Row {
  const item = { ...old, ...written };
  const part = plant.store.get('part', numberOf(item['partId']));
  const vendor = objectsOf(part?.['vendors'])[0];
  const lineExtraFields =
    written['lineExtraFields'] ?? written['extraFields'] ?? old['lineExtraFields'] ?? old['extraFields'] ?? {};
  return {
    id: typeof item['id'] === 'number' ? item['id'] : newId(plant, 'line'),
    partId: item['partId'] ?? null,
    name: item['name'] ?? part?.['name'] ?? null,
    partNumber: item['partNumber'] ?? vendor?.['partNumber'] ?? null,
    ...moneyOf(written, old, part),
    quantityOrdered: numberOf(item['quantityOrdered']),
    quantityReceived: numberOf(item['quantityReceived']),
    fulfillments: item['fulfillments'] ?? [],
    // The old name of `lineExtraFields`.
    extraFields: lineExtraFields,
    lineExtraFields,
    partExtraFields: part?.['extraFields'] ?? {},
  };
}

/** `unitCost` is of one piece and `price` of the whole line: either follows from the other (cents, and as decimals). */
function moneyOf(written: JsonObject, old: JsonObject, part: Row | undefined): Row {
  const quantity = numberOf(written['quantityOrdered'] ?? old['quantityOrdered']);
  const fromPrice =
    typeof written['price'] === 'number' && quantity > 0 ? Math.round(written['price'] / quantity) : undefined;
  const unitCost = numberOf(written['unitCost'] ?? fromPrice ?? old['unitCost'] ?? part?.['unitCost']);
  const price = numberOf(written['price'] ?? unitCost * quantity);
  return { unitCost, unitCostDecimal: decimal(unitCost), price, priceDecimal: decimal(price) };
}

const decimal = (cents: number): string => (cents / 100).toFixed(2);
