import { objectOf, type JsonObject } from '../../base/json.ts';
import { refused } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { dropFile } from '../plant/file-vault.ts';
import type { Plant } from '../plant/plant.ts';
import { filesOfField, withFiles } from '../plant/procedure.ts';
import { objectsOf, type Row } from '../plant/row.ts';
import { updateRecord } from '../plant/update.ts';
import { idIn, type Handlers } from './handler.ts';
import { receiptFor, receivedFile } from './received-file.ts';

/** The file of a step of a procedure: there is one, under a path in the singular. */
export const procedureFileHandlers = {
  putWorkOrderProcedureFieldAttachment: ({ plant }, request) => {
    const place = placeIn(plant, request);
    const file = receivedFile(plant, request);
    hold(plant, place, [file], request);
    return receiptFor(plant, file);
  },
  deleteWorkOrderProcedureFieldAttachment: ({ plant }, request) => {
    const place = placeIn(plant, request);
    if (filesOfField(place.field).length === 0) throw refused(404, 'attachment Not Found');
    hold(plant, place, [], request);
    return { status: 204 };
  },
} satisfies Partial<Handlers>;

interface Place {
  readonly row: Row;
  readonly procedure: JsonObject;
  readonly field: JsonObject;
  readonly index: number;
}

/** "Sequential index of the field in the procedure": the first one is 0. */
function placeIn(plant: Plant, request: ApiRequest): Place {
  const index = idIn(request, 'index');
  const row = plant.store.get('work-order', idIn(request));
  const procedure = objectOf(row?.['procedure']);
  const field = index < 0 ? undefined : objectsOf(procedure['fields'])[index];
  if (row === undefined || field === undefined) throw refused(404, 'attachment Not Found');
  return { row, procedure, field, index };
}

function hold(plant: Plant, { row, procedure, field, index }: Place, files: readonly Row[], request: ApiRequest): void {
  updateRecord(plant, 'work-order', row, { procedure: withFiles(procedure, index, files) }, request.act);
  for (const old of filesOfField(field)) dropFile(plant, old);
}
