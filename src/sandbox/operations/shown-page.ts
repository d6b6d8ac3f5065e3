import { objectOf, type Json } from '../../base/json.ts';
import { goodAnswer, SPECIFICATION } from '../../maintainx/catalogue/index.ts';
import { refused, type Answer } from '../http/answer.ts';
import type { OperationName } from '../http/operation.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Plant } from '../plant/plant.ts';
import { objectsOf, type Row } from '../plant/row.ts';
import type { Table } from '../plant/tables.ts';
import { idIn } from './handler.ts';
import { pageOf } from './page.ts';
import { projected, shownAs } from './project.ts';

/** One page of rows as the operation shows them under `key`. */
export function shownPage(operation: OperationName, key: string, rows: readonly Row[], request: ApiRequest): Answer {
  const page = objectOf(pageOf(key, rows, request).json);
  const shown = objectsOf(page[key]).map((row) => shownAs(operation, key, { ...row }));
  return { status: 200, json: { ...page, [key]: shown } };
}

/** The row under `key`, as the operation shows it. */
export const shownSingle = (operation: OperationName, key: string, row: Row, status = 200): Answer => ({
  status,
  json: { [key]: shownAs(operation, key, row) },
});

/** A row of an operation that answers it without a key around it. */
export const projectedRow = (operation: OperationName, row: Row): Json =>
  projected(goodAnswer(SPECIFICATION.operations[operation]).shape, row);

/** Rows of an operation that answers a bare list. */
export const projectedRows = (operation: OperationName, rows: readonly Row[]): Json =>
  projected(goodAnswer(SPECIFICATION.operations[operation]).shape, rows);

/** The row with the id in the path, or 404 with these words. */
export function rowIn(plant: Plant, table: Table, request: ApiRequest, sentence = 'Not Found.', name = 'id'): Row {
  const row = plant.store.get(table, idIn(request, name));
  if (row === undefined) throw refused(404, sentence);
  return row;
}
