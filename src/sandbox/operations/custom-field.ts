import { objectOf, type JsonObject } from '../../base/json.ts';
import { coreEntry, type CoreKind } from '../../maintainx/catalogue/index.ts';
import { fieldError, type FieldError } from '../http/answer.ts';
import { fieldLabelled, type Entity } from '../plant/custom-field.ts';
import type { Plant } from '../plant/plant.ts';
import { objectsOf, wordOf } from '../plant/row.ts';

/** The kinds whose custom fields are defined; those of users and work requests are free. */
const ENTITIES: Readonly<Partial<Record<CoreKind, Entity>>> = {
  asset: 'assets',
  location: 'locations',
  part: 'parts',
  'work-order': 'workOrders',
  vendor: 'vendors',
  'purchase-order': 'purchaseOrders',
};

const KIND_AT = new Map(
  (['asset', 'location', 'part', 'vendor', 'purchase-order'] as const).map((kind) => [coreEntry(kind).path, kind]),
);

/** "Only number and single line text custom field types are supported", says the specification of the filters. */
const FILTERABLE: readonly string[] = ['number', 'oneline'];

/**
 * Whether a parameter filters the records at `path` by a custom field (FACTS 2.3: its name is the label, and the field
 * must be defined; values need not be there).
 */
export function isCustomField(plant: Plant, path: string, name: string): boolean {
  const kind = KIND_AT.get(path);
  if (kind === undefined) return false;
  const label = labelIn(plant, kind, name);
  return FILTERABLE.includes(wordOf(fieldLabelled(plant, ENTITIES[kind] ?? '', label)?.['type']));
}

/** The label that a parameter means: `limit__c` is the field `limit`, which as `limit` would be another parameter. */
export function labelIn(plant: Plant, kind: CoreKind, name: string): string {
  return fieldLabelled(plant, ENTITIES[kind] ?? '', name) === undefined ? name.replace(/__c$/, '') : name;
}

/** Complaints about values for fields that are not defined. */
export function labelErrors(plant: Plant, kind: CoreKind, body: JsonObject): readonly FieldError[] {
  const own = undefinedLabels(plant, ENTITIES[kind], 'extraFields', body['extraFields']);
  if (kind !== 'purchase-order') return own;
  const lines = objectsOf(body['items']).flatMap((item, index) =>
    ['lineExtraFields', 'extraFields'].flatMap((holder) =>
      undefinedLabels(plant, 'lineItemPurchaseOrders', `items.${index}.${holder}`, item[holder]),
    ),
  );
  return [...own, ...lines];
}

function undefinedLabels(
  plant: Plant,
  entity: Entity | undefined,
  path: string,
  written: JsonObject[string] | undefined,
): readonly FieldError[] {
  if (entity === undefined) return [];
  return Object.entries(objectOf(written))
    .filter(([label]) => fieldLabelled(plant, entity, label) === undefined)
    .map(([label, value]) => fieldError('custom field not found', `${path}.${label}`, value));
}
