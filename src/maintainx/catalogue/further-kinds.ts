import type { JsonObject } from '../../base/json.ts';
import { byLabel, byName, byTitle, sourceOf, text } from './entry-parts.ts';
import type { CoreKind, FieldRule, ListedEntry, ListedKind } from './kind.ts';
import { listShapeOf, singleShapeOf, type Operation } from './resources.ts';

/** Kinds that are read alone: nobody writes them through us, and no webhook tells of them. */
export type FurtherKind = Exclude<ListedKind, CoreKind>;

interface Addition {
  readonly list: Operation;
  /** Absent: the list alone tells. */
  readonly get?: Operation;
  readonly expand?: readonly string[];
  readonly getExpand?: readonly string[];
  /** Fields that come only with an expand token that we do not send. */
  readonly lacks?: readonly string[];
  readonly rules?: Readonly<Record<string, FieldRule>>;
  readonly optional?: true;
  readonly sections?: readonly string[];
  readonly title: (record: JsonObject) => string;
}

const ADDITIONS: Readonly<Record<FurtherKind, Addition>> = {
  'asset-criticality': { list: 'listAssetCriticalities', get: 'getAssetCriticality', title: byLabel },
  'asset-custom-status': { list: 'listAssetCustomStatuses', get: 'getAssetCustomStatus', title: byLabel },
  // One row for each time that an asset went up or down: it grows for ever, and is listed whole by each sweep.
  'asset-status': {
    list: 'listAssetStatuses',
    rules: { organizationId: 'derived' },
    optional: true,
    title: (record) => text(record['status']),
  },
  manufacturer: {
    list: 'listManufacturers',
    get: 'getManufacturer',
    rules: { organizationId: 'derived' },
    title: byName,
  },
  model: { list: 'listModels', get: 'getModel', rules: { organizationId: 'derived' }, title: byName },
  'meter-trigger': {
    list: 'listMeterTriggers',
    get: 'getMeterTrigger',
    getExpand: ['work_order_template'],
    // How far the meter is on its way to the trigger is computed from its readings.
    rules: { organizationId: 'derived', dataPoints: 'derived', workOrderTemplate: 'link' },
    title: byName,
  },
  'part-transfer-request': {
    list: 'listPartTransferRequests',
    get: 'getPartTransferRequest',
    rules: { destinationLocations: 'set' },
    title: (record) => text(record['requestMessage']),
  },
  'maintenance-plan': {
    list: 'listMaintenancePlans',
    get: 'getMaintenancePlan',
    rules: { organizationId: 'derived', assets: 'set', intervals: 'set' },
    title: byName,
  },
  'procedure-template': {
    list: 'listProcedureTemplates',
    get: 'getProcedureTemplate',
    expand: ['rows'],
    getExpand: ['rows'],
    // Only the single GET tells them, and nothing else: not worth a request for each.
    rules: { rows: 'link', createdAt: 'derived', updatedAt: 'derived' },
    title: byTitle,
  },
  'root-cause-analysis-report': {
    list: 'listRootCauseAnalysisReports',
    get: 'getRootCauseAnalysisReport',
    expand: ['problems'],
    getExpand: ['problems'],
    lacks: ['mainAsset', 'mainAssetStatus', 'workOrders'],
    rules: { organizationId: 'derived', relatedAssetIds: 'set', workOrderIds: 'set' },
    title: (record) => text(record['status']),
  },
  'work-request-portal': { list: 'listWorkRequestPortals', get: 'getWorkRequestPortal', title: byTitle },
  'custom-field': {
    list: 'listCustomFields',
    sections: ['assets', 'locations', 'parts', 'workOrders', 'vendors', 'purchaseOrders', 'lineItemPurchaseOrders'],
    title: byLabel,
  },
  conversation: { list: 'listConversations', optional: true, title: byName },
};

export const FURTHER_KINDS = [
  'asset-criticality',
  'asset-custom-status',
  'asset-status',
  'manufacturer',
  'model',
  'meter-trigger',
  'part-transfer-request',
  'maintenance-plan',
  'procedure-template',
  'root-cause-analysis-report',
  'work-request-portal',
  'custom-field',
  'conversation',
] as const satisfies readonly FurtherKind[];

export function furtherEntryOf(kind: FurtherKind): ListedEntry {
  const added = ADDITIONS[kind];
  const { lacks, rules = {}, sections } = added;
  const { path, listKey, listFields, filters, sorts } = listShapeOf(added.list);
  const single = added.get === undefined ? null : singleShapeOf(added.get);
  const fields = sections === undefined ? listFields : [...listFields, SECTION_FIELD];
  return {
    kind,
    path,
    operations: added.get === undefined ? { list: added.list } : { list: added.list, get: added.get },
    listKey,
    singleKey: single?.singleKey ?? null,
    paging: sections === undefined ? 'cursor' : 'none',
    changesByTime: false,
    sorts,
    filters,
    list: sourceOf(fields, lacks, added.expand),
    get: single === null ? sourceOf(fields, lacks) : sourceOf(single.getFields, lacks, added.getExpand),
    fields: rules,
    optional: added.optional === true,
    ...(sections === undefined ? {} : { sections }),
    title: added.title,
  };
}

/** The field under which a row keeps the part of the list that it came from. */
export const SECTION_FIELD = 'entity';
