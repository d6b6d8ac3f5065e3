import { createRecord } from '../plant/create.ts';
import { anyRow } from './choose.ts';
import type { Dice } from './dice.ts';
import { inventPurchaseOrder } from './invent-stock.ts';
import { inventCosts, inventWorkOrder, inventWorkRequest } from './invent-work.ts';
import { isoAt, newId, type Act, type Plant } from '../plant/plant.ts';
import { idOf, numberOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import { someDays, times } from './seed-time.ts';
import { COMMENTS } from './words.ts';
import { partStatusOf } from '../plant/work-order-parts.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What a plant's list of work orders looks like: most are done. */
const STATUSES = { OPEN: 45, IN_PROGRESS: 20, ON_HOLD: 10, DONE: 62, CANCELED: 8, SKIPPED: 5 };

export function seedWorkOrders(plant: Plant, dice: Dice): void {
  const people = plant.store.all('user').map(idOf);
  const ages = Array.from({ length: 150 }, () => dice.whole(1, 90 * 24 * 60)).sort((left, right) => right - left);
  for (const minutes of ages) {
    const status = dice.weighted(STATUSES);
    const userId = dice.pick(people);
    const created = plant.clock.now() - minutes * 60_000 - dice.whole(0, 999);
    const fields = { ...inventWorkOrder(plant, dice), ...history(plant, dice, status, created) };
    const row = createRecord(plant, 'work-order', { ...fields, status }, { userId, quiet: true });
    if (status === 'DONE') Object.assign(row, inventCosts(dice, userId), { partsConsumed: true, completerId: userId });
    // Some were due long ago; the life tells only of those that become overdue from now on.
    row['overdueTold'] = Date.parse(textOf(row['dueDate'])) <= plant.clock.now();
    row['partStatus'] = partStatusOf(row);
    if (dice.chance(0.4)) seedComment(plant, dice, row);
  }
}

function history(plant: Plant, dice: Dice, status: string, created: number): Row {
  const now = plant.clock.now();
  const changed = Math.min(now, created + dice.whole(1, 10 * 24) * HOUR);
  const isUpcoming = status === 'OPEN' && dice.chance(0.12);
  const dueDate = isUpcoming ? now + dice.whole(20, 40) * DAY : created + dice.whole(2, 30) * DAY;
  return {
    createdAt: isoAt(created),
    updatedAt: isoAt(status === 'OPEN' ? created + 1 : changed),
    dueDate: isoAt(dueDate),
    startDate: isUpcoming ? isoAt(now + dice.whole(5, 15) * DAY) : null,
    ...(status === 'DONE' ? { completedAt: isoAt(changed) } : {}),
    ...(status === 'OPEN' ? {} : { startedAt: isoAt(created + HOUR / 2) }),
  };
}

function seedComment(plant: Plant, dice: Dice, row: Row): void {
  const createdAt = textOf(row['updatedAt']);
  const authorId = idOf(anyRow(plant, dice, 'user'));
  plant.comments.set(idOf(row), [{ id: newId(plant, 'comment'), authorId, content: dice.pick(COMMENTS), createdAt }]);
  row['lastMessageSentAt'] = createdAt;
}

export function seedRequests(plant: Plant, dice: Dice, act: Act): void {
  const withStatus = (status: string): Row[] => [...plant.store.where('work-order', 'status', status).forwards()];
  times(20, () => {
    const requestStatus = dice.weighted({ PENDING: 9, APPROVED: 3, REJECTED: 3, DONE: 5 });
    const request = createRecord(
      plant,
      'work-request',
      { ...inventWorkRequest(plant, dice), ...someDays(plant, dice) },
      act,
    );
    request['requestStatus'] = requestStatus;
    const workOrder = dice.maybe(withStatus(requestStatus === 'DONE' ? 'DONE' : 'OPEN'));
    if (workOrder !== undefined && ['APPROVED', 'DONE'].includes(requestStatus))
      request['workOrderId'] = idOf(workOrder);
    plant.store.moved(request);
  });
}

const ORDER_STATUSES = ['REQUESTED', 'PENDING', 'APPROVED', 'PARTIALLY_FULFILLED', 'COMPLETED', 'CANCELED'];

export function seedPurchaseOrders(plant: Plant, dice: Dice, act: Act): void {
  times(12, (index) => {
    const status = ORDER_STATUSES[index % ORDER_STATUSES.length] ?? 'REQUESTED';
    const days = someDays(plant, dice);
    const order = createRecord(plant, 'purchase-order', { ...inventPurchaseOrder(plant, dice), ...days, status }, act);
    if (['APPROVED', 'PARTIALLY_FULFILLED', 'COMPLETED'].includes(status))
      Object.assign(order, { approverId: act.userId, approvalDate: days.updatedAt });
    if (status === 'COMPLETED') order['items'] = received(order, 1);
    if (status === 'PARTIALLY_FULFILLED') order['items'] = received(order, 0.5);
  });
}

/** The lines of the order with this share of each arrived. */
export const received = (order: Row, share: number): Row[] =>
  objectsOf(order['items']).map((item) => ({
    ...item,
    quantityReceived: Math.floor(numberOf(item['quantityOrdered']) * share),
  }));
