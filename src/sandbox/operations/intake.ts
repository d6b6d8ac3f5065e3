import type { Json, JsonObject } from '../../base/json.ts';
import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import type { Plant } from '../plant/plant.ts';
import { textOf, type Row } from '../plant/row.ts';
import { assetFields } from './asset-intake.ts';
import { partFields } from './part-intake.ts';
import { locationFields, teamFields } from './place-intake.ts';
import { purchaseOrderFields } from './purchase-order-intake.ts';
import { workOrderFields } from './work-order-intake.ts';

export { orderLine } from './purchase-order-intake.ts';

/** Words of a request body that change nothing of the record by themselves. */
const IGNORED: readonly string[] = ['inviteType', 'membersCount', 'updatedAt', 'deletedAt'];

/** The record's fields that a request body sets; `row` is what stands there now. */
export function fieldsFrom(plant: Plant, kind: CoreKind, body: JsonObject, row: Row | undefined): Row {
  if (kind === 'work-order') return workOrderFields(plant, body, row);
  const fields: Row = Object.fromEntries(Object.entries(body).filter(([name]) => !IGNORED.includes(name)));
  if (kind === 'asset') return assetFields(plant, fields, row);
  if (kind === 'team') return teamFields(plant, fields);
  if (kind === 'location') return locationFields(plant, fields, row);
  if (kind === 'part') return partFields(plant, fields, row);
  if (kind === 'purchase-order') return purchaseOrderFields(plant, fields, row);
  if (kind === 'work-request') return workRequestFields(fields);
  return fields;
}

function rename(fields: Row, from: string, to: string, map: (value: Json) => Json): void {
  const value = fields[from];
  if (value === undefined) return;
  delete fields[from];
  fields[to] = map(value);
}

/** Contact details of somebody who is no user: written as text, read with its type. */
function workRequestFields(fields: Row): Row {
  rename(fields, 'creatorContactInfo', 'creatorContactInfo', (value) => {
    const text = textOf(value);
    if (text === '') return null;
    return { type: text.includes('@') ? 'EMAIL' : /^[+\d][\d\s()-]+$/.test(text) ? 'PHONE' : 'OTHER', value: text };
  });
  return fields;
}
