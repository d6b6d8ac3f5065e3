import { createHmac } from 'node:crypto';
import { objectIn, textIn } from './shapes.ts';

/** Where MaintainX delivers webhooks of one sort, and what they are signed with. */
export interface Target {
  readonly url: string;
  readonly secret: string;
}

/** The subscription that the gateway made for status changes of work orders. */
export async function statusTargetOf(controlUrl: string): Promise<Target> {
  const listed: unknown = await (await fetch(`${controlUrl}/subscriptions`)).json();
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
