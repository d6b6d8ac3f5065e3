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

/** A delivery on its way into the store, among others'. */
export interface AddressedDelivery extends NewDelivery {
  readonly tenantId: string;
}

/**
 * `waiting` to be read · `done` its fact is kept · `parked` it cannot be used; a person decides · `discarded` a person decided
 * that it is not needed.
 */
export const DELIVERY_STATES = ['waiting', 'done', 'parked', 'discarded'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface Delivery extends NewDelivery {
  readonly state: DeliveryState;
  /** Why it is parked. */
  readonly reason: string | null;
  /** Why a person said that it is not needed. */
  readonly discarded: string | null;
}

/** A look that a delivery waits for: because it came, or because a person wants another. */
export interface Arrival {
  readonly arrivalId: string;
  /** null: it was kept no longer. */
  readonly delivery: Delivery | null;
}

/** Which deliveries are meant; absent: all. Times are epoch milliseconds of `receivedAt`, `until` excluded. */
export interface DeliveryFilter {
  readonly state?: DeliveryState | undefined;
  readonly eventType?: HookEvent | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}
