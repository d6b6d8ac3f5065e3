/** How this MaintainX goes about webhooks where the facts leave it open. Can be switched while it runs. */
export interface HookManner {
  /**
   * Whether bodies name their event, with `customerId: null` beside it. The specification has neither; one integration
   * saw both, another none (FACTS 1.3). `some`: every other delivery.
   */
  eventTypeInHooks: EventTypeInHooks;
  /** Whether new subscriptions are VALID at once; otherwise PENDING_APPROVAL, and nothing is delivered (FACTS 1.2). */
  approveSubscriptions: boolean;
}

export const EVENT_TYPE_IN_HOOKS = ['never', 'always', 'some'] as const;
export type EventTypeInHooks = (typeof EVENT_TYPE_IN_HOOKS)[number];

export const isEventTypeInHooks = (word: unknown): word is EventTypeInHooks =>
  EVENT_TYPE_IN_HOOKS.some((one) => one === word);
