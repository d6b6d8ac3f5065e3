import * as http from 'node:http';
import * as https from 'node:https';
import type { Clock } from '../../base/clock.ts';
import { signature } from './signature.ts';
import type { Subscription } from './subscriptions.ts';

const TIMEOUT_MS = 10_000;
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

/** Sends webhooks: some at once, each once only, whatever becomes of it; MaintainX does not retry either (FACTS 1.2). */
export class Deliveries {
  readonly #clock: Clock;
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

  constructor(clock: Clock) {
    this.#clock = clock;
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
    const settle = (isAcknowledged: boolean): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      this.#settle(request, isAcknowledged);
    };
    const timer = setTimeout(() => request.destroy(new Error('timed out')), TIMEOUT_MS);
    request.on('error', () => settle(false));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      response.resume();
      settle(status >= 200 && status < 300);
    });
    this.#sent++;
    this.#underWay.add(request);
    request.end(body);
  }

  #settle(request: http.ClientRequest, isAcknowledged: boolean): void {
    this.#underWay.delete(request);
    if (isAcknowledged) this.#acknowledged++;
    else this.#failed++;
    this.#pump();
  }

  #headers(subscription: Subscription, body: string): Record<string, string | number> {
    const seconds = Math.floor(this.#clock.now() / 1000);
    return {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-maintainx-webhook-body-signature': signature(subscription.secret, seconds, body),
      'x-maintainx-webhook-uri-signature': signature(subscription.secret, seconds, subscription.url),
    };
  }
}
