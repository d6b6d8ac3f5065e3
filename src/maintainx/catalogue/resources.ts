import type { JsonObject } from '../../base/json.ts';
import { SPECIFICATION } from '../generated/specification.ts';
import type { Operations } from '../generated/types.ts';
import type { OperationShape, Shape } from '../specification/index.ts';

type Listed<Name extends keyof Operations, Key extends keyof Operations[Name]['answer']> =
  NonNullable<Operations[Name]['answer'][Key]> extends readonly (infer Row)[] ? Row : never;
type Single<Name extends keyof Operations, Key extends keyof Operations[Name]['answer']> = NonNullable<
  Operations[Name]['answer'][Key]
>;

/** A row of the list, per kind. */
export interface Rows {
  readonly 'work-order': Listed<'listWorkOrders', 'workOrders'>;
  readonly asset: Listed<'listAssets', 'assets'>;
  readonly location: Listed<'listLocations', 'locations'>;
  readonly part: Listed<'listParts', 'parts'>;
  readonly 'purchase-order': Listed<'listPurchaseOrders', 'purchaseOrders'>;
  readonly vendor: Listed<'listVendors', 'vendors'>;
  readonly user: Listed<'listUsers', 'users'>;
  readonly team: Listed<'listTeams', 'teams'>;
  readonly meter: Listed<'listMeters', 'meters'>;
  readonly 'work-request': Listed<'listWorkRequests', 'workRequests'>;
  readonly category: Listed<'listCategories', 'categories'>;
  readonly 'asset-criticality': Listed<'listAssetCriticalities', 'assetCriticalities'>;
  readonly 'asset-custom-status': Listed<'listAssetCustomStatuses', 'assetCustomStatuses'>;
  readonly 'asset-status': Listed<'listAssetStatuses', 'assetStatuses'>;
  readonly manufacturer: Listed<'listManufacturers', 'manufacturers'>;
  readonly model: Listed<'listModels', 'models'>;
  readonly 'meter-trigger': Listed<'listMeterTriggers', 'meterTriggers'>;
  readonly 'part-transfer-request': Listed<'listPartTransferRequests', 'partTransferRequests'>;
  readonly 'maintenance-plan': Listed<'listMaintenancePlans', 'maintenancePlans'>;
  readonly 'procedure-template': Listed<'listProcedureTemplates', 'procedureTemplates'>;
  readonly 'root-cause-analysis-report': Listed<'listRootCauseAnalysisReports', 'rootCauseAnalysisReports'>;
  readonly 'work-request-portal': Listed<'listWorkRequestPortals', 'workRequestPortals'>;
  readonly 'custom-field': Operations['listCustomFields']['answer'][number];
  readonly conversation: Listed<'listConversations', 'conversations'>;
}

/** A row of a nested collection, per kind. */
export interface NestedRows {
  readonly 'work-order-comment': Listed<'listWorkOrderComments', 'comments'>;
  readonly 'work-order-cost': JsonObject;
  readonly 'vendor-contact': Listed<'listVendorContacts', 'contacts'>;
  readonly 'team-member': Listed<'listTeamMembers', 'members'>;
  readonly 'conversation-member': Listed<'listConversationMembers', 'members'>;
}

/** The record of the single GET, per kind. */
export interface Singles {
  readonly 'work-order': Single<'getWorkOrder', 'workOrder'>;
  readonly asset: Single<'getAsset', 'asset'>;
  readonly location: Single<'getLocation', 'location'>;
  readonly part: Single<'getPart', 'part'>;
  readonly 'purchase-order': Single<'getPurchaseOrder', 'purchaseOrder'>;
  readonly vendor: Single<'getVendor', 'vendor'>;
  readonly user: Single<'getUser', 'user'>;
  readonly team: Single<'getTeam', 'team'>;
  readonly meter: Single<'getMeter', 'meter'>;
  readonly 'work-request': Single<'getWorkRequest', 'workRequest'>;
  readonly category: Single<'getCategory', 'category'>;
  readonly 'asset-criticality': Single<'getAssetCriticality', 'assetCriticality'>;
  readonly 'asset-custom-status': Single<'getAssetCustomStatus', 'assetCustomStatus'>;
  readonly manufacturer: Single<'getManufacturer', 'manufacturer'>;
  readonly model: Single<'getModel', 'model'>;
  readonly 'meter-trigger': Single<'getMeterTrigger', 'meterTrigger'>;
  readonly 'part-transfer-request': Single<'getPartTransferRequest', 'partTransferRequest'>;
  readonly 'maintenance-plan': Single<'getMaintenancePlan', 'maintenancePlan'>;
  readonly 'procedure-template': Single<'getProcedureTemplate', 'procedureTemplate'>;
  readonly 'root-cause-analysis-report': Single<'getRootCauseAnalysisReport', 'rootCauseAnalysisReport'>;
  readonly 'work-request-portal': Single<'getWorkRequestPortal', 'workRequestPortal'>;
}

