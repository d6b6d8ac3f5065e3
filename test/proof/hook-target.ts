import { createHmac } from 'node:crypto';
import { request, type Agent } from 'node:http';
import { objectIn, textIn } from './shapes.ts';

/** Where MaintainX delivers webhooks of one sort, and what they are signed with. */
export interface Target {
  readonly url: string;
  readonly secret: string;
}

/** The subscription that the gateway made for status changes of work orders. */
export async function statusTargetOf(controlUrl: string, organization?: number): Promise<Target> {
  const query = organization === undefined ? '' : `?organization=${organization}`;
  const listed: unknown = await (await fetch(`${controlUrl}/subscriptions${query}`)).json();
  const all = Array.isArray(listed) ? listed : Object.values(objectIn(listed)).flat();
  const found = all.map(objectIn).find((one) => one['type'] === 'WORK_ORDER_STATUS_CHANGE');
  if (found === undefined) throw new Error('the gateway did not subscribe to status changes');
  return { url: textIn(found, 'url'), secret: textIn(found, 'secret') };
}

/** As MaintainX would sign the body now. */
export function signatureOf({ secret }: Target, body: Uint8Array | string): string {
  const t = Math.floor(Date.now() / 1000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex')}`;
}

/** Sends a webhook. The answer's status; 0 when there was none in `timeout` milliseconds. */
export function postHook(
  agent: Agent,
  target: Target,
  body: Buffer,
  signature: string,
  timeout: number,
): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-maintainx-webhook-body-signature': signature,
  };
  return new Promise((resolve) => {
    const sending = request(target.url, { method: 'POST', agent, headers, timeout }, (answer) => {
      answer.resume();
      answer.on('error', () => resolve(0));
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    sending.on('error', () => resolve(0));
    sending.on('timeout', () => sending.destroy());
    sending.end(body);
  });
}

/** The body of a webhook about a change of status; no two of different `nth` are alike, and the fact's actor repeats it. */
export const statusBody = (workOrders: readonly number[], nth: number): string =>
  JSON.stringify({
    workOrderId: workOrders[nth % workOrders.length],
    orgId: 1,
    oldStatus: 'OPEN',
    newStatus: 'IN_PROGRESS',
    userId: nth,
    occurredAt: new Date().toISOString(),
  });
