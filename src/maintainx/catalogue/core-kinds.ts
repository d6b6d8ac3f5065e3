import type { JsonObject } from '../../base/json.ts';
import { byName, byTitle, idOf, sourceOf, text } from './entry-parts.ts';
import type { CoreEntry, CoreKind, FieldRule } from './kind.ts';
import { resourceOf, type FiveOperations } from './resources.ts';

/** What the specification does not say of a kind. */
interface Addition {
  readonly paging: CoreEntry['paging'];
  readonly listExpand?: readonly string[];
  readonly getExpand?: readonly string[];
  /** Fields that the schema names but that come only with an expand token that we do not send. */
  readonly listLacks?: readonly string[];
  readonly getLacks?: readonly string[];
  readonly rules: Readonly<Record<string, FieldRule>>;
  readonly title: (record: JsonObject) => string;
}

const FILES = { thumbnail: 'link', attachments: 'link' } as const satisfies Record<string, FieldRule>;

/** In the order in which a first copy is made: what others point to comes first. */
const ADDITIONS: Readonly<Record<CoreKind, Addition>> = {
  location: {
    paging: 'offset',
    listExpand: ['extra_fields', 'team_ids', 'vendor_ids', 'barcode'],
    // A parent's children are a question about the children: their parentId is the state.
    rules: { ...FILES, childrenIds: 'derived', organizationId: 'derived', teamIds: 'set', vendorIds: 'set' },
    title: byName,
  },
  asset: {
    paging: 'offset',
    listExpand: [
      'barcode',
      'team_ids',
      'asset_types',
      'extra_fields',
      'vendor_ids',
      'depreciation',
      'status',
      'manufacturer',
      'model',
    ],
    rules: {
      ...FILES,
      childrenIds: 'derived',
      organizationId: 'derived',
      teamIds: 'set',
      vendorIds: 'set',
      assetTypes: 'set',
      // The list's status lacks customStatusId, and the custom status is a record of its own.
      status: { keep: ['id', 'status', 'downtimeType', 'startedAt', 'endedAt', 'description'] },
      // Book values are computed from these and the calendar.
      depreciation: {
        keep: [
          'id',
          'annualDepreciation',
          'depreciationStartDate',
          'purchaseDate',
          'purchasePrice',
          'salvageValue',
          'usefulLifeYears',
        ],
      },
    },
    title: byName,
  },
  'work-order': {
    paging: 'cursor',
    listExpand: [
      'thumbnail',
      'assignees',
      'categories',
      'parts',
      'asset',
      'procedure',
      'vendor_ids',
      'times',
      'time_items',
      'expenditures',
      'extra_fields',
    ],
    getExpand: ['assignees', 'estimated_time', 'parts', 'times', 'time_items', 'expenditures', 'extra_fields'],
    listLacks: ['location'],
    getLacks: ['asset', 'location'],
    rules: {
      ...FILES,
      asset: idOf('assetId'),
      organizationId: 'derived',
      partsAvailability: 'derived',
      progress: 'derived',
      assignees: 'set',
      assigneeIds: 'set',
      teamIds: 'set',
      categories: 'set',
      vendorIds: 'set',
      parts: { keep: ['id', 'quantityUsed', 'locationId', 'copyOnRecurring'] },
      times: 'set',
      timeItems: 'set',
      expenditures: 'set',
      procedure: 'link',
    },
    title: byTitle,
  },
  'work-request': {
    paging: 'cursor',
    listExpand: ['extra_fields'],
    getExpand: ['extra_fields'],
    listLacks: ['asset', 'location', 'workOrder'],
    getLacks: ['asset', 'location', 'workOrder'],
    rules: { ...FILES },
    title: byTitle,
  },
  part: {
    paging: 'offset',
    listExpand: ['extra_fields', 'vendors'],
    rules: {
      ...FILES,
      organizationId: 'derived',
      locations: 'set',
      partTypes: 'set',
      assetIds: 'set',
      teamIds: 'set',
      vendorIds: 'set',
      vendors: 'set',
    },
    title: byName,
  },
  'purchase-order': {
    paging: 'offset',
    rules: { ...FILES, items: 'set', costs: 'set', vendorContactIds: 'set' },
    title: byTitle,
  },
  vendor: {
    paging: 'cursor',
    listExpand: ['extra_fields'],
    rules: { ...FILES, emails: 'set', phoneNumbers: 'set', contactIds: 'set' },
    title: byName,
  },
  meter: {
    paging: 'cursor',
    listExpand: ['asset', 'location', 'last_reading'],
    getExpand: ['last_reading'],
    getLacks: ['asset', 'location'],
    rules: {
      asset: idOf('assetId'),
      location: idOf('locationId'),
      lastReading: { keep: ['id', 'value', 'readingDate'] },
    },
    title: byName,
  },
  user: {
    paging: 'cursor',
    listExpand: ['role', 'extra_fields'],
    rules: { lastVisitedAt: 'volatile' },
    title: (record) => `${text(record['firstName'])} ${text(record['lastName'])}`.trim(),
  },
  team: {
    paging: 'cursor',
    rules: { assetIds: 'set', locationIds: 'set' },
    title: byName,
  },
  category: {
    paging: 'cursor',
    rules: { workOrderCount: 'derived' },
    title: (record) => text(record['label']),
  },
};

