import { objectOf, type JsonObject } from '../../base/json.ts';
import { badFields, fieldError, refused } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { receiveGoods } from '../plant/purchase-order-receipt.ts';
import { mayBecome, setPurchaseOrderStatus, statusFields } from '../plant/purchase-order-status.ts';
import { commentOnOrder, mailOrder } from '../plant/purchase-order-talk.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, textOf, textsOf, type Row } from '../plant/row.ts';
import { updateRecord } from '../plant/update.ts';
import { receiptsFrom } from './fulfillment.ts';
import { idIn, type Handlers } from './handler.ts';
import { fieldsFrom } from './intake.ts';
import { wrapped, removeIfDeleted } from './records-api.ts';
import { checkBody } from './validate.ts';

/** What is done with a purchase order beyond what every record knows. */
export const purchaseOrderHandlers = {
  updatePurchaseOrder: ({ plant }, request) => {
    const order = needOrder(plant, request);
    const body = checkBody(plant, 'purchase-order', 'update', request.body);
    if (Object.keys(body).length === 0) throw badFields([{ error: 'must not be empty' }]);
    refuseWhenCanceled(order);
    const fields = {
      ...fieldsFrom(plant, 'purchase-order', body, order),
      ...writtenStatus(plant, order, body, request),
    };
    updateRecord(plant, 'purchase-order', order, fields, request.act);
    removeIfDeleted(plant, 'purchase-order', order, request);
    return wrapped(plant, 'purchase-order', order);
  },
  updatePurchaseOrderStatus: ({ plant }, request) => {
    const order = needOrder(plant, request);
    const body = objectOf(request.body);
    const status = textOf(body['status']);
    checkTransition(order, status);
    setPurchaseOrderStatus(plant, order, status, request.act, body['reviewNote']);
    return wrapped(plant, 'purchase-order', order);
  },
  updatePurchaseOrderFulfillment: ({ plant }, request) => {
    const order = needOrder(plant, request);
    const receipts = receiptsFrom(plant, order, objectOf(request.body));
    receiveGoods(plant, order, receipts, request.act);
    return wrapped(plant, 'purchase-order', order);
  },
  createPurchaseOrderComment: ({ plant }, request) => {
    const order = needOrder(plant, request);
    const content = textOf(objectOf(request.body)['content']);
    return { status: 201, json: { id: idOf(commentOnOrder(plant, order, content, request.act)) } };
  },
  createPurchaseOrderEmail: ({ plant }, request) => {
    const order = needOrder(plant, request);
    const body = objectOf(request.body);
    checkAddresses(body);
    mailOrder(plant, order, body);
    return { status: 201, json: { id: idOf(order) } };
  },
} satisfies Partial<Handlers>;

function needOrder(plant: Plant, request: ApiRequest): Row {
  const order = plant.store.get('purchase-order', idIn(request));
  if (order === undefined) throw refused(404, 'Purchase Order Not Found');
  return order;
}

/** "PO has been canceled and cannot be modified." */
function refuseWhenCanceled(order: Row): void {
  if (order['status'] === 'CANCELED')
    throw badFields([{ error: 'Purchase Order has been canceled and cannot be modified' }]);
}

/** The deprecated way to set the status keeps to the same table. */
function writtenStatus(plant: Plant, order: Row, { status }: JsonObject, { act }: ApiRequest): Row {
  if (status === undefined || status === null) return {};
  checkTransition(order, textOf(status));
  return statusFields(plant, order, textOf(status), act);
}

function checkTransition(order: Row, status: string): void {
  if (mayBecome(order, status)) return;
  const from = textOf(order['status']);
  throw badFields([fieldError(`Cannot change status from ${from} to ${status}`, 'status', status)]);
}

function checkAddresses(body: JsonObject): void {
  const errors = ['emails', 'emailsCC'].flatMap((list) =>
    textsOf(body[list]).flatMap((address, index) =>
      /^[^@\s]+@[^@\s]+$/.test(address) ? [] : [fieldError('must be an email', `${list}.${index}`, address)],
    ),
  );
  if (errors.length > 0) throw badFields(errors);
}