/** The body of POST, per kind. */
export interface Creates {
  readonly 'work-order': Operations['createWorkOrder']['body'];
  readonly asset: Operations['createAsset']['body'];
  readonly location: Operations['createLocation']['body'];
  readonly part: Operations['createPart']['body'];
  readonly 'purchase-order': Operations['createPurchaseOrder']['body'];
  readonly vendor: Operations['createVendor']['body'];
  readonly user: Operations['createUser']['body'];
  readonly team: Operations['createTeam']['body'];
  readonly meter: Operations['createMeter']['body'];
  readonly 'work-request': Operations['createWorkRequest']['body'];
  readonly category: Operations['createCategory']['body'];
}

/** The body of PATCH, per kind. */
export interface Updates {
  readonly 'work-order': Operations['updateWorkOrder']['body'];
  readonly asset: Operations['updateAsset']['body'];
  readonly location: Operations['updateLocation']['body'];
  readonly part: Operations['updatePart']['body'];
  readonly 'purchase-order': Operations['updatePurchaseOrder']['body'];
  readonly vendor: Operations['updateVendor']['body'];
  readonly user: Operations['updateUser']['body'];
  readonly team: Operations['updateTeam']['body'];
  readonly meter: Operations['updateMeter']['body'];
  readonly 'work-request': Operations['updateWorkRequest']['body'];
  readonly category: Operations['updateCategory']['body'];
}

/** What the specification says of a list. */
export interface ListShape {
  readonly path: string;
  /** Empty: the answer is the bare array. */
  readonly listKey: string;
  readonly listFields: readonly string[];
  readonly listExpands: readonly string[];
  readonly sorts: readonly string[];
  readonly filters: readonly string[];
}

/** What the specification says of reading one record. */
export interface SingleShape {
  readonly singleKey: string;
  readonly getFields: readonly string[];
  readonly getExpands: readonly string[];
}

/** What the specification says of one resource: its paths, envelopes, fields and parameters. */
export interface Resource extends ListShape, SingleShape {
  readonly createFields: readonly string[];
  readonly createRequired: readonly string[];
  readonly updateFields: readonly string[];
  readonly createStatus: number;
}

export type Operation = keyof Operations;

/** The five operations of a resource. */
export interface FiveOperations {
  readonly list: Operation;
  readonly get: Operation;
  readonly create: Operation;
  readonly update: Operation;
  readonly remove: Operation;
}

/** The shape behind a reference. */
export function resolved(shape: Shape): Shape {
  const target = shape.$ref === undefined ? undefined : SPECIFICATION.shapes[shape.$ref];
  return target === undefined ? shape : resolved(target);
}

const NO_SHAPE: Shape = {};

/** The shape of the answer that says that it was done; empty when the answer has no body. */
export function goodAnswer({ answers }: OperationShape): { readonly status: number; readonly shape: Shape } {
  const good = Object.entries(answers).find(([status]) => status.startsWith('2'));
  return { status: Number(good?.[0] ?? 200), shape: resolved(good?.[1] ?? NO_SHAPE) };
}

const operation = (name: Operation): OperationShape => SPECIFICATION.operations[name];

export function listShapeOf(list: Operation): ListShape {
  const { shape } = goodAnswer(operation(list));
  const array = Object.entries(shape.properties ?? {}).find(([, one]) => resolved(one).type === 'array');
  return {
    path: operation(list).path,
    listKey: array?.[0] ?? '',
    listFields: fieldsOf(array === undefined ? shape.items : array[1].items),
    listExpands: enumOf(operation(list), 'expand'),
    sorts: enumOf(operation(list), 'sort'),
    filters: operation(list)
      .parameters.filter((one) => one.in === 'query' && !PAGING.includes(one.name))
      .map((one) => one.name),
  };
}

export function singleShapeOf(get: Operation): SingleShape {
  const single = Object.entries(goodAnswer(operation(get)).shape.properties ?? {})[0];
  return {
    singleKey: single?.[0] ?? '',
    getFields: fieldsOf(single?.[1]),
    getExpands: enumOf(operation(get), 'expand'),
  };
}

/** What the specification says of the resource with these operations. */
export function resourceOf({ list, get, create, update }: FiveOperations): Resource {
  const createBody = bodyOf(operation(create));
  return {
    ...listShapeOf(list),
    ...singleShapeOf(get),
    createFields: fieldsOf(createBody),
    createRequired: createBody.required ?? [],
    updateFields: fieldsOf(bodyOf(operation(update))),
    createStatus: goodAnswer(operation(create)).status,
  };
}

const PAGING: readonly string[] = ['cursor', 'limit', 'sort', 'expand'];

const fieldsOf = (shape: Shape = NO_SHAPE): string[] => Object.keys(resolved(shape).properties ?? {});

const bodyOf = ({ body }: OperationShape): Shape =>
  body !== undefined && 'json' in body ? resolved(body.json) : NO_SHAPE;

function enumOf({ parameters }: OperationShape, name: string): string[] {
  const shape = parameters.find((one) => one.in === 'query' && one.name === name)?.shape;
  const words = shape?.enum ?? shape?.items?.enum ?? [];
  return words.filter((word) => typeof word === 'string');
}
