import { isObject, objectOf } from '../../base/json.ts';
import { fieldError, refused, type Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { costsOf } from '../plant/cost-lines.ts';
import { newId, type Plant } from '../plant/plant.ts';
import { idOf, textOf, textsOf, type Row } from '../plant/row.ts';
import { updateRecord } from '../plant/update.ts';
import { addCost } from '../plant/work-order-costs.ts';
import { subWorkOrders } from '../plant/work-order-family.ts';
import { setPartStatus } from '../plant/work-order-news.ts';
import { listComments, postComment } from './comments-api.ts';
import { expandOf } from '../http/query.ts';
import { idIn, type Handlers } from './handler.ts';
import { withImpliedExpands } from './implied-expands.ts';
import { refuseAny } from './nested-references.ts';
import { pageOf } from './page.ts';
import { shownAs } from './project.ts';
import { recordOperations, wrapped } from './records-api.ts';
import { patchWorkOrderStatus } from './status-api.ts';
import { expandTokens, view } from './view.ts';

const records = recordOperations('work-order');

/** Writes answer these without being asked: their schemas do not say "expand with query parameter". */
const SHOWN_AFTER_WRITES = ['estimated_time', 'extra_fields'];

/** What hangs on a work order beside its fields. */
export const workOrderHandlers = {
  listWorkOrders: (world, request) => records.list(world, withImpliedExpands(request)),
  getWorkOrder: (world, request) => records.get(world, withImpliedExpands(request)),
  updateWorkOrder: (world, request) => {
    const query = new URLSearchParams(request.query);
    for (const token of SHOWN_AFTER_WRITES) query.append('expand', token);
    return records.update(world, { ...request, query });
  },
  updateWorkOrderStatus: ({ plant }, request) => patchWorkOrderStatus(plant, request),
  updateWorkOrderPartStatus: ({ plant }, request) => {
    const row = workOrderIn(plant, request);
    setPartStatus(plant, row, textOf(objectOf(request.body)['partStatus']), request.act);
    return wrapped(plant, 'work-order', row, new Set(SHOWN_AFTER_WRITES));
  },
  listWorkOrderComments: ({ plant }, request) => listComments(plant, request),
  createWorkOrderComment: ({ plant }, request) => postComment(plant, request),
  listWorkOrderCosts: ({ plant }, request) => ({
    status: 200,
    json: { costs: costsOf(plant, workOrderIn(plant, request)) },
  }),
  createWorkOrderCost: ({ plant }, request) => postCost(plant, request),
  createWorkOrderEmail: ({ plant }, request) => postEmail(plant, request),
  deleteWorkOrderProcedure: ({ plant }, request) => detachProcedure(plant, request),
  listWorkOrderSubWorkOrders: ({ plant }, request) => listSubWorkOrders(plant, withImpliedExpands(request)),
} satisfies Partial<Handlers>;

function workOrderIn(plant: Plant, request: ApiRequest): Row {
  const row = plant.store.get('work-order', idIn(request));
  if (row === undefined) throw refused(404, 'Work Order Not Found');
  return row;
}

/** The line has an id here and nowhere else (FACTS 2.4). */
function postCost(plant: Plant, request: ApiRequest): Answer {
  const row = workOrderIn(plant, request);
  const line = addCost(plant, row, objectOf(request.body), request.act);
  return { status: 201, json: { ...line, total: costsOf(plant, row).total, id: newId(plant, 'line') } };
}

/** Nothing leaves the sandbox; who may only request work may not send it either. */
function postEmail(plant: Plant, request: ApiRequest): Answer {
  const row = workOrderIn(plant, request);
  if (plant.store.get('user', request.act.userId)?.['role'] === 'REQUESTER') throw refused(403, 'Forbidden');
  refuseAny(
    textsOf(objectOf(request.body)['emails']).flatMap((email, index) =>
      /^[^\s@]+@[^\s@]+$/.test(email) ? [] : [fieldError('must match format "email"', `emails.${index}`, email)],
    ),
  );
  return { status: 201, json: { id: idOf(row) } };
}

function detachProcedure(plant: Plant, request: ApiRequest): Answer {
  const row = plant.store.get('work-order', idIn(request));
  if (row === undefined || !isObject(row['procedure'])) throw refused(404, 'Not found');
  updateRecord(plant, 'work-order', row, { procedure: null }, request.act);
  return { status: 204 };
}

function listSubWorkOrders(plant: Plant, request: ApiRequest): Answer {
  const parent = workOrderIn(plant, request);
  const expand = expandOf(request.query, expandTokens('work-order', 'list'));
  const rows = subWorkOrders(plant, parent).map((row) =>
    shownAs('listWorkOrderSubWorkOrders', 'subworkorders', view(plant, 'work-order', 'list', row, expand), expand),
  );
  return pageOf('subworkorders', rows, request);
}
