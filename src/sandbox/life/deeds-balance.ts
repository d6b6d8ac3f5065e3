import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import { createRecord } from '../plant/create.ts';
import { find, nameOf, workOrderName, type Deed, type Scene } from './deed.ts';
import { inventCategory, inventTeam, inventUser } from '../seed/invent-people.ts';
import { inventAsset, inventLocation, inventMeter } from '../seed/invent-places.ts';
import { inventPart, inventPurchaseOrder, inventVendor } from '../seed/invent-stock.ts';
import { inventWorkOrder, inventWorkRequest } from '../seed/invent-work.ts';
import { removeRecord } from '../plant/remove.ts';
import { idOf, textOf, type Row } from '../plant/row.ts';

/** Records come and go so that their number stays near what it was at the start. */

type Invent = (scene: Scene) => Row;

const INVENT: Readonly<Record<CoreKind, Invent>> = {
  location: ({ plant, dice }) => inventLocation(plant, dice),
  asset: (scene) => inventAsset(scene.plant, scene.dice, scene.dice.chance(0.25) ? find(scene, 'asset') : undefined),
  'work-order': ({ plant, dice }) => inventWorkOrder(plant, dice),
  'work-request': ({ plant, dice }) => inventWorkRequest(plant, dice),
  part: ({ plant, dice }) => inventPart(plant, dice),
  'purchase-order': ({ plant, dice }) => inventPurchaseOrder(plant, dice),
  vendor: ({ plant, dice }) => inventVendor(plant, dice),
  meter: ({ plant, dice }) => inventMeter(plant, dice),
  user: ({ plant, dice }) => inventUser(plant, dice),
  team: ({ plant, dice }) => inventTeam(plant, dice),
  category: ({ plant, dice }) => inventCategory(plant, dice),
};

/** Makes one or deletes one: which, follows from how many there are and from chance. */
export function comeOrGo(kind: CoreKind, atStart: number): Deed {
  return (scene) => {
    const excess = (scene.plant.store.count(kind) - atStart) / atStart;
    // Half and half at the start's number; surely one way when it is a fifth off.
    const shareOfDeletes = 0.5 + excess * 2.5;
    return scene.dice.chance(shareOfDeletes) ? (deleteOne(scene, kind) ?? makeOne(scene, kind)) : makeOne(scene, kind);
  };
}

const REPORTS: Readonly<Partial<Record<CoreKind, string>>> = {
  'work-request': 'reported',
  'purchase-order': 'ordered',
};

function makeOne(scene: Scene, kind: CoreKind): string {
  const row = createRecord(scene.plant, kind, INVENT[kind](scene), scene.act);
  return `${REPORTS[kind] ?? 'created'} ${labelOf(kind, row)}`;
}

function deleteOne(scene: Scene, kind: CoreKind): string | undefined {
  const row = find(scene, kind, (candidate) => isExpendable(scene, kind, candidate));
  if (row === undefined) return undefined;
  const sentence = `deleted ${labelOf(kind, row)}`;
  removeRecord(scene.plant, kind, row, scene.act);
  return sentence;
}

function labelOf(kind: CoreKind, row: Row): string {
  if (kind === 'work-order') return workOrderName(row);
  const name = kind === 'user' ? `${textOf(row['firstName'])} ${textOf(row['lastName'])}` : nameOf(row);
  return `${kind.replace('-', ' ')} ${name}`;
}

/** Nobody deletes what is in the middle of something, what others hang on, or himself. */
function isExpendable({ plant, act }: Scene, kind: CoreKind, row: Row): boolean {
  const isParent = (): boolean => plant.store.where(kind, 'parentId', idOf(row)).size > 0;
  if (kind === 'location') return typeof row['parentId'] === 'number' && !isParent();
  if (kind === 'asset') return !isParent();
  if (kind === 'work-order') return row['status'] !== 'IN_PROGRESS';
  if (kind === 'user') return row['id'] !== act.userId && row['role'] !== 'SERVICE_ACCOUNT' && row['role'] !== 'ADMIN';
  return true;
}