const OPERATIONS_OF: Readonly<Record<CoreKind, FiveOperations>> = {
  'work-order': {
    list: 'listWorkOrders',
    get: 'getWorkOrder',
    create: 'createWorkOrder',
    update: 'updateWorkOrder',
    remove: 'deleteWorkOrder',
  },
  asset: { list: 'listAssets', get: 'getAsset', create: 'createAsset', update: 'updateAsset', remove: 'deleteAsset' },
  location: {
    list: 'listLocations',
    get: 'getLocation',
    create: 'createLocation',
    update: 'updateLocation',
    remove: 'deleteLocation',
  },
  part: { list: 'listParts', get: 'getPart', create: 'createPart', update: 'updatePart', remove: 'deletePart' },
  'purchase-order': {
    list: 'listPurchaseOrders',
    get: 'getPurchaseOrder',
    create: 'createPurchaseOrder',
    update: 'updatePurchaseOrder',
    remove: 'deletePurchaseOrder',
  },
  vendor: {
    list: 'listVendors',
    get: 'getVendor',
    create: 'createVendor',
    update: 'updateVendor',
    remove: 'deleteVendor',
  },
  user: { list: 'listUsers', get: 'getUser', create: 'createUser', update: 'updateUser', remove: 'deleteUser' },
  team: { list: 'listTeams', get: 'getTeam', create: 'createTeam', update: 'updateTeam', remove: 'deleteTeam' },
  meter: { list: 'listMeters', get: 'getMeter', create: 'createMeter', update: 'updateMeter', remove: 'deleteMeter' },
  'work-request': {
    list: 'listWorkRequests',
    get: 'getWorkRequest',
    create: 'createWorkRequest',
    update: 'updateWorkRequest',
    remove: 'deleteWorkRequest',
  },
  category: {
    list: 'listCategories',
    get: 'getCategory',
    create: 'createCategory',
    update: 'updateCategory',
    remove: 'deleteCategory',
  },
};

export function coreEntryOf(kind: CoreKind): CoreEntry {
  const known = resourceOf(OPERATIONS_OF[kind]);
  const added = ADDITIONS[kind];
  const { filters, sorts } = known;
  return {
    kind,
    path: known.path,
    operations: { list: OPERATIONS_OF[kind].list, get: OPERATIONS_OF[kind].get },
    listKey: known.listKey,
    singleKey: known.singleKey,
    paging: added.paging,
    changesByTime: filters.includes('updatedAt[gte]') && sorts.includes('updatedAt'),
    sorts,
    filters,
    list: sourceOf(known.listFields, added.listLacks, added.listExpand),
    get: sourceOf(known.getFields, added.getLacks, added.getExpand),
    fields: added.rules,
    createFields: known.createFields,
    createRequired: known.createRequired,
    updateFields: known.updateFields,
    createStatus: known.createStatus,
    resource: known,
    optional: false,
    title: added.title,
  };
}

/** In the order in which a first copy is made. */
export const CORE_KINDS = [
  'location',
  'asset',
  'work-order',
  'work-request',
  'part',
  'purchase-order',
  'vendor',
  'meter',
  'user',
  'team',
  'category',
] as const satisfies readonly CoreKind[];
