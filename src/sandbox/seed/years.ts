import { CORE_KINDS, coreEntry } from '../../maintainx/catalogue/index.ts';
import { createRecord } from '../plant/create.ts';
import type { Act, Plant } from '../plant/plant.ts';
import { groupedFields } from '../operations/grouped-filters.ts';
import type { Dice } from './dice.ts';
import { inventCategory, inventTeam, inventUser } from './invent-people.ts';
import type { COUNTS } from './plant-size.ts';
import { times } from './seed-time.ts';
import { longAgo, seedManyAssets, seedManyLocations, seedManyMeters } from './years-places.ts';
import { seedManyParts, seedManyPurchaseOrders, seedManyVendors } from './years-stock.ts';
import { seedManyRequests, seedManyWorkOrders } from './years-work.ts';

/** A plant that looks back on three years, without its integration user. */
export function seedYears(plant: Plant, dice: Dice, act: Act, counts: (typeof COUNTS)['large']): void {
  times(counts.user - 1, (index) =>
    createRecord(
      plant,
      'user',
      { ...inventUser(plant, dice, index === 0 ? 'ADMIN' : undefined), ...longAgo(plant, dice) },
      act,
    ),
  );
  seedManyVendors(plant, dice, act, counts.vendor);
  seedManyLocations(plant, dice, act, counts.location);
  seedManyAssets(plant, dice, act, counts.asset);
  times(counts.team, () => createRecord(plant, 'team', inventTeam(plant, dice), act));
  times(counts.category, () => createRecord(plant, 'category', inventCategory(plant, dice), act));
  seedManyParts(plant, dice, act, counts.part);
  seedManyMeters(plant, dice, act, counts.meter);
  seedManyPurchaseOrders(plant, dice, act, counts['purchase-order']);
  seedManyWorkOrders(plant, dice, counts['work-order']);
  seedManyRequests(plant, dice, act, counts['work-request']);
  fileAll(plant);
}

/** Orders and groups are made when first asked for; on a large plant that would keep the first requests waiting. */
function fileAll({ store }: Plant): void {
  for (const kind of CORE_KINDS) {
    const sorts = coreEntry(kind).sorts.map((sort) => sort.replace('-', ''));
    for (const field of new Set([...sorts, 'updatedAt'])) store.ordered(kind, field);
  }
  for (const field of ['status', 'parentId', ...groupedFields('work-order')]) store.where('work-order', field, null);
  store.containing('work-order', 'title', 'in no title', 0);
  for (const field of ['requestStatus', 'workOrderId']) store.where('work-request', field, null);
  for (const kind of ['asset', 'location'] as const) store.where(kind, 'parentId', null);
}
