import { objectOf } from '../../base/json.ts';
import { statusesOf } from '../plant/asset-status.ts';
import { isoAt, type Act, type Plant } from '../plant/plant.ts';
import { idOf, textOf, type Row } from '../plant/row.ts';
import { fileStatus, newStatus } from '../plant/status-history.ts';
import type { Dice } from './dice.ts';
import { times } from './seed-time.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** What assets went through since they are there: the history behind downtime and availability. */
export function seedOutages(plant: Plant, dice: Dice, act: Act): void {
  for (const asset of plant.store.all('asset')) seedHistory(plant, dice, asset, act);
  // Made here, so that the first request does not wait for it.
  plant.store.ordered('asset-status', 'createdAt');
}

function seedHistory(plant: Plant, dice: Dice, asset: Row, act: Act): void {
  const [first] = statusesOf(plant, asset);
  if (first === undefined) return;
  const current: Row = { ...objectOf(asset['status']) };
  const isFirst = idOf(current) === idOf(first);
  const begin = Date.parse(textOf(first['startedAt']));
  const end = isFirst ? plant.clock.now() - DAY / 2 : Date.parse(textOf(current['startedAt']));
  const last = seedStops(plant, asset, first, stopsBetween(dice, begin, end), act);
  if (isFirst) asset['status'] = last;
  else {
    close(plant, last, Math.max(end, Date.parse(textOf(last['startedAt']))));
    asset['status'] = fileStatus(plant, asset, current, act.userId);
  }
}

type Stop = readonly [from: number, until: number];

/** Some machines never stop. Stops are ten minutes to ten hours long and do not touch. */
function stopsBetween(dice: Dice, begin: number, end: number): readonly Stop[] {
  if (end - begin < 4 * DAY || !dice.chance(0.4)) return [];
  const starts: number[] = [];
  times(dice.whole(1, 4), () => starts.push(begin + Math.floor((end - begin - DAY) * dice.fraction())));
  const stops: Stop[] = [];
  for (const from of starts.toSorted((left, right) => left - right)) {
    const until = from + dice.whole(10, 600) * MINUTE;
    if (from > (stops.at(-1)?.[1] ?? begin)) stops.push([from, until]);
  }
  return stops;
}

/** On, off, on again; answers the last status, which lasts. */
function seedStops(plant: Plant, asset: Row, first: Row, stops: readonly Stop[], act: Act): Row {
  let online = first;
  for (const [index, [from, until]] of stops.entries()) {
    close(plant, online, from);
    const downtimeType = index % 3 === 1 ? 'PLANNED' : 'UNPLANNED';
    const stop = newStatus(plant, 'OFFLINE', { ...since(from), downtimeType });
    close(plant, fileStatus(plant, asset, stop, act.userId), until);
    online = fileStatus(plant, asset, newStatus(plant, 'ONLINE', since(until)), act.userId);
  }
  return online;
}

const since = (time: number): Row => ({ startedAt: isoAt(time), createdAt: isoAt(time), updatedAt: isoAt(time) });

function close(plant: Plant, status: Row, time: number): void {
  Object.assign(status, { endedAt: isoAt(time), updatedAt: isoAt(time) });
  plant.store.moved(status);
}
