import type { Clock } from '../../base/clock.ts';
import type { Faults } from '../faults/faults.ts';
import type { HookFault } from '../faults/plan.ts';
import { drawnMillis, type Struck } from '../faults/trigger.ts';
import { untilTime } from '../faults/until-time.ts';
import { isoAt, type Announcement } from '../plant/plant.ts';
import type { Deliveries } from './deliver.ts';
import { hookBody } from './hook-body.ts';
import type { HookManner } from './hook-manner.ts';
import { Shuffle } from './shuffle.ts';
import type { Subscription, Subscriptions } from './subscriptions.ts';

export interface Post {
  readonly organizationId: number;
  readonly clock: Clock;
  readonly trueClock: Clock;
  readonly subscriptions: Subscriptions;
  readonly deliveries: Deliveries;
  readonly faults: Faults;
  readonly manner: HookManner;
  readonly stopping: AbortSignal;
}

/** Tells the subscriptions of an organisation what happened, with the faults that strike on the way. */
export class Dispatch {
  readonly #post: Post;
  readonly #shuffles = new Map<HookFault, Shuffle>();
  #count = 0;

  constructor(post: Post) {
    this.#post = post;
  }

  tell(announcement: Announcement): void {
    for (const subscription of this.#post.subscriptions.for(announcement)) this.#tellOne(subscription, announcement);
  }

  #tellOne(subscription: Subscription, announcement: Announcement): void {
    const { organizationId, clock, faults, manner } = this.#post;
    const number = ++this.#count;
    const { eventTypeInHooks } = manner;
    const body = hookBody(subscription, announcement, {
      organizationId,
      occurredAt: isoAt(clock.now()),
      namesEvent: eventTypeInHooks === 'always' || (eventTypeInHooks === 'some' && number % 2 === 0),
    });
    const { id } = subscription;
    const struck = faults.ofHook({ number, subscriptionId: id, event: announcement.type, organizationId });
    struck.reduce((send, one) => this.#with(one, id, send), this.#sender(id, body))();
  }

  /** Sends to the subscription as it is by then, if it still is. */
  #sender(subscriptionId: number, body: string): () => void {
    const { subscriptions, deliveries } = this.#post;
    return () => {
      const subscription = subscriptions.get(subscriptionId);
      if (subscription !== undefined) deliveries.send(subscription, body);
    };
  }

  /** Another way of sending: with the fault. */
  #with({ rule, random }: Struck<HookFault>, subscriptionId: number, send: () => void): () => void {
    switch (rule.fault) {
      case 'dropHook':
        return () => undefined;
      case 'vanishingSubscription':
        return () => this.#post.subscriptions.delete(subscriptionId);
      case 'doubleHook':
        return () => Array.from({ length: rule.copies ?? 2 }, send);
      case 'lateHook':
        return () => void this.#later(drawnMillis(rule.ms, random), send);
      case 'shuffleHooks': {
        const shuffle = this.#shuffles.get(rule) ?? new Shuffle();
        this.#shuffles.set(rule, shuffle);
        return () => {
          if (shuffle.hold(send, rule.size ?? 5, random))
            void this.#later(rule.withinMs ?? 1000, () => shuffle.release(random));
        };
      }
    }
  }

  async #later(ms: number, act: () => void): Promise<void> {
    const { trueClock, stopping } = this.#post;
    if (await untilTime(trueClock, trueClock.now() + ms, stopping)) act();
  }
}
