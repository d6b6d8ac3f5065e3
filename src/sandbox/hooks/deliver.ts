import type { Clock } from '../../base/clock.ts';
import type { HookHeaders, HookPost } from './hook-post.ts';
import { signature } from './signature.ts';
import type { Subscription } from './subscriptions.ts';
import { Tallies, type Tally } from './tallies.ts';

/** Webhooks under way at once. */
export const AT_ONCE = 16;

export interface HookCounts {
  /** Deliveries begun. */
  readonly sent: number;
  /** Answered with 2xx within ten seconds. */
  readonly acknowledged: number;
  readonly failed: number;
  /** Begun and not yet answered. */
  readonly underWay: number;
  readonly waiting: number;
}

interface Delivery {
  readonly subscription: Subscription;
  readonly body: string;
}

/** The time that signatures tell, and the one by which failures are counted. */
interface Clocks {
  readonly clock: Clock;
  readonly trueClock: Clock;
}

/** Told after a delivery that was not acknowledged, with how things stand at that subscription. */
type OnFailure = (subscriptionId: number, tally: Tally) => void;

/** Sends webhooks: some at once, each once only, whatever becomes of it; MaintainX does not retry either (FACTS 1.2). */
export class Deliveries {
  readonly tallies = new Tallies();
  readonly #clocks: Clocks;
  readonly #way: HookPost;
  readonly #onFailure: OnFailure;
  #waiting: Delivery[] = [];
  #underWay = 0;
  #sent = 0;
  #acknowledged = 0;
  #failed = 0;
  #isClosed = false;

  constructor(clocks: Clocks, way: HookPost, onFailure: OnFailure) {
    this.#clocks = clocks;
    this.#way = way;
    this.#onFailure = onFailure;
  }

  send(subscription: Subscription, body: string): void {
    if (this.#isClosed) return;
    this.#waiting.push({ subscription, body });
    this.#pump();
  }

  counts(): HookCounts {
    return {
      sent: this.#sent,
      acknowledged: this.#acknowledged,
      failed: this.#failed,
      underWay: this.#underWay,
      waiting: this.#waiting.length,
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#way.close();
  }

  #pump(): void {
    while (this.#underWay < AT_ONCE) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      void this.#post(next);
    }
  }

  async #post({ subscription, body }: Delivery): Promise<void> {
    this.#sent++;
    this.#underWay++;
    this.tallies.began(subscription.id);
    const headers = this.#headers(subscription, body);
    const status = await this.#way
      .post(new URL(subscription.url), headers, body)
      .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    const isAcknowledged = typeof status === 'number' && status >= 200 && status < 300;
    this.#settle(subscription.id, isAcknowledged, String(status));
  }

  #settle(subscriptionId: number, isAcknowledged: boolean, answer: string): void {
    this.#underWay--;
    if (isAcknowledged) this.#acknowledged++;
    else this.#failed++;
    const tally = this.tallies.settled(subscriptionId, isAcknowledged, answer, this.#clocks.trueClock.now());
    if (!isAcknowledged && !this.#isClosed) this.#onFailure(subscriptionId, tally);
    this.#pump();
  }

  #headers(subscription: Subscription, body: string): HookHeaders {
    const seconds = Math.floor(this.#clocks.clock.now() / 1000);
    return {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-maintainx-webhook-body-signature': signature(subscription.secret, seconds, body),
      'x-maintainx-webhook-uri-signature': signature(subscription.secret, seconds, subscription.url),
    };
  }
}
