import { objectOf, type JsonObject } from '../../base/json.ts';
import { createTrigger } from '../plant/meter-trigger.ts';
import { requestTransfer } from '../plant/part-transfer.ts';
import type { Act, Plant } from '../plant/plant.ts';
import { commentOnOrder } from '../plant/purchase-order-talk.ts';
import { idOf, numberOf, objectsOf, textOf } from '../plant/row.ts';
import { someIds, someRows } from './choose.ts';
import type { Dice } from './dice.ts';

const WORDS = ['When does it come?', 'Supplier confirmed by phone.', 'Ask for the usual discount.'];

/** Triggers of some meters, transfers between parts and words about orders: what stands around the stock. */
export function seedStockFlow(plant: Plant, dice: Dice, act: Act): void {
  for (const meter of someRows(plant, dice, 'meter', Math.min(6, plant.store.count('meter'))))
    createTrigger(plant, triggerFor(meter), { data: templateFor(plant, dice, meter) }, act);
  for (const status of ['PENDING', 'APPROVED', 'COMPLETED', 'DECLINED']) seedTransfer(plant, dice, act, status);
  for (const order of someRows(plant, dice, 'purchase-order', Math.min(4, plant.store.count('purchase-order'))))
    commentOnOrder(plant, order, dice.pick(WORDS), act);
}

/** Near the upper end of what the meter shows, so that it fires now and then. */
function triggerFor(meter: JsonObject): JsonObject {
  const range = objectOf(meter['range']);
  const [low, high] = [numberOf(range['low']), numberOf(range['high']) || 100];
  return {
    meterId: idOf(meter),
    name: `Check ${textOf(meter['name'])}`,
    condition: 'IS_GREATER',
    amount: Math.round(high - (high - low) * 0.03),
    description: 'Fires near the upper limit.',
  };
}

const templateFor = (plant: Plant, dice: Dice, meter: JsonObject): JsonObject => ({
  assetId: meter['assetId'] ?? null,
  locationId: meter['locationId'] ?? null,
  description: 'The meter is near its limit: inspect and bring it back.',
  priority: dice.pick(['MEDIUM', 'HIGH']),
  dueDate: { type: 'OFFSET', offset: 86_400 },
  teamIds: someIds(plant, dice, 'team', 1),
});

/** As it stands after all that: what it moved has been in the stock for long. */
function seedTransfer(plant: Plant, dice: Dice, act: Act, status: string): void {
  const [source, destination] = someRows(plant, dice, 'part', 2);
  if (source === undefined || destination === undefined) return;
  const quantity = dice.whole(1, 4);
  const sourceLocationId = objectsOf(source['locations'])[0]?.['locationId'] ?? null;
  const locationId = objectsOf(destination['locations'])[0]?.['locationId'] ?? null;
  const isSent = ['APPROVED', 'COMPLETED'].includes(status) && sourceLocationId !== null;
  const isThere = isSent && status === 'COMPLETED' && locationId !== null;
  const fields = { quantityRequested: quantity, sourcePartId: idOf(source), destinationPartId: idOf(destination) };
  requestTransfer(
    plant,
    {
      ...fields,
      status: isSent || status === 'DECLINED' ? status : 'PENDING',
      requestMessage: 'We run short of it.',
      ...(status === 'DECLINED' ? { responseMessage: 'We need it here.' } : {}),
      ...(isSent ? { quantityTransferred: quantity, sourceLocationId, transferrerId: act.userId } : {}),
      ...(isThere ? { quantityReceived: quantity, destinationLocations: [{ locationId, quantity }] } : {}),
    },
    act,
  );
}
