import { sha256 } from '../base/hash.ts';
import type { HookEvent } from '../maintainx/index.ts';

/** How the URI signature of a webhook fared; only the body's signature decides (FACTS 1.1). */
export type UriSignature = 'valid' | 'invalid' | 'absent';

/** A webhook as it came, its body signature verified. Times are epoch milliseconds. */
export interface NewDelivery {
  readonly deliveryId: string;
  readonly subscriptionId: string;
  readonly eventType: HookEvent;
  /** Raw bytes, as signed. */
  readonly body: Uint8Array;
  readonly signedAt: number;
  readonly uriSignature: UriSignature;
  readonly receivedAt: number;
}

/** `waiting` to be read · `done` its fact is kept · `parked` it cannot be used; a person decides. */
export type DeliveryState = 'waiting' | 'done' | 'parked';

export interface Delivery extends NewDelivery {
  readonly state: DeliveryState;
  /** Why it is parked. */
  readonly reason: string | null;
  /** Times that the same body came again. */
  readonly repeats: number;
}

/** Same subscription and body: the same delivery. The attempt's signing time is no part of it (RELIABILITY B15). */
export const fingerprintOf = (delivery: Pick<NewDelivery, 'subscriptionId' | 'body'>): Buffer =>
  sha256(delivery.subscriptionId, delivery.body);
