import { seededRandom } from '../../base/random.ts';
import { newStatus, createRecord } from '../plant/create.ts';
import { Dice } from './dice.ts';
import { inventCategory, inventTeam, inventUser } from './invent-people.ts';
import { inventAsset, inventLocation, inventMeter } from './invent-places.ts';
import { inventPart, inventVendor } from './invent-stock.ts';
import { takeReading } from '../plant/meter-reading.ts';
import { someDays, times } from './seed-time.ts';
import { isoAt, type Act, type Plant } from '../plant/plant.ts';
import { idOf, type Row } from '../plant/row.ts';
import { seedPurchaseOrders, seedRequests, seedWorkOrders } from './seed-work.ts';
import { PLACES, VENDORS } from './words.ts';

const DAY = 86_400_000;

/** A plant of food and packaging with some history; the same for the same seed and time. Answers the integration user's id. */
export function seedPlant(plant: Plant, seed: number): number {
  const dice = new Dice(seededRandom(seed));
  const integrationUserId = seedPeople(plant, dice);
  const act: Act = { userId: integrationUserId, quiet: true };
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
  return integrationUserId;
}

/** The first user is the one whose key integrations use. */
function seedPeople(plant: Plant, dice: Dice): number {
  const act: Act = { userId: plant.store.peekId('user'), quiet: true };
  const fields: Row = {
    firstName: 'Integration',
    lastName: 'Service',
    role: 'SERVICE_ACCOUNT',
    email: 'integration@harbourfoods.example',
  };
  const integration = createRecord(plant, 'user', fields, act);
  times(17, (index) => createRecord(plant, 'user', inventUser(plant, dice, index === 0 ? 'ADMIN' : undefined), act));
  return idOf(integration);
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
