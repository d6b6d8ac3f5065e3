import { seededRandom } from '../../base/random.ts';
import { createRecord } from '../plant/create.ts';
import { newStatus } from '../plant/status-history.ts';
import { Dice } from './dice.ts';
import { inventCategory, inventTeam, inventUser } from './invent-people.ts';
import { inventAsset, inventLocation, inventMeter } from './invent-places.ts';
import { inventPart, inventVendor } from './invent-stock.ts';
import { takeReading } from '../plant/meter-reading.ts';
import { someDays, times } from './seed-time.ts';
import { isoAt, type Act, type Plant } from '../plant/plant.ts';
import { idOf, type Row } from '../plant/row.ts';
import { seedMaintenance } from './seed-maintenance.ts';
import { seedSettings } from './seed-settings.ts';
import { seedPurchaseOrders, seedRequests, seedWorkOrders } from './seed-work.ts';
import { COUNTS, type PlantSize } from './plant-size.ts';
import { PLACES, VENDORS } from './words.ts';
import { seedStockFlow } from './seed-stock-flow.ts';
import { seedYears } from './years.ts';

const DAY = 86_400_000;

/**
 * A plant of food and packaging with some history; the same for the same seed, size and time.
 * Answers the integration user's id.
 */
export function seedPlant(running: Plant, seed: number, size: PlantSize): number {
  const now = running.clock.now();
  // However long it takes to make, all of the plant is made at one moment.
  const plant: Plant = { ...running, clock: { ...running.clock, now: () => now } };
  const dice = new Dice(seededRandom(seed));
  const act: Act = { userId: seedIntegrationUser(plant), quiet: true };
  if (size === 'small') seedSmall(plant, dice, act);
  else seedYears(plant, dice, act, COUNTS[size]);
  seedSettings(plant, dice, act);
  seedStockFlow(plant, dice, act);
  seedMaintenance(plant, dice, act, size);
  return act.userId;
}

function seedSmall(plant: Plant, dice: Dice, act: Act): void {
  times(17, (index) => createRecord(plant, 'user', inventUser(plant, dice, index === 0 ? 'ADMIN' : undefined), act));
  times(10, (index) => createRecord(plant, 'vendor', inventVendor(plant, dice, VENDORS[index]), act));
  seedLocations(plant, dice, act);
  seedAssets(plant, dice, act);
  times(5, () => createRecord(plant, 'team', inventTeam(plant, dice), act));
  times(10, () => createRecord(plant, 'category', inventCategory(plant, dice), act));
  times(50, () => createRecord(plant, 'part', { ...inventPart(plant, dice), ...someDays(plant, dice) }, act));
  seedMeters(plant, dice, act);
  seedPurchaseOrders(plant, dice, act);
  seedWorkOrders(plant, dice);
  seedRequests(plant, dice, act);
}

/** The first user is the one whose key integrations use. */
function seedIntegrationUser(plant: Plant): number {
  const act: Act = { userId: plant.store.peekId('user'), quiet: true };
  const fields: Row = {
    firstName: 'Integration',
    lastName: 'Service',
    role: 'SERVICE_ACCOUNT',
    email: 'integration@harbourfoods.example',
  };
  return idOf(createRecord(plant, 'user', fields, act));
}

function seedLocations(plant: Plant, dice: Dice, act: Act): void {
  const ids: number[] = [];
  for (const [name, parent] of PLACES) {
    const fields = inventLocation(plant, dice, name, ids[parent]);
    if (parent < 0) delete fields['parentId'];
    ids.push(idOf(createRecord(plant, 'location', { ...fields, ...someDays(plant, dice) }, act)));
  }
}

/** Thirty machines and ten components of them. */
function seedAssets(plant: Plant, dice: Dice, act: Act): void {
  times(30, () => createRecord(plant, 'asset', { ...inventAsset(plant, dice), ...someDays(plant, dice) }, act));
  const machines = plant.store.all('asset');
  times(10, () => {
    const fields = { ...inventAsset(plant, dice, dice.pick(machines)), ...someDays(plant, dice) };
    createRecord(plant, 'asset', fields, act);
  });
  for (const asset of dice.some(machines, 3))
    asset['status'] = newStatus(plant, 'OFFLINE', {
      downtimeType: 'UNPLANNED',
      startedAt: isoAt(plant.clock.now() - DAY),
    });
}

function seedMeters(plant: Plant, dice: Dice, act: Act): void {
  times(20, () => {
    const meter = createRecord(plant, 'meter', { ...inventMeter(plant, dice), ...someDays(plant, dice) }, act);
    takeReading(plant, dice, meter);
  });
}
