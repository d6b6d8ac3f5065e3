import type { OperationName } from '../http/operation.ts';
import { isYes } from '../http/query.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, numberOf, numbersOf, textOf, type Row } from '../plant/row.ts';
import { shownStatus } from '../plant/status-history.ts';
import { embeddedAsset } from './embeds.ts';
import type { Handlers } from './handler.ts';
import { pageOf } from './page.ts';
import { shownAs } from './project.ts';
import { rowIn } from './shown-page.ts';
import { fullRecord } from './view.ts';

const TABLE = 'root-cause-report';

/** Reports on why something failed; the API only reads them. */
export const rootCauseHandlers = {
  listRootCauseAnalysisReports: ({ plant }, request) => {
    const rows = plant.store.all(TABLE).filter((report) => passes(report, request.query));
    const shown = rows.map((report) =>
      show(plant, 'listRootCauseAnalysisReports', 'rootCauseAnalysisReports', report, request),
    );
    return pageOf('rootCauseAnalysisReports', shown, request);
  },
  getRootCauseAnalysisReport: ({ plant }, request) => {
    const report = rowIn(plant, TABLE, request);
    const key = 'rootCauseAnalysisReport';
    return { status: 200, json: { [key]: show(plant, 'getRootCauseAnalysisReport', key, report, request) } };
  },
} satisfies Partial<Handlers>;

function passes(report: Row, query: URLSearchParams): boolean {
  const oneOf = (name: string, value: string): boolean => !query.has(name) || query.getAll(name).includes(value);
  const created = Date.parse(textOf(report['createdAt']));
  return (
    oneOf('assets', String(numberOf(report['mainAssetId']))) &&
    oneOf('statuses', textOf(report['status'])) &&
    oneOf('creators', String(numberOf(report['creatorId']))) &&
    isYes(query.get('archived')) === (typeof report['archivedAt'] === 'string') &&
    query.getAll('createdAfter').every((time) => created >= Date.parse(time)) &&
    query.getAll('createdBefore').every((time) => created <= Date.parse(time))
  );
}

function show(plant: Plant, operation: OperationName, key: string, report: Row, { query }: ApiRequest): Row {
  const whole = { ...report, organizationId: plant.organizationId, ...embeds(plant, report) };
  return shownAs(operation, key, whole, new Set(query.getAll('expand')));
}

function embeds(plant: Plant, report: Row): Row {
  const status = plant.store.get('asset-status', numberOf(report['mainAssetStatusId']));
  return {
    mainAsset: embeddedAsset(plant, report['mainAssetId']) ?? null,
    // "Null when no status was captured or the status has since been deleted."
    mainAssetStatusId: status === undefined ? null : idOf(status),
    mainAssetStatus: status === undefined ? null : shownStatus(plant, status),
    workOrders: numbersOf(report['workOrderIds']).flatMap((id) => {
      const workOrder = plant.store.get('work-order', id);
      return workOrder === undefined ? [] : [fullRecord(plant, 'work-order', workOrder)];
    }),
  };
}
