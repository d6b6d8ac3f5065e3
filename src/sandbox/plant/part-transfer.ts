import type { JsonObject } from '../../base/json.ts';
import { announceTransfer } from './part-transfer-news.ts';
import { insert, touch, type Act, type Plant } from './plant.ts';
import { numberOf, objectsOf, type Row } from './row.ts';
import { bookInto } from './stock.ts';
import { updateRecord } from './update.ts';

/** Who may become what. The specification names the statuses only; a finished request stays as it is. */
export const TRANSFER_STEPS: Readonly<Record<string, readonly string[]>> = {
  PENDING: ['APPROVED', 'DECLINED', 'CANCELED'],
  APPROVED: ['COMPLETED', 'CANCELED'],
};

/** A request for stock of one part to be moved to another; it waits for somebody to decide. */
export function requestTransfer(plant: Plant, fields: JsonObject, act: Act): Row {
  const request = {
    status: 'PENDING',
    quantityReceived: null,
    quantityTransferred: null,
    responseMessage: null,
    transferrerId: null,
    requesterId: act.userId,
    sourceOrganizationId: plant.organizationId,
    destinationOrganizationId: plant.organizationId,
    destinationLocations: [],
    ...fields,
  };
  return insert(plant, 'part-transfer-request', request, act.userId);
}

/** What a step of a request brings. */
export interface TransferStep {
  readonly status: string;
  readonly quantity: number;
  /** Set on approval. */
  readonly sourceLocationId?: number;
  /** Set on completion. */
  readonly destinationLocations?: readonly JsonObject[];
  readonly fields: JsonObject;
}

/**
 * The request takes a step. Approval takes the stock from its place, completion brings it to others, and cancelling what
 * was approved brings it back; each of these is told as PART_TRANSFER and as PART_QUANTITY_CHANGE (FACTS 1.3).
 */
export function takeTransferStep(plant: Plant, request: Row, step: TransferStep, act: Act): void {
  const wasApproved = request['status'] === 'APPROVED';
  Object.assign(request, { status: step.status }, step.fields);
  touch(plant, request);
  if (step.status === 'APPROVED') send(plant, request, step, act);
  else if (step.status === 'COMPLETED') receive(plant, request, step, act);
  else if (step.status === 'CANCELED' && wasApproved) bringBack(plant, request, act);
}

function send(plant: Plant, request: Row, { quantity, sourceLocationId = 0 }: TransferStep, act: Act): void {
  Object.assign(request, { quantityTransferred: quantity, sourceLocationId, transferrerId: act.userId });
  book(plant, request['sourcePartId'], sourceLocationId, -quantity, act);
  announceTransfer(plant, request, quantity, 'REQUEST_APPROVAL', act);
}

function receive(plant: Plant, request: Row, { quantity, destinationLocations = [] }: TransferStep, act: Act): void {
  Object.assign(request, { quantityReceived: quantity, destinationLocations });
  for (const place of destinationLocations)
    book(plant, request['destinationPartId'], numberOf(place['locationId']), numberOf(place['quantity']), act);
  announceTransfer(plant, request, quantity, 'FULFILLMENT_APPROVAL', act);
}

function bringBack(plant: Plant, request: Row, act: Act): void {
  const quantity = numberOf(request['quantityTransferred']);
  book(plant, request['sourcePartId'], numberOf(request['sourceLocationId']), quantity, act);
  announceTransfer(plant, request, quantity, 'FULFILLMENT_CANCELLATION', act);
}

function book(plant: Plant, partId: Row[string] | undefined, locationId: number, quantity: number, act: Act): void {
  const part = plant.store.get('part', numberOf(partId));
  if (part === undefined) return;
  updateRecord(plant, 'part', part, { locations: bookInto(part, locationId, quantity) }, act, 'PART_TRANSFER');
}

/** What lies at one place of a part. */
export const stockAt = (part: JsonObject, locationId: number): number =>
  numberOf(objectsOf(part['locations']).find((place) => place['locationId'] === locationId)?.['availableQuantity']);
