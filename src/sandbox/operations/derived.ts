import { objectOf, type Json } from '../../base/json.ts';
import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import { embeddedAsset, embeddedLocation } from './embeds.ts';
import { shownDepreciation } from '../plant/depreciation.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, numbersOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import { shownStatus } from '../plant/status-history.ts';
import { addressesOf, contactsOf } from '../plant/vendor-contact.ts';
import { rootFieldsOf } from '../plant/stock.ts';
import { partLine, partsAvailabilityOf } from '../plant/work-order-parts.ts';

/** How a derived field is worked out. `view` shows another record of the plant by itself, without expands. */
export type Derive = (plant: Plant, row: Row, expand: ReadonlySet<string>, view: ViewOther) => Json | undefined;
type ViewOther = (kind: CoreKind, row: Row) => Row;

const childrenOf =
  (kind: CoreKind): Derive =>
  (plant, row) =>
    Array.from(plant.store.where(kind, 'parentId', idOf(row)).forwards(), idOf);

const organisation: Derive = (plant) => plant.organizationId;
const asset: Derive = (plant, row, expand) => embeddedAsset(plant, row['assetId'], expand.has('asset_extra_fields'));
const location: Derive = (plant, row, expand) =>
  embeddedLocation(plant, row['locationId'], expand.has('location_extra_fields'));

/** Ids of the assigned users or teams. */
export function assignedIds(workOrder: Row, type: 'USER' | 'TEAM'): readonly Json[] {
  return objectsOf(workOrder['assignees'])
    .filter((assignee) => assignee['type'] === type)
    .map(idOf);
}

const WORK_ORDER: Readonly<Record<string, Derive>> = {
  organizationId: organisation,
  assigneeIds: (_, row) => assignedIds(row, 'USER'),
  teamIds: (_, row) => assignedIds(row, 'TEAM'),
  partsAvailability: partsAvailabilityOf,
  asset,
  location,
  parts: (plant, row, expand) =>
    objectsOf(row['parts']).map((line) => partLine(plant, line, expand.has('part_extra_fields'))),
};

const root =
  (field: string): Derive =>
  (_, row) =>
    rootFieldsOf(row)[field];

const PART_ROOT_FIELDS = [
  'availableQuantity',
  'inStockQuantity',
  'minimumQuantity',
  'maximumQuantity',
  'locationId',
  'area',
];

/** Fields that are worked out when the record is read. */
export const DERIVED: Readonly<Partial<Record<CoreKind, Readonly<Record<string, Derive>>>>> = {
  location: {
    organizationId: organisation,
    childrenIds: childrenOf('location'),
    // Teams say where they work; a location cannot.
    teamIds: (plant, row) => Array.from(plant.store.where('team', 'locationIds', idOf(row)).forwards(), idOf),
  },
  asset: {
    organizationId: organisation,
    childrenIds: childrenOf('asset'),
    status: (plant, row) => shownStatus(plant, objectOf(row['status'])),
    depreciation: (plant, row) => shownDepreciation(plant, row['depreciation']),
  },
  vendor: {
    contactIds: (plant, row) => contactsOf(plant, row).map(idOf),
    emails: (plant, row) => addressesOf(plant, row, 'emails', 'email'),
    phoneNumbers: (plant, row) => addressesOf(plant, row, 'phoneNumbers', 'phoneNumber'),
  },
  'work-order': WORK_ORDER,
  'work-request': {
    asset,
    location,
    workOrder: (plant, row, _, view) => {
      const workOrder = plant.store.get('work-order', Number(row['workOrderId']));
      return workOrder === undefined ? undefined : view('work-order', workOrder);
    },
  },
  part: {
    organizationId: organisation,
    ...Object.fromEntries(PART_ROOT_FIELDS.map((field) => [field, root(field)])),
  },
  meter: { asset, location },
  team: {
    membersCount: (plant, row) =>
      numbersOf(row['memberIds']).filter((id) => plant.store.get('user', id) !== undefined).length,
  },
  category: {
    workOrderCount: (plant, row) => plant.store.where('work-order', 'categories', textOf(row['label'])).size,
  },
};
