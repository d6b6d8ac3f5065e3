import { createRecord } from '../plant/create.ts';
import { newStatus } from '../plant/status-history.ts';
import { takeReading } from '../plant/meter-reading.ts';
import { isoAt, type Act, type Plant } from '../plant/plant.ts';
import { idOf, textOf, type Row } from '../plant/row.ts';
import type { Dice } from './dice.ts';
import { inventAsset, inventLocation, inventMeter } from './invent-places.ts';
import { namedOddly } from './names.ts';
import { times } from './seed-time.ts';
import { DAY, YEARS } from './shift-time.ts';
import { MORE_PLACES, PLACES } from './words.ts';

/** Made in the first year of the history or before it, changed now and then since. */
export function longAgo(plant: Plant, dice: Dice): { createdAt: string; updatedAt: string } {
  const now = plant.clock.now();
  const created = now - YEARS + Math.floor((dice.fraction() - 0.5) * (YEARS / 2));
  const passed = dice.chance(0.3) ? 1 : dice.fraction() ** 0.5;
  return { createdAt: isoAt(created), updatedAt: isoAt(created + Math.floor((now - created) * passed * 0.999)) };
}

/** A site with halls, in them zones, in these rooms and places: four levels and more. */
export function seedManyLocations(plant: Plant, dice: Dice, act: Act, count: number): void {
  const levels: Row[][] = [[], [], [], []];
  times(count, (index) => {
    const [named, parentIndex] = PLACES[index] ?? [undefined, 0];
    const level = index === 0 ? 0 : index < PLACES.length ? Math.min(2, parentIndex + 1) : dice.whole(2, 4);
    const parent = dice.maybe(levels[level - 1] ?? []) ?? levels[0]?.[0];
    const name = named ?? namedOddly(dice, `${dice.pick(MORE_PLACES)} ${index}`);
    const fields: Row = {
      ...inventLocation(plant, dice, name, parent === undefined ? 0 : idOf(parent)),
      ...longAgo(plant, dice),
    };
    if (parent === undefined) delete fields['parentId'];
    if (dice.chance(0.3)) for (const field of ['description', 'address', 'barcode']) delete fields[field];
    levels[level] = [...(levels[level] ?? []), createRecord(plant, 'location', fields, act)];
  });
}

/** Shares of the levels: lines, their machines, components of these, and parts of components. */
const LEVELS: readonly (readonly [share: number, name: string])[] = [
  [0.04, 'Line'],
  [0.3, 'Machine'],
  [0.41, 'Component'],
  [0.25, 'Component'],
];
const LINES = ['Filling Line', 'Packaging Line', 'Mixing Line', 'Utility System', 'Conveyor System', 'CIP Circuit'];

/** A tree of four levels; a fiftieth of all machines stands still. */
export function seedManyAssets(plant: Plant, dice: Dice, act: Act, count: number): void {
  let parents: Row[] = [];
  for (const [share, type] of LEVELS) {
    const level: Row[] = [];
    times(Math.round(count * share), (index) => {
      const fields = { ...assetOf(plant, dice, type, index + 1, dice.maybe(parents)), ...longAgo(plant, dice) };
      level.push(createRecord(plant, 'asset', dice.chance(0.15) ? bare(fields) : fields, act));
    });
    parents = level;
  }
  for (const asset of dice.some(plant.store.all('asset'), Math.round(count / 50)))
    asset['status'] = newStatus(plant, 'OFFLINE', {
      downtimeType: dice.pick(['PLANNED', 'UNPLANNED']),
      startedAt: isoAt(plant.clock.now() - Math.floor(dice.fraction() ** 3 * 60 * DAY)),
    });
}

function assetOf(plant: Plant, dice: Dice, type: string, number: number, parent: Row | undefined): Row {
  const fields = inventAsset(plant, dice, type === 'Component' ? parent : undefined);
  if (parent !== undefined) fields['parentId'] = idOf(parent);
  if (parent?.['locationId'] !== undefined) fields['locationId'] = parent['locationId'];
  const [model = ''] = type === 'Machine' ? textOf(fields['name']).split(/ \d+$/) : [];
  const names: Readonly<Record<string, string>> = {
    Line: `${dice.pick(LINES)} ${number}`,
    Machine: `${model} ${number}`,
  };
  return { ...fields, name: namedOddly(dice, names[type] ?? textOf(fields['name'])), assetTypes: [type] };
}

const KEPT = ['name', 'parentId', 'locationId', 'createdAt', 'updatedAt'];

/** Somebody typed in a name and nothing else. */
const bare = (fields: Row): Row => Object.fromEntries(Object.entries(fields).filter(([field]) => KEPT.includes(field)));

export function seedManyMeters(plant: Plant, dice: Dice, act: Act, count: number): void {
  times(count, () => {
    const meter = createRecord(plant, 'meter', { ...inventMeter(plant, dice), ...longAgo(plant, dice) }, act);
    // A tenth were never read.
    if (!dice.chance(0.1)) takeReading(plant, dice, meter);
  });
}
