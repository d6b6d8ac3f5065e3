import { setAssetStatus } from '../plant/asset-status.ts';
import { find, findWith, nameOf, type Deed } from './deed.ts';
import { objectOf } from '../../base/json.ts';
import { receiveItems, setPurchaseOrderStatus } from '../plant/purchase-order-status.ts';
import { numberOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import { takeReading } from '../plant/meter-reading.ts';
import { bookAt } from '../plant/stock.ts';
import { updateRecord } from '../plant/update.ts';

/** What people do with parts, purchase orders, meters and machines. */

const firstPlace = (part: Row): number => numberOf(objectsOf(part['locations'])[0]?.['locationId']);

export const takePart: Deed = (scene) => {
  const { plant, dice, act } = scene;
  const part = find(scene, 'part', (row) => numberOf(objectsOf(row['locations'])[0]?.['availableQuantity']) > 0);
  if (part === undefined) return undefined;
  const quantity = dice.whole(1, 3);
  updateRecord(plant, 'part', part, { locations: bookAt(part, firstPlace(part), -quantity) }, act, 'WORK_ORDER');
  return `took ${quantity} × ${nameOf(part)}`;
};

export const restock: Deed = (scene) => {
  const { plant, dice, act } = scene;
  const part = find(scene, 'part', (row) => objectsOf(row['locations']).length > 0);
  if (part === undefined) return undefined;
  const quantity = dice.whole(2, 8);
  updateRecord(plant, 'part', part, { locations: bookAt(part, firstPlace(part), quantity) }, act);
  return `restocked ${quantity} × ${nameOf(part)}`;
};

export const reprice: Deed = (scene) => {
  const part = find(scene, 'part');
  if (part === undefined) return undefined;
  updateRecord(scene.plant, 'part', part, { unitCost: scene.dice.whole(200, 12_000) }, scene.act);
  return `changed the price of ${nameOf(part)}`;
};

const NEXT: Readonly<Record<string, string>> = { REQUESTED: 'PENDING', PENDING: 'APPROVED', DECLINED: 'PENDING' };

/** A purchase order goes on its way: asked for, approved, or turned down. */
export const decideOrder: Deed = (scene) => {
  const { plant, dice, act } = scene;
  const order = findWith(scene, 'purchase-order', 'status', Object.keys(NEXT));
  if (order === undefined) return undefined;
  const status = textOf(order['status']);
  const isRefused = status !== 'DECLINED' && dice.chance(0.15);
  setPurchaseOrderStatus(
    plant,
    order,
    isRefused ? 'DECLINED' : (NEXT[status] ?? status),
    act,
    isRefused ? 'Too expensive.' : undefined,
  );
  return `set "${nameOf(order)}" to ${textOf(order['status'])}`;
};

export const receiveOrder: Deed = (scene) => {
  const order = findWith(scene, 'purchase-order', 'status', ['APPROVED', 'PARTIALLY_FULFILLED']);
  if (order === undefined) return undefined;
  receiveItems(scene.plant, order, scene.dice.pick([0.5, 1]), scene.act);
  return `received goods of "${nameOf(order)}"`;
};

export const noteOnOrder: Deed = (scene) => {
  const order = find(scene, 'purchase-order', (row) => row['status'] !== 'COMPLETED');
  if (order === undefined) return undefined;
  updateRecord(
    scene.plant,
    'purchase-order',
    order,
    { note: `Call the supplier, order ${scene.dice.whole(100, 999)}.` },
    scene.act,
  );
  return `wrote a note on "${nameOf(order)}"`;
};

export const readMeter: Deed = (scene) => {
  const meter = find(scene, 'meter');
  if (meter === undefined) return undefined;
  const value = takeReading(scene.plant, scene.dice, meter, scene.act);
  return `read ${nameOf(meter)}: ${value} ${textOf(meter['unit'])}`;
};

export const stopOrStart: Deed = (scene) => {
  const asset = find(scene, 'asset');
  if (asset === undefined) return undefined;
  const isOnline = objectOf(asset['status'])['status'] === 'ONLINE';
  const fields = isOnline
    ? { status: 'OFFLINE', downtimeType: scene.dice.pick(['PLANNED', 'UNPLANNED']) }
    : { status: 'ONLINE' };
  setAssetStatus(scene.plant, asset, fields, scene.act);
  return isOnline ? `took ${nameOf(asset)} offline` : `put ${nameOf(asset)} online`;
};
