import { createRecord } from '../plant/create.ts';
import { newPhoto, newDocument } from '../plant/file.ts';
import { isoAt, newId, type Act, type Plant } from '../plant/plant.ts';
import { idOf, textOf, type Row } from '../plant/row.ts';
import { partStatusOf } from '../plant/work-order-parts.ts';
import type { Dice } from './dice.ts';
import { inventProcedure, inventWorkRequest } from './invent-work.ts';
import { namedOddly } from './names.ts';
import { fewGetMost, logNormal, oddsOf, type Odds } from './odds.ts';
import { DAY, workingTimes } from './shift-time.ts';
import { COMMENTS, JOBS } from './words.ts';
import { packedWorkOrder } from './packed-work-order.ts';
import { costsOf } from './years-costs.ts';
import { partLinesFrom } from './years-stock.ts';

const HOUR = 3_600_000;

/** How work orders stand, by their age in days: work is done in days, but some of it lies for ever. */
const STATUSES_BY_AGE = [
  { days: 3, odds: oddsOf({ OPEN: 52, IN_PROGRESS: 14, ON_HOLD: 3, DONE: 30, CANCELED: 1 }) },
  { days: 14, odds: oddsOf({ OPEN: 22, IN_PROGRESS: 5, ON_HOLD: 5, DONE: 65, CANCELED: 2, SKIPPED: 1 }) },
  { days: 60, odds: oddsOf({ OPEN: 60, IN_PROGRESS: 10, ON_HOLD: 25, DONE: 855, CANCELED: 30, SKIPPED: 20 }) },
  { days: Infinity, odds: oddsOf({ OPEN: 4, IN_PROGRESS: 1, ON_HOLD: 3, DONE: 942, CANCELED: 27, SKIPPED: 23 }) },
];
const PRIORITIES = oddsOf({ NONE: 46, LOW: 24, MEDIUM: 22, HIGH: 8 });
const WAYS = oddsOf({ PREVENTIVE: 46, REACTIVE: 49, OTHER: 5 });
const FINISHED = ['DONE', 'CANCELED', 'SKIPPED'];

/** What the history draws from again and again. */
interface Crew {
  readonly plant: Plant;
  readonly dice: Dice;
  readonly now: number;
  readonly assets: Odds<Row>;
  readonly users: Odds<Row>;
  readonly teams: Odds<number>;
  readonly vendors: Odds<number>;
  readonly jobs: Readonly<Record<string, readonly (typeof JOBS)[number][]>>;
  readonly partLines: (dice: Dice) => Row[];
}

function crewOf(plant: Plant, dice: Dice): Crew {
  const assignable = plant.store
    .all('user')
    .filter((user) => user['role'] !== 'REQUESTER' && user['role'] !== 'SERVICE_ACCOUNT');
  const isPlanned = ([, , category]: (typeof JOBS)[number]): boolean =>
    ['Preventive', 'Inspection', 'Calibration', 'Safety'].includes(category);
  const assets = plant.store.all('asset');
  return {
    plant,
    dice,
    now: plant.clock.now(),
    assets: fewGetMost(dice.some(assets, assets.length)),
    users: fewGetMost(assignable),
    teams: fewGetMost(plant.store.all('team').map(idOf)),
    vendors: fewGetMost(plant.store.all('vendor').map(idOf)),
    jobs: { PREVENTIVE: JOBS.filter(isPlanned), REACTIVE: JOBS.filter((job) => !isPlanned(job)), OTHER: JOBS },
    partLines: partLinesFrom(plant),
  };
}

/** Three years of work, oldest first, so that ids and numbers rise with the time. */
export function seedManyWorkOrders(plant: Plant, dice: Dice, count: number): void {
  const crew = crewOf(plant, dice);
  for (const created of workingTimes(dice, crew.now, count)) seedOne(crew, created);
}

function seedOne(crew: Crew, created: number): void {
  const { plant, dice, now } = crew;
  const age = (now - created) / DAY;
  const status = STATUSES_BY_AGE.find(({ days }) => age < days)?.odds.draw(dice) ?? 'DONE';
  const doer = crew.users.draw(dice);
  const fields: Row = { ...whatToDo(crew), ...whenOf(crew, created, status), status };
  const row = createRecord(plant, 'work-order', fields, { userId: idOf(crew.users.draw(dice)), quiet: true });
  if (status === 'DONE') Object.assign(row, { completerId: idOf(doer), partsConsumed: true }, costsOf(dice, doer));
  if (Date.parse(textOf(row['dueDate'])) <= now) row['overdueTold'] = true;
  row['partStatus'] = partStatusOf(row);
  if (dice.chance(0.35)) seedComments(crew, row, created);
  plant.store.add('work-order', packedWorkOrder(row));
}

