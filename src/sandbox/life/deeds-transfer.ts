import { requestTransfer, stockAt, takeTransferStep, type TransferStep } from '../plant/part-transfer.ts';
import { idOf, numberOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import { anyRow } from '../seed/choose.ts';
import { find, findWith, nameOf, type Deed, type Scene } from './deed.ts';

/** Stock moves from one place to another: asked for, sent, received. */
export const transfer: Deed = (scene) => {
  const open = findWith(scene, 'part-transfer-request', 'status', ['PENDING', 'APPROVED']);
  return open !== undefined && scene.dice.chance(0.7) ? carryOn(scene, open) : askFor(scene);
};

function askFor(scene: Scene): string | undefined {
  const { plant, dice, act } = scene;
  const part = find(scene, 'part', (row) => firstStock(row) > 2);
  if (part === undefined) return undefined;
  const fields = { sourcePartId: idOf(part), destinationPartId: idOf(part), quantityRequested: dice.whole(1, 2) };
  requestTransfer(plant, fields, act);
  return `asked to move ${fields.quantityRequested} × ${nameOf(part)}`;
}

const firstPlace = (part: Row): number => numberOf(objectsOf(part['locations'])[0]?.['locationId']);
const firstStock = (part: Row): number => stockAt(part, firstPlace(part));

function carryOn(scene: Scene, request: Row): string {
  const { plant, act } = scene;
  const part = plant.store.get('part', numberOf(request['sourcePartId']));
  const step = part === undefined ? refusal('CANCELED') : stepOf(scene, request, part);
  takeTransferStep(plant, request, step, act);
  return `set the move of ${part === undefined ? 'a deleted part' : nameOf(part)} to ${textOf(request['status'])}`;
}

const refusal = (status: string): TransferStep => ({ status, quantity: 0, fields: {} });

function stepOf({ plant, dice }: Scene, request: Row, part: Row): TransferStep {
  if (request['status'] === 'APPROVED') {
    const quantity = numberOf(request['quantityTransferred']);
    const place = objectsOf(part['locations']).at(-1)?.['locationId'] ?? idOf(anyRow(plant, dice, 'location'));
    return { status: 'COMPLETED', quantity, destinationLocations: [{ locationId: place, quantity }], fields: {} };
  }
  const quantity = numberOf(request['quantityRequested']);
  if (firstStock(part) < quantity || dice.chance(0.1)) return refusal('DECLINED');
  return { status: 'APPROVED', quantity, sourceLocationId: firstPlace(part), fields: {} };
}
