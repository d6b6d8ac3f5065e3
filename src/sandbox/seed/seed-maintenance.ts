import { createPlan } from '../plant/maintenance-plan.ts';
import { insert, isoAt, type Act, type Plant } from '../plant/plant.ts';
import { createTemplate } from '../plant/procedure-template.ts';
import { idOf, textOf, type Row } from '../plant/row.ts';
import { issuePermit } from '../plant/work-permit.ts';
import { portalUrl } from '../plant/work-request-portal.ts';
import { anyRow, someIds, someRows } from './choose.ts';
import type { Dice } from './dice.ts';
import type { PlantSize } from './plant-size.ts';
import { times } from './seed-time.ts';
import { seedRootCauseReport } from './seed-root-causes.ts';

/** How often the lists below are gone through. */
const ROUNDS: Readonly<Record<PlantSize, number>> = { small: 1, medium: 4, large: 20, million: 10 };

/** What surrounds the work of the plant: procedures, plans, portals, permits and reports on failures. */
export function seedMaintenance(plant: Plant, dice: Dice, act: Act, size: PlantSize): void {
  times(ROUNDS[size], () => {
    for (const [title, fields] of PROCEDURES) createTemplate(plant, title, fields, act);
    for (const plan of PLANS) seedPlan(plant, dice, act, plan);
    for (const title of PORTALS) seedPortal(plant, dice, act, title);
    times(6, () => seedRootCauseReport(plant, dice, act));
    for (const workOrder of liveWorkOrders(plant)) issuePermit(plant, workOrder, act);
    for (const workOrder of doneWorkOrders(plant, dice)) summarize(workOrder, dice);
  });
}

const step = (type: string, label: string): Row => ({ type, label });

const PROCEDURES: readonly (readonly [title: string, fields: readonly Row[]])[] = [
  [
    'Lockout and tagout',
    [
      step('HEADING', 'Before you start'),
      step('CHECKBOX', 'Energy is isolated'),
      step('CHECKBOX', 'Lock and tag are applied'),
      step('SIGNATURE', 'Signature'),
    ],
  ],
  [
    'Weekly conveyor inspection',
    [
      { ...step('MULTIPLE_CHOICE', 'Belt tension'), choices: ['Good', 'Too loose', 'Too tight'] },
      step('INSPECTION_CHECK', 'Rollers turn freely'),
      step('NUMBER', 'Bearing temperature in °C'),
      step('FILE', 'Photo of the drive'),
    ],
  ],
  [
    'Compressor service',
    [
      { ...step('TEXT', 'Oil type used'), description: 'As printed on the drum.' },
      { ...step('CHECKLIST', 'Changed parts'), choices: ['Air filter', 'Oil filter', 'Separator'] },
      { ...step('DATE', 'Next service'), isDateAndTime: false },
    ],
  ],
];

const PLANS: readonly (readonly [name: string, seconds: number, recurrence: Row])[] = [
  ['Weekly conveyor inspection', 2700, { type: 'WEEKLY', interval: 1, days: ['MONDAY'] }],
  ['Monthly compressor service', 7200, { type: 'MONTHLY', interval: 1, day: 15 }],
  ['Yearly boiler inspection', 14_400, { type: 'YEARLY', interval: 1 }],
];

function seedPlan(plant: Plant, dice: Dice, act: Act, [name, seconds, recurrence]: (typeof PLANS)[number]): void {
  const blueprint: Row = {
    title: name,
    estimatedTime: seconds,
    priority: dice.pick(['LOW', 'MEDIUM']),
    teamIds: someIds(plant, dice, 'team', 1),
  };
  const fields: Row = {
    name,
    recurrence,
    startDate: isoAt(plant.clock.now() + dice.whole(1, 20) * 86_400_000),
    workOrderBlueprintId: idOf(insert(plant, 'work-order-blueprint', blueprint, act.userId)),
    workOrderStartDateOffset: { value: 2, unit: 'DAY' },
    planningHorizon: { value: 1, unit: 'MONTH' },
    planAssets: someIds(plant, dice, 'asset', dice.whole(1, 3)).map((assetId) => ({ assetId })),
  };
  createPlan(plant, fields, act);
}

const PORTALS = ['Production line', 'Offices and canteen'];

function seedPortal(plant: Plant, dice: Dice, act: Act, title: string): void {
  const id = plant.store.nextId('work-request-portal');
  const fields: Row = {
    title,
    welcomeText: 'What is broken?',
    descriptionPlaceholder: 'Since when? What have you tried?',
    contactInformation: 'maintenance@harbourfoods.example',
    locationId: idOf(anyRow(plant, dice, 'location')),
    assetId: null,
    emailOnly: dice.chance(0.5),
    sendEmailNotification: true,
    portalUrl: portalUrl(plant, id),
  };
  insert(plant, 'work-request-portal', fields, act.userId, id);
}

/** Hot work and the like: the first ones that are under way. */
function liveWorkOrders(plant: Plant): Row[] {
  return [...plant.store.where('work-order', 'status', 'IN_PROGRESS').forwards(0, 2)];
}

const doneWorkOrders = (plant: Plant, dice: Dice): Row[] =>
  someRows(plant, dice, 'work-order', 30).filter((workOrder) => workOrder['status'] === 'DONE');

/** The note of who finished it, and what MaintainX makes of it. */
function summarize(workOrder: Row, dice: Dice): void {
  const content = dice.pick(NOTES);
  workOrder['workOrderSummary'] = {
    content,
    summary: `${textOf(workOrder['title'])}: ${content}`,
    authorId: workOrder['completerId'] ?? null,
  };
}

const NOTES = ['Done, ran it for an hour.', 'Bearing was worn, replaced it.', 'Cleaned and greased. Watch the seal.'];