/** A seventh has a title and little else. */
function whatToDo(crew: Crew): Row {
  const { plant, dice } = crew;
  const type = WAYS.draw(dice);
  const [job, description, category] = dice.pick(crew.jobs[type] ?? JOBS);
  const asset = crew.assets.draw(dice);
  const title = namedOddly(dice, `${job} ${textOf(asset['name'])}`);
  const base: Row = { title, type, priority: PRIORITIES.draw(dice) };
  if (dice.chance(0.14)) return base;
  return {
    ...base,
    description: dice.chance(0.7) ? description : null,
    assetId: idOf(asset),
    locationId: asset['locationId'] ?? null,
    estimatedTime: dice.chance(0.6) ? dice.whole(1, 16) * 900 : null,
    assignees: assignees(crew),
    categories: CATEGORY_LISTS[category] ?? [],
    ...(dice.chance(0.22) ? { parts: crew.partLines(dice) } : {}),
    ...(dice.chance(0.06) ? { vendorIds: [crew.vendors.draw(dice)] } : {}),
    ...(dice.chance(0.3) ? { extraFields: { 'Downtime minutes': String(Math.round(logNormal(dice, 25, 1))) } } : {}),
    ...(type === 'PREVENTIVE' ? { recurrenceInfo: dice.pick(RECURRENCES) } : {}),
    ...(type === 'PREVENTIVE' && dice.chance(0.06)
      ? { procedure: inventProcedure(plant, dice, textOf(asset['name'])) }
      : {}),
    ...(dice.chance(0.08) ? { thumbnail: newPhoto(plant, 'machine') } : {}),
    ...(dice.chance(0.06) ? { attachments: [newDocument(plant, 'instruction')] } : {}),
  };
}

/** Shared by all rows that say the same: 200,000 copies would fill the memory. Nobody changes what is inside a row. */
const CATEGORY_LISTS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  JOBS.map(([, , category]) => [category, [category]]),
);
const RECURRENCES: readonly Row[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY'].flatMap((day) =>
  [1, 2, 4].map((interval) => ({ type: 'WEEKLY', interval, days: [day] })),
);

function assignees(crew: Crew): Row[] {
  const { dice } = crew;
  const users = new Set(Array.from({ length: dice.chance(0.7) ? 1 : dice.whole(0, 3) }, () => crew.users.draw(dice)));
  const chosen: Row[] = Array.from(users, (user) => ({ type: 'USER', id: idOf(user) }));
  return dice.chance(0.3) ? [...chosen, { type: 'TEAM', id: crew.teams.draw(dice) }] : chosen;
}

function whenOf({ dice, now }: Crew, created: number, status: string): Row {
  const started = Math.min(now, created + Math.floor(logNormal(dice, 20, 1.2) * HOUR));
  const ended = Math.min(now, started + Math.floor(logNormal(dice, 3, 1.1) * HOUR));
  const isUpcoming = status === 'OPEN' && dice.chance(0.15);
  const due = isUpcoming ? now + dice.whole(20, 60) * DAY : created + dice.whole(1, 30) * DAY;
  const hasStarted = status === 'DONE' || status === 'IN_PROGRESS' || status === 'ON_HOLD';
  return {
    createdAt: isoAt(created),
    updatedAt: isoAt(FINISHED.includes(status) ? ended : hasStarted ? started : created),
    dueDate: isUpcoming || dice.chance(0.7) ? isoAt(due) : null,
    ...(isUpcoming ? { startDate: isoAt(now + dice.whole(5, 19) * DAY) } : {}),
    ...(hasStarted ? { startedAt: isoAt(started) } : {}),
    ...(status === 'DONE' ? { completedAt: isoAt(ended) } : {}),
  };
}

function seedComments(crew: Crew, row: Row, created: number): void {
  const { plant, dice } = crew;
  const last = Date.parse(textOf(row['updatedAt']));
  const count = dice.chance(0.6) ? 1 : dice.whole(2, 5);
  const comments = Array.from({ length: count }, (_, index): Row => {
    const createdAt = isoAt(created + Math.floor(((last - created) * (index + 1)) / count));
    return {
      id: newId(plant, 'comment'),
      authorId: idOf(crew.users.draw(dice)),
      content: dice.pick(COMMENTS),
      createdAt,
    };
  });
  plant.comments.set(idOf(row), comments);
  row['lastMessageSentAt'] = comments.at(-1)?.['createdAt'] ?? null;
}

const WISHES = {
  old: oddsOf({ APPROVED: 8, REJECTED: 22, DONE: 70 }),
  recent: oddsOf({ PENDING: 60, APPROVED: 30, REJECTED: 10 }),
};

/** Wishes of the last year; what was agreed to points to a work order. */
export function seedManyRequests(plant: Plant, dice: Dice, act: Act, count: number): void {
  const now = plant.clock.now();
  for (const time of workingTimes(dice, now, count)) {
    const created = now - Math.floor((now - time) / 3);
    const requestStatus = (now - created > 14 * DAY ? WISHES.old : WISHES.recent).draw(dice);
    const updated = Math.min(now, created + Math.floor(logNormal(dice, 15, 1) * HOUR));
    const times = { createdAt: isoAt(created), updatedAt: isoAt(requestStatus === 'PENDING' ? created : updated) };
    const wanted = { APPROVED: 'OPEN', DONE: 'DONE', PENDING: '', REJECTED: '' }[requestStatus];
    const orders = plant.store.where('work-order', 'status', wanted);
    const workOrder = orders.size === 0 ? undefined : orders.at(dice.whole(0, orders.size - 1));
    const link = workOrder === undefined ? {} : { workOrderId: idOf(workOrder) };
    createRecord(plant, 'work-request', { ...inventWorkRequest(plant, dice), ...times, ...link, requestStatus }, act);
  }
}
