import type { Json } from '../../base/json.ts';
import { assignedIds } from '../operations/derived.ts';
import { announce, touch, type Act, type Plant } from './plant.ts';
import { idOf, textOf, textsOf, type Row } from './row.ts';
import { categoriesByLabel, workOrderSnapshot, workOrderSnapshotWithCosts } from './snapshots.ts';
import { partStatusOf } from './work-order-parts.ts';

/** Fields of a work order and the word for them in a subscription's filter. */
const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  assetId: ['ASSET'],
  assignees: ['ASSIGNEES', 'TEAMS'],
  categories: ['CATEGORIES'],
  timeItems: ['COSTS'],
  expenditures: ['COSTS'],
  description: ['DESCRIPTION'],
  dueDate: ['DUE_DATE'],
  estimatedTime: ['ESTIMATED_TIME'],
  extraFields: ['EXTRA_FIELDS'],
  locationId: ['LOCATION'],
  parts: ['PARTS'],
  priority: ['PRIORITY'],
  startDate: ['START_DATE'],
  title: ['TITLE'],
  vendorIds: ['VENDORS'],
};

const without = (left: readonly Json[], right: readonly Json[]): readonly Json[] =>
  left.filter((item) => !right.includes(item));

export function announceWorkOrderChange(
  plant: Plant,
  before: Row,
  row: Row,
  changed: readonly string[],
  act: Act,
): void {
  const oneOfProperties = changed.flatMap((field) => PROPERTIES[field] ?? []);
  // "The only properties triggering the webhook when changed, are the following": x-webhooks WORK_ORDER_CHANGE.
  if (oneOfProperties.length === 0) return;
  announce(plant, act, {
    type: 'WORK_ORDER_CHANGE',
    body: { workOrderId: idOf(row), ...(changed.includes('assignees') ? assignmentChanges(before, row) : {}) },
    matches: { oneOfProperties },
    snapshot: { key: 'newWorkOrder', value: () => workOrderSnapshotWithCosts(plant, row) },
  });
  if (changed.includes('categories')) announceCategories(plant, before, row, act);
}

function assignmentChanges(before: Row, row: Row): Row {
  const [oldUsers, newUsers] = [assignedIds(before, 'USER'), assignedIds(row, 'USER')];
  const [oldTeams, newTeams] = [assignedIds(before, 'TEAM'), assignedIds(row, 'TEAM')];
  return {
    addedAssigneeIds: without(newUsers, oldUsers),
    removedAssigneeIds: without(oldUsers, newUsers),
    addedTeamIds: without(newTeams, oldTeams),
    removedTeamIds: without(oldTeams, newTeams),
  };
}

function announceCategories(plant: Plant, before: Row, row: Row, act: Act): void {
  const old = textsOf(before['categories']);
  const added = textsOf(row['categories']).filter((label) => !old.includes(label));
  const newCategories = categoriesByLabel(plant, added);
  if (newCategories.length === 0) return;
  announce(plant, act, {
    type: 'NEW_CATEGORY_ON_WORK_ORDER',
    body: { workOrderId: idOf(row), newCategories },
    matches: { oneOfCategories: newCategories.flatMap(({ id, name }) => [id ?? null, name ?? null]) },
  });
}

/** `partStatus` follows from parts and status. */
export function settlePartStatus(plant: Plant, row: Row, act: Act): void {
  setPartStatus(plant, row, partStatusOf(row), act);
}

/** When `partStatus` moved, that is an event of its own. */
export function setPartStatus(plant: Plant, row: Row, newPartStatus: string, act: Act): void {
  const oldPartStatus = textOf(row['partStatus']);
  if (oldPartStatus === newPartStatus) return;
  row['partStatus'] = newPartStatus;
  touch(plant, row);
  announce(plant, act, {
    type: 'WORK_ORDER_PART_STATUS_CHANGE',
    body: { workOrderId: idOf(row), oldPartStatus, newPartStatus },
    // The filter spells them in lower case (FACTS 1.3).
    matches: { oneOfPartStatuses: [newPartStatus.toLowerCase()] },
    snapshot: { key: 'newWorkOrder', value: () => workOrderSnapshot(plant, row) },
  });
}
