import { seededRandom } from '../../base/random.ts';
import { CORE_KINDS, type CoreKind } from '../../maintainx/catalogue/index.ts';
import type { Chronicle } from './chronicle.ts';
import { actOf, anActor, type Deed } from './deed.ts';
import { comeOrGo } from './deeds-balance.ts';
import * as masters from './deeds-masters.ts';
import * as stock from './deeds-stock.ts';
import { transfer } from './deeds-transfer.ts';
import * as work from './deeds-work.ts';
import { Dice } from '../seed/dice.ts';
import { tellOverdue } from './overdue.ts';
import type { Plant } from '../plant/plant.ts';
import { textOf } from '../plant/row.ts';

/** How often people make or delete a record of each kind, against the weights below. */
const COMINGS_AND_GOINGS: Readonly<Record<CoreKind, number>> = {
  'work-order': 60,
  'work-request': 40,
  part: 10,
  'purchase-order': 12,
  asset: 8,
  vendor: 4,
  location: 3,
  meter: 3,
  user: 2,
  team: 1,
  category: 2,
};

/** What goes on in a plant, by weight. */
const DEEDS: readonly (readonly [weight: number, deed: Deed])[] = [
  [30, work.start],
  [34, work.finish],
  [14, work.hold],
  [16, work.resume],
  [4, work.cancel],
  [2, work.skip],
  [4, work.reopen],
  [45, work.comment],
  [30, work.assign],
  [18, work.prioritise],
  [18, work.postpone],
  [10, work.describe],
  [8, work.categorise],
  [12, work.planParts],
  [20, work.approve],
  [8, work.reject],
  [5, work.editRequest],
  [25, stock.takePart],
  [12, stock.restock],
  [4, stock.reprice],
  [20, stock.decideOrder],
  [14, stock.receiveOrder],
  [5, stock.noteOnOrder],
  [8, transfer],
  [50, stock.readMeter],
  [20, stock.stopOrStart],
  [4, masters.describeLocation],
  [5, masters.editAsset],
  [3, masters.moveAsset],
  [3, masters.describeVendor],
  [3, masters.renumberVendor],
  [3, masters.payUser],
  [2, masters.fillTeam],
  [2, masters.describeCategory],
  [2, masters.describeMeter],
  [4, masters.relocatePart],
];

const OVERDUE_EVERY = 25;

/** The life: each call makes one change, always the same ones in the same order for the same seed. */
export function changesOf(plant: Plant, chronicle: Chronicle, seed: number): () => void {
  const dice = new Dice(seededRandom(seed ^ 0x5bd1e995));
  const table = [...DEEDS, ...comingsAndGoings(plant)];
  const total = table.reduce((sum, [weight]) => sum + weight, 0);
  let made = 0;
  return () => {
    if (made++ % OVERDUE_EVERY === 0) tellOverdue(plant);
    // Some deeds find no occasion; making or deleting a work order always does.
    for (let attempt = 0; attempt < 50; attempt++) {
      const actor = anActor(plant, dice);
      const sentence = drawn(table, dice.whole(1, total))({ plant, dice, actor, act: actOf(actor) });
      if (sentence === undefined) continue;
      chronicle.tell(`${textOf(actor['firstName'])} ${sentence}`);
      return;
    }
  };
}

const comingsAndGoings = (plant: Plant): (readonly [number, Deed])[] =>
  CORE_KINDS.map((kind) => [COMINGS_AND_GOINGS[kind], comeOrGo(kind, plant.store.count(kind))]);

function drawn(table: readonly (readonly [number, Deed])[], ticket: number): Deed {
  let left = ticket;
  for (const [weight, deed] of table) {
    left -= weight;
    if (left <= 0) return deed;
  }
  return () => undefined;
}
