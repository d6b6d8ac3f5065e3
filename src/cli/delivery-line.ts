import { shownBody, type Delivery } from '../inbound/index.ts';
import { iso } from './output.ts';

/** A delivery as JSON; the body as text where it is text, else in base64. */
export function deliveryAsJson({ body, ...delivery }: Delivery): Readonly<Record<string, unknown>> {
  const bytes = shownBody(body);
  const text = bytes.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(bytes);
  return {
    ...delivery,
    signedAt: iso(delivery.signedAt),
    receivedAt: iso(delivery.receivedAt),
    ...(isText ? { body: text } : { bodyBase64: bytes.toString('base64') }),
  };
}
