import { objectOf } from '../../base/json.ts';
import { insert, isoAt, newId, type Act, type Plant } from '../plant/plant.ts';
import { idOf, textOf, type Row } from '../plant/row.ts';
import { anyRow, someIds } from './choose.ts';
import type { Dice } from './dice.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A report on why an asset failed. */
export function seedRootCauseReport(plant: Plant, dice: Dice, act: Act): void {
  const asset = anyRow(plant, dice, 'asset');
  const started = plant.clock.now() - dice.whole(2, 80) * DAY;
  const ended = started + dice.whole(1, 30) * HOUR;
  const isDone = dice.chance(0.6);
  const completed = isoAt(ended + HOUR);
  insert(
    plant,
    'root-cause-report',
    {
      status: isDone ? 'DONE' : 'DRAFT',
      mainAssetId: idOf(asset),
      mainAssetStatusId: objectOf(asset['status'])['id'] ?? null,
      createdAt: isoAt(ended),
      updatedAt: isDone ? completed : null,
      completedAt: isDone ? completed : null,
      incidentStartedAt: isoAt(started),
      incidentEndedAt: isoAt(ended),
      incidentDuration: (ended - started) / 1000,
      repairTime: dice.whole(1, 20) * 600,
      notes: dice.chance(0.7) ? { text: `${textOf(asset['name'])} stood still.` } : null,
      updaterId: isDone ? act.userId : null,
      archivedAt: isDone && dice.chance(0.3) ? completed : null,
      relatedAssetIds: someIds(plant, dice, 'asset', 2).filter((id) => id !== idOf(asset)),
      workOrderIds: plant.store.where('work-order', 'assetId', idOf(asset)).forwards(0, 2).map(idOf).toArray(),
      problems: [problem(plant, dice)],
    },
    act.userId,
  );
}

const PROBLEMS = [
  ['Mechanical', 'Vibration', 'Worn bearing', 'Replace the bearing'],
  ['Electrical', 'Motor stops', 'Loose terminal', 'Tighten the terminals'],
  ['Operation', 'Product jam', 'Wrong setting', 'Train the shift'],
] as const;

function problem(plant: Plant, dice: Dice): Row {
  const [category, failure, cause, action] = dice.pick(PROBLEMS);
  const option = (stepType: string, label: string): Row => ({ id: newId(plant, 'line'), label, stepType });
  return {
    id: newId(plant, 'line'),
    category: { id: newId(plant, 'line'), label: category },
    stepOptions: [option('FAILURE', failure), option('CAUSE', cause), option('ACTION', action)],
    notes: dice.chance(0.5) ? { text: `${cause}, found at the second look.` } : null,
  };
}
