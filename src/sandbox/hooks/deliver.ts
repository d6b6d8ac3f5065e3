import * as http from 'node:http';
import * as https from 'node:https';
import type { Clock } from '../../base/clock.ts';
import { signature } from './signature.ts';
import type { Subscription } from './subscriptions.ts';
import { Tallies, type Tally } from './tallies.ts';

const AT_ONCE = 16;

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
  readonly #timeoutMs: number;
  readonly #onFailure: OnFailure;
  readonly #agents = {
    'http:': new http.Agent({ keepAlive: true, maxSockets: AT_ONCE }),
    'https:': new https.Agent({ keepAlive: true, maxSockets: AT_ONCE }),
  };
  #waiting: Delivery[] = [];
  readonly #underWay = new Set<http.ClientRequest>();
  #sent = 0;
  #acknowledged = 0;
  #failed = 0;
  #isClosed = false;

  constructor(clocks: Clocks, timeoutMs: number, onFailure: OnFailure) {
    this.#clocks = clocks;
    this.#timeoutMs = timeoutMs;
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
      underWay: this.#underWay.size,
      waiting: this.#waiting.length,
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    for (const request of this.#underWay) request.destroy();
    this.#agents['http:'].destroy();
    this.#agents['https:'].destroy();
  }

  #pump(): void {
    while (this.#underWay.size < AT_ONCE) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#post(next);
    }
  }

  #post({ subscription, body }: Delivery): void {
    const url = new URL(subscription.url);
    const isTls = url.protocol === 'https:';
    const request = (isTls ? https : http).request(url, {
      method: 'POST',
      agent: this.#agents[isTls ? 'https:' : 'http:'],
      headers: this.#headers(subscription, body),
    });
    let isSettled = false;
    const settle = (isAcknowledged: boolean, answer: string): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      this.#settle(request, subscription.id, isAcknowledged, answer);
    };
    // By the machine's clock: it is a real connection that is given up.
    const timer = setTimeout(() => request.destroy(new Error('timed out')), this.#timeoutMs);
    request.on('error', (error) => settle(false, error.message));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      response.resume();
      settle(status >= 200 && status < 300, String(status));
    });
    this.#sent++;
    this.tallies.began(subscription.id);
    this.#underWay.add(request);
    request.end(body);
  }

  #settle(request: http.ClientRequest, subscriptionId: number, isAcknowledged: boolean, answer: string): void {
    this.#underWay.delete(request);
    if (isAcknowledged) this.#acknowledged++;
    else this.#failed++;
    const tally = this.tallies.settled(subscriptionId, isAcknowledged, answer, this.#clocks.trueClock.now());
    if (!isAcknowledged && !this.#isClosed) this.#onFailure(subscriptionId, tally);
    this.#pump();
  }

  #headers(subscription: Subscription, body: string): Record<string, string | number> {
    const seconds = Math.floor(this.#clocks.clock.now() / 1000);
    return {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-maintainx-webhook-body-signature': signature(subscription.secret, seconds, body),
      'x-maintainx-webhook-uri-signature': signature(subscription.secret, seconds, subscription.url),
    };
  }
}
