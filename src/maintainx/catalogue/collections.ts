import type { Operations } from '../generated/types.ts';
import type { HookEvent } from './events.ts';

/**
 * How a change that no webhook told becomes known: `time` by the list's `updatedAt` filter · `list` by reading the whole
 * list · `read` by reading each parent again · `parent` because a field of the parent moves (`lastMessageSentAt`, the
 * work order's `updatedAt`) · `never`: nothing can be read.
 */
export type Noticed = 'time' | 'list' | 'read' | 'parent' | 'never';

/** A collection of MaintainX: a kind of record, or one nested in another. */
export interface Collection {
  /** The collection that it is nested in. */
  readonly of?: string;
  readonly operations: readonly (keyof Operations)[];
  /**
   * `cursor` and `offset` are documented ("Polling for Changes": `#/tags/3/description`), for locations seen in production
   * (FACTS 2.3). `undocumented`: a cursor of unknown nature. `none`: it has no list.
   */
  readonly paging: 'cursor' | 'offset' | 'undocumented' | 'none';
  readonly noticed: Noticed;
  /** Webhook events about it (`#/x-webhooks/<event>`). What they do not tell is in FACTS 1.3. */
  readonly events: readonly HookEvent[];
}

/** Every collection with its operations (`#/paths/<path>/<method>`): each of the 169 is in exactly one. */
export const COLLECTIONS = {
  asset: {
    operations: [
      'listAssets',
      'createAsset',
      'getAsset',
      'updateAsset',
      'deleteAsset',
      'putAssetAttachment',
      'deleteAssetAttachment',
      'putAssetThumbnail',
    ],
    paging: 'offset',
    noticed: 'time',
    events: ['NEW_ASSET'],
  },
  'asset-status': {
    of: 'asset',
    operations: ['createAssetStatus', 'listAssetStatuses', 'updateAssetStatus'],
    paging: 'undocumented',
    noticed: 'list',
    events: ['ASSET_STATUS_CHANGE'],
  },
  'asset-criticality': {
    operations: ['listAssetCriticalities', 'getAssetCriticality'],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  'asset-custom-status': {
    operations: [
      'listAssetCustomStatuses',
      'createAssetCustomStatus',
      'getAssetCustomStatus',
      'updateAssetCustomStatus',
      'deleteAssetCustomStatus',
    ],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  category: {
    operations: ['listCategories', 'createCategory', 'getCategory', 'updateCategory', 'deleteCategory'],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  conversation: {
    operations: ['listConversations'],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  'conversation-member': {
    of: 'conversation',
    operations: ['listConversationMembers'],
    paging: 'undocumented',
    noticed: 'read',
    events: [],
  },
  message: {
    of: 'conversation',
    operations: ['createConversationMessage', 'createUserMessage'],
    paging: 'none',
    noticed: 'never',
    events: ['NEW_SLASH_COMMAND'],
  },
  'api-version': {
    operations: ['listVersions'],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  location: {
    operations: [
      'listLocations',
      'createLocation',
      'getLocation',
      'updateLocation',
      'deleteLocation',
      'putLocationAttachment',
      'deleteLocationAttachment',
      'putLocationThumbnail',
    ],
    paging: 'offset',
    noticed: 'list',
    events: ['NEW_LOCATION'],
  },
  'maintenance-plan': {
    operations: [
      'listMaintenancePlans',
      'createMaintenancePlan',
      'getMaintenancePlan',
      'updateMaintenancePlan',
      'deleteMaintenancePlan',
    ],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  'work-order-blueprint': {
    of: 'maintenance-plan',
    operations: ['createMaintenancePlanWorkOrderBlueprint'],
    paging: 'none',
    noticed: 'read',
    events: [],
  },
  meter: {
    operations: ['listMeters', 'createMeter', 'getMeter', 'updateMeter', 'deleteMeter'],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  'meter-reading': {
    of: 'meter',
    operations: ['createMeterReadings', 'createMeterReading'],
    paging: 'none',
    noticed: 'read',
    events: [],
  },
  'meter-trigger': {
    operations: [
      'listMeterTriggers',
      'createMeterTrigger',
      'getMeterTrigger',
      'updateMeterTrigger',
      'deleteMeterTrigger',
      'putMeterTriggerThumbnail',
    ],
    paging: 'undocumented',
    noticed: 'list',
    events: ['METER_TRIGGER_STATE_CHANGE'],
  },
  'meter-trigger-template': {
    of: 'meter-trigger',
    operations: [
      'updateMeterTriggerWorkOrderTemplate',
      'putMeterTriggerWorkOrderTemplateAttachment',
      'deleteMeterTriggerWorkOrderTemplateAttachment',
    ],
    paging: 'none',
    noticed: 'read',
    events: [],
  },
  manufacturer: {
    operations: ['listManufacturers', 'createManufacturer', 'getManufacturer'],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  model: {
    operations: ['listModels', 'createModel', 'getModel'],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  organization: {
    operations: ['listOrganizations'],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  part: {
    operations: [
      'listParts',
      'createPart',
      'getPart',
      'updatePart',
      'deletePart',
      'putPartAttachment',
      'deletePartAttachment',
      'putPartThumbnail',
    ],
    paging: 'offset',
    noticed: 'time',
    events: ['NEW_PART', 'PART_CHANGE', 'PART_DELETE', 'PART_QUANTITY_CHANGE', 'PART_TRANSFER'],
  },
  'part-transfer-request': {
    operations: [
      'listPartTransferRequests',
      'createPartTransferRequest',
      'getPartTransferRequest',
      'updatePartTransferRequest',
    ],
    paging: 'undocumented',
    noticed: 'list',
    events: ['PART_TRANSFER'],
  },
  'purchase-order': {
    operations: [
      'listPurchaseOrders',
      'createPurchaseOrder',
      'getPurchaseOrder',
      'updatePurchaseOrder',
      'deletePurchaseOrder',
      'putPurchaseOrderAttachment',
      'deletePurchaseOrderAttachment',
      'createPurchaseOrderEmail',
      'updatePurchaseOrderFulfillment',
      'updatePurchaseOrderStatus',
      'putPurchaseOrderThumbnail',
    ],
    paging: 'offset',
    noticed: 'time',
    events: ['NEW_PURCHASE_ORDER', 'PURCHASE_ORDER_CHANGE', 'PURCHASE_ORDER_STATUS_CHANGE'],
  },
  'purchase-order-comment': {
    of: 'purchase-order',
    operations: ['createPurchaseOrderComment'],
    paging: 'none',
    noticed: 'never',
    events: [],
  },
  'procedure-template': {
    operations: [
      'listProcedureTemplates',
      'createProcedureTemplate',
      'getProcedureTemplate',
      'updateProcedureTemplate',
      'deleteProcedureTemplate',
    ],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  'procedure-template-row': {
    of: 'procedure-template',
    operations: [
      'updateProcedureTemplateRow',
      'deleteProcedureTemplateRow',
      'deleteProcedureTemplateRowAttachments',
      'putProcedureTemplateRowAttachment',
    ],
    paging: 'none',
    noticed: 'read',
    events: [],
  },
  'webhook-subscription': {
    operations: [
      'createSubscription',
      'getSubscription',
      'updateSubscription',
      'deleteSubscription',
      'getSubscriptionSecret',
    ],
    paging: 'none',
    noticed: 'read',
    events: ['WEBHOOK_CREATED', 'WEBHOOK_ARCHIVED'],
  },
  team: {
    operations: ['listTeams', 'createTeam', 'getTeam', 'updateTeam', 'deleteTeam'],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  'team-member': {
    of: 'team',
    operations: ['listTeamMembers', 'createTeamMember', 'updateTeamMember', 'deleteTeamMember'],
    paging: 'undocumented',
    noticed: 'read',
    events: [],
  },
  user: {
    operations: ['listUsers', 'createUser', 'getUser', 'updateUser', 'deleteUser'],
    paging: 'undocumented',
    noticed: 'list',
    events: ['USER_ACTIVATED', 'USER_INVITED', 'USER_REMOVED', 'USER_ROLE_CHANGED', 'USER_PERMISSIONS_CHANGED'],
  },
  vendor: {
    operations: [
      'listVendors',
      'createVendor',
      'getVendor',
      'updateVendor',
      'deleteVendor',
      'putVendorAttachment',
      'deleteVendorAttachment',
      'putVendorThumbnail',
    ],
    paging: 'undocumented',
    noticed: 'list',
    events: ['NEW_VENDOR'],
  },
  'vendor-contact': {
    of: 'vendor',
    operations: [
      'listVendorContacts',
      'createVendorContact',
      'getVendorContact',
      'updateVendorContact',
      'deleteVendorContact',
    ],
    paging: 'undocumented',
    noticed: 'read',
    events: [],
  },
  'work-order': {
    operations: [
      'listWorkOrders',
      'createWorkOrder',
      'getWorkOrder',
      'updateWorkOrder',
      'deleteWorkOrder',
      'putWorkOrderAttachment',
      'deleteWorkOrderAttachment',
      'createWorkOrderEmail',
      'updateWorkOrderPartStatus',
      'updateWorkOrderStatus',
      'putWorkOrderThumbnail',
    ],
    paging: 'cursor',
    noticed: 'time',
    events: [
      'NEW_WORK_ORDER',
      'WORK_ORDER_CHANGE',
      'WORK_ORDER_STATUS_CHANGE',
      'WORK_ORDER_PART_STATUS_CHANGE',
      'WORK_ORDER_OVERDUE',
      'WORK_ORDER_DELETE',
      'NEW_CATEGORY_ON_WORK_ORDER',
    ],
  },
  'work-order-comment': {
    of: 'work-order',
    operations: ['listWorkOrderComments', 'createWorkOrderComment'],
    paging: 'undocumented',
    noticed: 'parent',
    events: ['NEW_COMMENT_ON_WORK_ORDER'],
  },
  'work-order-cost': {
    of: 'work-order',
    operations: ['listWorkOrderCosts', 'createWorkOrderCost'],
    paging: 'undocumented',
    noticed: 'read',
    events: [],
  },
  'work-order-procedure': {
    of: 'work-order',
    operations: [
      'deleteWorkOrderProcedure',
      'deleteWorkOrderProcedureFieldAttachment',
      'putWorkOrderProcedureFieldAttachment',
    ],
    paging: 'none',
    noticed: 'parent',
    events: [],
  },
  'sub-work-order': {
    of: 'work-order',
    operations: ['listWorkOrderSubWorkOrders'],
    paging: 'undocumented',
    noticed: 'parent',
    events: [],
  },
  'work-permit': {
    operations: ['signWorkPermit'],
    paging: 'none',
    noticed: 'never',
    events: [],
  },
  'work-request': {
    operations: [
      'listWorkRequests',
      'createWorkRequest',
      'getWorkRequest',
      'updateWorkRequest',
      'deleteWorkRequest',
      'putWorkRequestAttachment',
      'deleteWorkRequestAttachment',
      'putWorkRequestThumbnail',
    ],
    paging: 'undocumented',
    noticed: 'list',
    events: ['NEW_WORK_REQUEST', 'WORK_REQUEST_STATUS_CHANGE'],
  },
  'custom-field': {
    operations: ['listCustomFields', 'createCustomField', 'updateCustomField', 'deleteCustomField'],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  'root-cause-analysis-report': {
    operations: ['listRootCauseAnalysisReports', 'getRootCauseAnalysisReport'],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
  'work-request-portal': {
    operations: [
      'listWorkRequestPortals',
      'createWorkRequestPortal',
      'getWorkRequestPortal',
      'updateWorkRequestPortal',
      'deleteWorkRequestPortal',
    ],
    paging: 'undocumented',
    noticed: 'list',
    events: [],
  },
} as const satisfies Readonly<Record<string, Collection>>;

export type CollectionName = keyof typeof COLLECTIONS;
