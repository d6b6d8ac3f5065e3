import type { CollectionName } from './collections.ts';

/** What a number counts. */
export type Unit =
  | 'cents'
  | 'cents per hour'
  | 'cents or cents per hour'
  | 'seconds'
  | 'minutes'
  | 'hours'
  | 'percent or cents by `type`';

export interface UnitEntry {
  readonly collection: CollectionName;
  /** Path inside the record; `[]` stands for each item. */
  readonly field: string;
  readonly unit: Unit;
  /** JSON pointer into the specification, where it says so. */
  readonly source: string;
}

const ANSWER = 'responses/200/content/application~1json/schema/properties';
const BODY = 'post/requestBody/content/application~1json/schema';
const WORK_ORDER = `#/paths/~1workorders/get/${ANSWER}/workOrders/items/properties`;
const COST_LINES = ['times', 'timeItems', 'expenditures'] as const;

/** Units of all numbers that have one. Money never has a decimal point in it but where a field is called `…Decimal`. */
export const UNITS: readonly UnitEntry[] = [
  {
    collection: 'part',
    field: 'unitCost',
    unit: 'cents',
    source: `#/paths/~1parts/${BODY}/properties/unitCost`,
  },
  {
    collection: 'purchase-order',
    field: 'items[].price',
    unit: 'cents',
    source: `#/paths/~1purchaseorders/${BODY}/properties/items/items/properties/price`,
  },
  {
    collection: 'purchase-order',
    field: 'items[].unitCost',
    unit: 'cents',
    source: `#/paths/~1purchaseorders/${BODY}/properties/items/items/properties/unitCost`,
  },
  {
    collection: 'purchase-order',
    field: 'costs[].amount',
    unit: 'percent or cents by `type`',
    source: `#/paths/~1purchaseorders/${BODY}/properties/costs/items/properties/type`,
  },
  {
    collection: 'user',
    field: 'hourlyRate',
    unit: 'cents',
    source: `#/paths/~1users/${BODY}/properties/hourlyRate`,
  },
  {
    collection: 'work-order',
    field: 'estimatedTime',
    unit: 'seconds',
    source: `#/paths/~1workorders/${BODY}/properties/estimatedTime`,
  },
  {
    collection: 'work-order',
    field: 'parts[].unitCost',
    unit: 'cents',
    source: `${WORK_ORDER}/parts/items/properties/unitCost`,
  },
  ...COST_LINES.flatMap((lines): readonly UnitEntry[] => {
    const line = { collection: 'work-order', source: `${WORK_ORDER}/${lines}/items/properties` } as const;
    return [
      {
        ...line,
        field: `${lines}[].costPerUnit`,
        unit: 'cents or cents per hour',
        source: `${line.source}/costPerUnit`,
      },
      { ...line, field: `${lines}[].rowTotal`, unit: 'cents', source: `${line.source}/rowTotal` },
      { ...line, field: `${lines}[].durationTotal`, unit: 'seconds', source: `${line.source}/durationTotal` },
    ];
  }),
  {
    collection: 'work-order-cost',
    field: 'total',
    unit: 'cents',
    source: '#/paths/~1workorders~1{id}~1costs/post/responses/201/content/application~1json/schema/properties/total',
  },
  {
    collection: 'work-order-cost',
    field: 'hourlyRate',
    unit: 'cents per hour',
    source: `#/paths/~1workorders~1{id}~1costs/${BODY}/oneOf/1/properties/hourlyRate`,
  },
  {
    collection: 'work-order-blueprint',
    field: 'estimatedTime',
    unit: 'seconds',
    source: `#/paths/~1maintenanceplans~1workorderblueprints/${BODY}/properties/estimatedTime`,
  },
  {
    collection: 'maintenance-plan',
    field: 'blueprintEstimatedTime',
    unit: 'minutes',
    source: `#/paths/~1maintenanceplans/get/${ANSWER}/maintenancePlans/items/properties/blueprintEstimatedTime`,
  },
  {
    collection: 'maintenance-plan',
    field: 'workOrderStartDatePadding',
    unit: 'hours',
    source: `#/paths/~1maintenanceplans/${BODY}/properties/workOrderStartDatePadding`,
  },
  {
    collection: 'meter-trigger',
    field: 'period',
    unit: 'seconds',
    source: `#/paths/~1metertriggers/${BODY}/properties/meterTrigger/properties/period`,
  },
  {
    collection: 'root-cause-analysis-report',
    field: 'incidentDuration',
    unit: 'seconds',
    source: `#/paths/~1rootcauseanalysisreports/get/${ANSWER}/rootCauseAnalysisReports/items/properties/incidentDuration`,
  },
  {
    collection: 'root-cause-analysis-report',
    field: 'repairTime',
    unit: 'seconds',
    source: `#/paths/~1rootcauseanalysisreports/get/${ANSWER}/rootCauseAnalysisReports/items/properties/repairTime`,
  },
];
