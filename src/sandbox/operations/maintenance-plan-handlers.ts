import { objectOf, type JsonObject } from '../../base/json.ts';
import { fieldError, type FieldError } from '../http/answer.ts';
import { createPlan, updatePlan } from '../plant/maintenance-plan.ts';
import { insert, type Plant } from '../plant/plant.ts';
import { idOf, listOf, numberOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import type { Handlers } from './handler.ts';
import { refuseAny, unknownIdsIn } from './nested-references.ts';
import { unknownId, unknownIds } from './references.ts';
import { rowIn, shownPage, shownSingle } from './shown-page.ts';

const PLAN = 'maintenance-plan';
const BLUEPRINT = 'work-order-blueprint';

/** Preventive maintenance: plans, and the blueprints of the work orders that they ask for. */
export const maintenancePlanHandlers = {
  listMaintenancePlans: ({ plant }, request) => {
    const rows = plant.store.all(PLAN).map((plan) => shownPlan(plant, plan));
    return shownPage('listMaintenancePlans', 'maintenancePlans', rows, request);
  },
  getMaintenancePlan: ({ plant }, request) =>
    shownSingle('getMaintenancePlan', 'maintenancePlan', shownPlan(plant, rowIn(plant, PLAN, request))),
  createMaintenancePlan: ({ plant }, request) => {
    const body = objectOf(request.body);
    refuseAny(planComplaints(plant, body));
    return { status: 201, json: { id: idOf(createPlan(plant, body, request.act)) } };
  },
  updateMaintenancePlan: ({ plant }, request) => {
    const plan = rowIn(plant, PLAN, request, 'maintenance plan Not Found');
    const body = objectOf(request.body);
    refuseAny([...planComplaints(plant, body), ...partComplaints(plan, body)]);
    updatePlan(plant, plan, body);
    return shownSingle('updateMaintenancePlan', 'maintenancePlan', shownPlan(plant, plan));
  },
  deleteMaintenancePlan: ({ plant }, request) => {
    plant.store.delete(PLAN, idOf(rowIn(plant, PLAN, request, 'maintenancePlan Not Found')));
    return { status: 204 };
  },
  createMaintenancePlanWorkOrderBlueprint: ({ plant }, request) => {
    const body = objectOf(request.body);
    refuseAny(blueprintComplaints(plant, body));
    return { status: 201, json: { id: idOf(insert(plant, BLUEPRINT, body, request.act.userId)) } };
  },
} satisfies Partial<Handlers>;

/** The blueprint has seconds, the plan minutes. */
function shownPlan(plant: Plant, plan: Row): Row {
  const blueprint = plant.store.remember(BLUEPRINT, numberOf(plan['workOrderBlueprintId']));
  const seconds = blueprint?.['estimatedTime'];
  return {
    ...plan,
    organizationId: plant.organizationId,
    blueprintEstimatedTime: typeof seconds === 'number' ? Math.round(seconds / 60) : null,
  };
}

function planComplaints(plant: Plant, body: JsonObject): readonly FieldError[] {
  return [
    ...unknownId(plant, BLUEPRINT, 'workOrderBlueprintId', body['workOrderBlueprintId']),
    ...unknownIdsIn(plant, 'asset', 'planAssets', body['planAssets'], 'assetId'),
    ...unknownIdsIn(plant, 'asset', 'addedPlanAssets', body['addedPlanAssets'], 'assetId'),
    ...unknownIdsIn(plant, BLUEPRINT, 'intervals', body['intervals'], 'workOrderBlueprintId'),
    ...unknownIdsIn(plant, BLUEPRINT, 'addedUpdatedIntervals', body['addedUpdatedIntervals'], 'workOrderBlueprintId'),
    ...offsetComplaints(objectOf(body['workOrderStartDateOffset'])),
  ];
}

/** "Must be >= 1. Per-unit caps: HOUR <= 8760, DAY <= 365, WEEK <= 52." */
const CAPS: Readonly<Record<string, number>> = { HOUR: 8760, DAY: 365, WEEK: 52 };

function offsetComplaints({ value, unit }: JsonObject): readonly FieldError[] {
  if (value === undefined) return [];
  const cap = CAPS[textOf(unit)] ?? 0;
  if (numberOf(value) < 1) return [fieldError('must be >= 1', 'workOrderStartDateOffset.value', value)];
  return numberOf(value) > cap ? [fieldError(`must be <= ${cap}`, 'workOrderStartDateOffset.value', value)] : [];
}

/** What is removed or changed must be in the plan. */
function partComplaints(plan: Row, body: JsonObject): readonly FieldError[] {
  const complain = (part: string, path: string, id: FieldError['fieldValue']): readonly FieldError[] =>
    objectsOf(plan[part]).some((one) => one['id'] === id) ? [] : [fieldError('is not in the plan', path, id)];
  const removed = (part: string, name: string): readonly FieldError[] =>
    listOf(body[name]).flatMap((id, index) => complain(part, `${name}.${index}`, id));
  return [
    ...removed('assets', 'removedPlanAssetIds'),
    ...removed('intervals', 'removedIntervalIds'),
    ...objectsOf(body['addedUpdatedIntervals']).flatMap(({ id }, index) =>
      id === undefined ? [] : complain('intervals', `addedUpdatedIntervals.${index}.id`, id),
    ),
  ];
}

function blueprintComplaints(plant: Plant, body: JsonObject): readonly FieldError[] {
  return [
    ...unknownIds(plant, 'procedure-template', 'procedureBlueprintIds', body['procedureBlueprintIds']),
    ...unknownIds(plant, 'user', 'userIds', body['userIds']),
    ...unknownIds(plant, 'team', 'teamIds', body['teamIds']),
    ...unknownIds(plant, 'category', 'tagIds', body['tagIds']),
    ...unknownIds(plant, 'vendor', 'vendorIds', body['vendorIds']),
    ...unknownIdsIn(plant, 'part', 'partsUsed', body['partsUsed'], 'partId'),
    ...unknownIdsIn(plant, 'custom-field', 'customFieldValues', body['customFieldValues'], 'workOrderFieldId'),
  ];
}
