import { objectOf, type JsonObject } from '../../base/json.ts';
import { badFields, fieldError, refused } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import {
  requestTransfer,
  stockAt,
  takeTransferStep,
  TRANSFER_STEPS,
  type TransferStep,
} from '../plant/part-transfer.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, numberOf, objectsOf, pick, textOf, type Row } from '../plant/row.ts';
import { idIn, type Handlers } from './handler.ts';
import { pageOf } from './page.ts';
import { shownAs } from './project.ts';
import { unknownId } from './references.ts';

/** Requests to move stock from one part to another. */
export const partTransferHandlers = {
  listPartTransferRequests: ({ plant }, request) => {
    const statuses = request.query.getAll('statuses');
    const rows = plant.store
      .all('part-transfer-request')
      .filter((row) => statuses.length === 0 || statuses.includes(textOf(row['status'])))
      .map((row) => shownAs('listPartTransferRequests', 'partTransferRequests', row));
    return pageOf('partTransferRequests', rows, request);
  },
  getPartTransferRequest: ({ plant }, request) => {
    const row = plant.store.get('part-transfer-request', idIn(request));
    if (row === undefined) throw refused(404, 'Not Found.');
    return {
      status: 200,
      json: { partTransferRequest: shownAs('getPartTransferRequest', 'partTransferRequest', row) },
    };
  },
  createPartTransferRequest: ({ plant }, request) => {
    const body = objectOf(request.body);
    for (const field of ['sourcePartId', 'destinationPartId'])
      if (plant.store.get('part', numberOf(body[field])) === undefined) throw refused(404, 'Part Not Found');
    if (numberOf(body['quantityRequested']) <= 0)
      throw badFields([fieldError('must be > 0', 'quantityRequested', body['quantityRequested'])]);
    return { status: 201, json: { id: idOf(requestTransfer(plant, body, request.act)) } };
  },
  updatePartTransferRequest: ({ plant }, request) => {
    const row = plant.store.get('part-transfer-request', idIn(request));
    if (row === undefined) throw refused(404, 'partTransferRequest Not Found');
    takeTransferStep(plant, row, stepFrom(plant, row, request), request.act);
    const shown = shownAs('updatePartTransferRequest', 'partTransferRequest', row);
    return { status: 200, json: { partTransferRequest: shown } };
  },
} satisfies Partial<Handlers>;

function stepFrom(plant: Plant, row: Row, request: ApiRequest): TransferStep {
  const body = objectOf(request.body);
  const status = textOf(body['status']);
  if (!(TRANSFER_STEPS[textOf(row['status'])] ?? []).includes(status))
    throw badFields([fieldError('status is not valid', 'status', status)]);
  const fields = pick(body, ['responseMessage']);
  // Where it is to go may be said already now.
  const planned = pick(body, ['destinationLocations']);
  if (status === 'APPROVED') return { status, fields: { ...fields, ...planned }, ...sending(plant, row, body) };
  if (status === 'COMPLETED') return { status, fields, ...receiving(plant, row, body) };
  return { status, fields, quantity: 0 };
}

/** From the place named, or else from the first that has enough. */
function sending(plant: Plant, row: Row, body: JsonObject): Pick<TransferStep, 'quantity' | 'sourceLocationId'> {
  const part = plant.store.get('part', numberOf(row['sourcePartId']));
  if (part === undefined) throw badFields([{ error: 'source part not found' }]);
  const quantity = numberOf(body['quantity'] ?? row['quantityRequested']);
  if (quantity <= 0) throw badFields([fieldError('must be > 0', 'quantity', quantity)]);
  const places = objectsOf(part['locations']);
  const enough = places.find((place) => numberOf(place['availableQuantity']) >= quantity);
  const sourceLocationId = numberOf(body['sourceLocationId'] ?? enough?.['locationId'] ?? places[0]?.['locationId']);
  if (!places.some((place) => place['locationId'] === sourceLocationId))
    throw badFields([fieldError('is no location of the source part', 'sourceLocationId', sourceLocationId)]);
  if (stockAt(part, sourceLocationId) < quantity)
    throw badFields([fieldError('is more than the location has in stock', 'quantity', quantity)]);
  return { quantity, sourceLocationId };
}

/** To the places named, or else all to the first one of the part. */
function receiving(plant: Plant, row: Row, body: JsonObject): Pick<TransferStep, 'quantity' | 'destinationLocations'> {
  const part = plant.store.get('part', numberOf(row['destinationPartId']));
  if (part === undefined) throw badFields([{ error: 'destination part not found' }]);
  const written = objectsOf(body['destinationLocations'] ?? row['destinationLocations']);
  const sum = written.reduce((total, place) => total + numberOf(place['quantity']), 0);
  const quantity = numberOf(body['quantity'] ?? (written.length > 0 ? sum : row['quantityTransferred']));
  const errors = written.flatMap((place, index) =>
    unknownId(plant, 'location', `destinationLocations.${index}.locationId`, place['locationId']),
  );
  if (written.length > 0 && sum !== quantity)
    errors.push(fieldError('must be the sum of destinationLocations', 'quantity', quantity));
  if (quantity > numberOf(row['quantityTransferred']))
    errors.push(fieldError('is more than was transferred', 'quantity', quantity));
  if (errors.length > 0) throw badFields(errors);
  const first = objectsOf(part['locations'])[0]?.['locationId'] ?? row['sourceLocationId'] ?? null;
  return { quantity, destinationLocations: written.length > 0 ? written : [{ locationId: first, quantity }] };
}
