import { LIVE } from './overdue.ts';
import { addComment } from '../plant/comment.ts';
import { createRecord } from '../plant/create.ts';
import { findWith, workOrderName, type Deed, type Scene } from './deed.ts';
import { someRows } from '../seed/choose.ts';
import { inventAssignees, inventCosts, inventPartLines } from '../seed/invent-work.ts';
import { isoAt, type Plant } from '../plant/plant.ts';
import { pick, textOf, type Row } from '../plant/row.ts';
import { updateRecord } from '../plant/update.ts';
import { COMMENTS } from '../seed/words.ts';
import { setWorkOrderStatus } from '../plant/work-order-status.ts';
import { approveRequest, setRequestStatus } from '../plant/work-request-status.ts';

/** What people do with work requests and work orders. */

const liveOne = (scene: Scene): Row | undefined => findWith(scene, 'work-order', 'status', LIVE);
const pendingRequest = (scene: Scene): Row | undefined => findWith(scene, 'work-request', 'requestStatus', ['PENDING']);

/** A backlog always stays, so that no status dies out. */
const BACKLOG = 4;

/** Some work order with one of the statuses, unless it is one of the last. */
const spare = (scene: Scene, statuses: readonly string[]): Row | undefined =>
  findWith(scene, 'work-order', 'status', statuses, BACKLOG);

/** Moves some work order from one of the statuses to another. */
function move(verb: string, from: readonly string[], to: string): Deed {
  return (scene) => {
    const row = spare(scene, from);
    if (row === undefined) return undefined;
    setWorkOrderStatus(scene.plant, row, to, scene.act);
    return `${verb} ${workOrderName(row)}`;
  };
}

export const start = move('started', ['OPEN'], 'IN_PROGRESS');
export const hold = move('put on hold', ['IN_PROGRESS'], 'ON_HOLD');
export const resume = move('resumed', ['ON_HOLD'], 'IN_PROGRESS');
export const cancel = move('cancelled', ['OPEN'], 'CANCELED');
export const skip = move('skipped', ['OPEN'], 'SKIPPED');
export const reopen = move('reopened', ['DONE'], 'OPEN');

export const finish: Deed = (scene) => {
  const row = spare(scene, ['IN_PROGRESS']);
  if (row === undefined) return undefined;
  // Labour and costs are booked without a webhook of their own.
  Object.assign(row, inventCosts(scene.dice, scene.act.userId));
  setWorkOrderStatus(scene.plant, row, 'DONE', scene.act);
  return `finished ${workOrderName(row)}`;
};

export const comment: Deed = (scene) => {
  const row = liveOne(scene);
  if (row === undefined) return undefined;
  addComment(scene.plant, row, scene.dice.pick(COMMENTS), scene.act);
  return `commented on ${workOrderName(row)}`;
};

/** Changes fields of a live work order. */
function edit(verb: string, fields: (scene: Scene, row: Row) => Row): Deed {
  return (scene) => {
    const row = liveOne(scene);
    if (row === undefined) return undefined;
    updateRecord(scene.plant, 'work-order', row, fields(scene, row), scene.act);
    return `${verb} ${workOrderName(row)}`;
  };
}

export const assign = edit('assigned', ({ plant, dice }) => ({ assignees: inventAssignees(plant, dice) }));
export const prioritise = edit('changed the priority of', ({ dice }) => ({
  priority: dice.pick(['NONE', 'LOW', 'MEDIUM', 'HIGH']),
}));
export const postpone = edit('moved the due date of', ({ plant, dice }) => ({
  dueDate: isoAt(plant.clock.now() + dice.whole(1, 20) * 86_400_000),
  overdueTold: false,
}));
export const describe = edit('rewrote the description of', ({ dice }) => ({
  description: `${dice.pick(COMMENTS)} See also job ${dice.whole(100, 999)}.`,
}));
export const categorise = edit('categorised', ({ plant, dice }) => ({
  categories: someRows(plant, dice, 'category', dice.whole(1, 2)).map((category) => textOf(category['label'])),
}));
export const planParts = edit('planned parts for', ({ plant, dice }) => ({ parts: inventPartLines(plant, dice) }));

export const approve: Deed = (scene) => {
  const request = pendingRequest(scene);
  if (request === undefined) return undefined;
  const workOrder = workOrderFrom(scene.plant, scene, request);
  approveRequest(scene.plant, Number(request['id']), workOrder, scene.act);
  return `approved "${textOf(request['title'])}" as ${workOrderName(workOrder)}`;
};

function workOrderFrom(plant: Plant, { dice, act }: Scene, request: Row): Row {
  const taken = pick(request, ['title', 'description', 'priority', 'assetId', 'locationId']);
  const dueDate = isoAt(plant.clock.now() + dice.whole(1, 10) * 86_400_000);
  return createRecord(
    plant,
    'work-order',
    { ...taken, dueDate, type: 'REACTIVE', requesterId: request['creatorId'] ?? null },
    act,
  );
}

export const reject: Deed = (scene) => {
  const request = pendingRequest(scene);
  if (request === undefined) return undefined;
  setRequestStatus(scene.plant, request, 'REJECTED', scene.act);
  return `rejected "${textOf(request['title'])}"`;
};

export const editRequest: Deed = (scene) => {
  const request = pendingRequest(scene);
  if (request === undefined) return undefined;
  updateRecord(
    scene.plant,
    'work-request',
    request,
    { priority: scene.dice.pick(['LOW', 'MEDIUM', 'HIGH']) },
    scene.act,
  );
  return `changed the priority of request "${textOf(request['title'])}"`;
};
