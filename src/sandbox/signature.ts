import { createHmac } from 'node:crypto';

/** `t=<unix seconds>,v1=<lowercase hex>`: HMAC-SHA256 over `<t>.<payload>`, key = the secret as plain text (FACTS 1.1). */
export function signatureOf(secret: string, unixSeconds: number, payload: string): string {
  const digest = createHmac('sha256', secret).update(`${unixSeconds}.${payload}`, 'utf8').digest('hex');
  return `t=${unixSeconds},v1=${digest}`;
}
