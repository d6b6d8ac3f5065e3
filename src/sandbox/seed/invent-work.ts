import { anyRow, maybeRow, someIds, someRows } from './choose.ts';
import type { Dice } from './dice.ts';
import { newDocument, newPhoto } from '../plant/file.ts';
import { isoAt, newId, type Plant } from '../plant/plant.ts';
import { idOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import { COMPLAINTS, JOBS } from './words.ts';

/** Fields of work and of wishes for it. */

const DAY = 86_400_000;

export function inventWorkRequest(plant: Plant, dice: Dice): Row {
  const asset = anyRow(plant, dice, 'asset');
  const team = maybeRow(plant, dice, 'team')?.['id'];
  return {
    title: `${dice.pick(COMPLAINTS)} ${textOf(asset['name'])}`,
    description: dice.pick(['Since this morning.', 'Happens every hour.', 'Please look before the night shift.']),
    priority: dice.weighted({ NONE: 3, LOW: 3, MEDIUM: 3, HIGH: 1 }),
    ...placeOf(asset),
    ...(team === undefined ? {} : { approverTeamId: team }),
    creatorContactInfo: { type: 'EMAIL', value: `line${dice.whole(1, 9)}@harbourfoods.example` },
    extraFields: { Area: dice.pick(['Wet', 'Dry', 'Utilities']) },
    attachments: dice.chance(0.4) ? [newPhoto(plant, 'what it looks like')] : [],
  };
}

const placeOf = (asset: Row): Row => ({
  assetId: idOf(asset),
  ...(typeof asset['locationId'] === 'number' ? { locationId: asset['locationId'] } : {}),
});

export function inventWorkOrder(plant: Plant, dice: Dice): Row {
  const [job, description, category] = dice.pick(JOBS);
  const asset = anyRow(plant, dice, 'asset');
  const type = category === 'Preventive' || category === 'Inspection' ? 'PREVENTIVE' : 'REACTIVE';
  const now = plant.clock.now();
  const isUpcoming = dice.chance(0.06);
  const dueDate = isoAt(now + dice.whole(isUpcoming ? 20 : 1, isUpcoming ? 40 : 14) * DAY);
  const isPlanned = type === 'PREVENTIVE';
  return {
    title: `${job} ${textOf(asset['name'])}`,
    description,
    type: dice.chance(0.1) ? 'OTHER' : type,
    priority: dice.weighted({ NONE: 3, LOW: 4, MEDIUM: 5, HIGH: 2 }),
    ...placeOf(asset),
    dueDate,
    ...(isUpcoming ? { startDate: isoAt(now + dice.whole(5, 15) * DAY) } : {}),
    estimatedTime: dice.whole(1, 16) * 900,
    assignees: inventAssignees(plant, dice),
    categories: plant.store.where('category', 'label', category).size > 0 ? [category] : [],
    parts: dice.chance(0.3) ? inventPartLines(plant, dice) : [],
    vendorIds: someIds(plant, dice, 'vendor', dice.chance(0.2) ? 1 : 0),
    extraFields: { 'Downtime minutes': String(dice.whole(0, 90)) },
    externalData: { source: 'sandbox' },
    ...(isPlanned ? { recurrenceInfo: { type: 'WEEKLY', interval: 1, days: ['MONDAY'] } } : {}),
    ...(isPlanned && dice.chance(0.5) ? { procedure: inventProcedure(plant, dice, textOf(asset['name'])) } : {}),
    ...(dice.chance(0.2) ? { thumbnail: newPhoto(plant, 'machine') } : {}),
    attachments: dice.chance(0.25) ? [newDocument(plant, 'instruction')] : [],
  };
}

export function inventAssignees(plant: Plant, dice: Dice): Row[] {
  const users = plant.store
    .all('user')
    .filter((user) => user['role'] !== 'REQUESTER' && user['role'] !== 'SERVICE_ACCOUNT');
  const chosen: Row[] = dice.some(users, dice.whole(0, 2)).map((user) => ({ type: 'USER', id: idOf(user) }));
  const team = dice.chance(0.25) ? maybeRow(plant, dice, 'team') : undefined;
  return team === undefined ? chosen : [...chosen, { type: 'TEAM', id: idOf(team) }];
}

export function inventPartLines(plant: Plant, dice: Dice): Row[] {
  return someRows(plant, dice, 'part', dice.whole(1, 2)).map((part) => ({
    id: idOf(part),
    quantityUsed: dice.whole(1, 3),
    locationId: objectsOf(part['locations'])[0]?.['locationId'] ?? null,
    copyOnRecurring: 'Default',
  }));
}

export function inventProcedure(plant: Plant, dice: Dice, machine: string): Row {
  const photo = newPhoto(plant, 'proof');
  const field = (type: string, label: string, value: Row): Row => ({
    id: newId(plant, 'line'),
    type,
    label,
    required: type === 'CHECKBOX',
    value,
  });
  return {
    id: newId(plant, 'line'),
    templateIds: [dice.whole(3000, 3999)],
    title: `Check of ${machine}`,
    fields: [
      field('CHECKBOX', 'Lockout applied', { text: 'true' }),
      field('NUMBER', 'Temperature in °C', { text: String(dice.whole(30, 80)) }),
      // In answers, `attachment` repeats the first of `attachments` (FACTS 2.4).
      field('FILE', 'Photo', { attachment: photo, attachments: [photo], hasAttachments: true }),
    ],
  };
}

/** Hours of work and what was spent, as they are booked when a work order is finished. */
export function inventCosts(dice: Dice, userId: number): Row {
  const durationTotal = dice.whole(1, 24) * 600;
  const rate = dice.whole(24, 58) * 100;
  const hours = Math.round((durationTotal / 3600) * 100) / 100;
  const time: Row = {
    type: 'TIME',
    costPerUnit: rate,
    quantity: hours,
    rowTotal: Math.round((rate * durationTotal) / 3600),
    durationTotal,
    userId,
  };
  const amount = dice.whole(5, 400) * 100;
  const expense: Row = {
    type: 'EXPENSE',
    description: 'Hired help',
    costPerUnit: amount,
    quantity: 1,
    rowTotal: amount,
  };
  return { times: [time], timeItems: [time], expenditures: dice.chance(0.25) ? [expense] : [] };
}
