import { raiseMaintainx } from '../../src/maintainx/errors.ts';
import type { Http, HttpRequest, HttpResponse } from '../../src/maintainx/index.ts';
import type { Exchange, InProcessSandbox } from '../../src/sandbox/in-process.ts';
import type { Dice } from '../../src/sandbox/seed/dice.ts';
import { askOf } from './ask.ts';
import type { Lies } from './lies.ts';
import type { RequestWatch } from './request-watch.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface TransportOptions {
  readonly sandbox: InProcessSandbox;
  readonly lies: Lies;
  readonly clock: VirtualClock;
  readonly dice: Dice;
  /** Rows that MaintainX gives a page at most, however many are asked for. */
  readonly pageSize: number;
  /** How long answers are under way. */
  readonly transitMs: readonly [least: number, most: number];
  /** Whether this key is not accepted at present. */
  readonly refusesKey: (authorization: string) => boolean;
  readonly requests: RequestWatch;
  readonly trace: (what: string) => void;
}

const NO_BYTES = new Uint8Array();

/** The client's way to the sandbox, without sockets: everything that can happen to a request takes virtual time. */
export function transportOver(options: TransportOptions): Http {
  return async (request) => {
    const { clock } = options;
    const done = new AbortController();
    const deadline = clock.sleep(request.timeoutMs, done.signal).then(() => 'too late' as const);
    try {
      const first = await Promise.race([exchanged(options, request), deadline]);
      if (first === 'too late')
        throw raiseMaintainx('maintainx-timeout', `${request.method} took longer than ${request.timeoutMs} ms`);
      return first;
    } finally {
      // A reason of our own: the usual one is made with a stack trace each time.
      done.abort('answered');
    }
  };
}

async function exchanged(options: TransportOptions, request: HttpRequest): Promise<HttpResponse> {
  const { clock, dice, transitMs, trace, requests } = options;
  requests.sent();
  const url = new URL(request.url);
  if (url.searchParams.has('limit')) url.searchParams.set('limit', String(options.pageSize));
  const label = `${request.method} ${url.pathname}${url.search}`;
  trace(label);
  const under = dice.whole(...transitMs);
  const answer = await answerTo(options, request, url);
  await clock.sleep(under + (answer.came === 'answer' ? answer.slowMs : 0));
  trace(`${label} -> ${answer.came === 'answer' ? `${answer.status} ${answer.body.length}` : answer.came}`);
  return arrived(options, answer);
}

async function answerTo(options: TransportOptions, request: HttpRequest, url: URL): Promise<Exchange> {
  const { sandbox, lies, clock, refusesKey, requests } = options;
  if (refusesKey(request.headers['authorization'] ?? '')) return refusedKey;
  const ask = askOf(url);
  const instead = ask === undefined ? undefined : lies.instead(ask, clock.now());
  if (instead !== undefined) return { ...instead, came: 'answer', slowMs: 0 };
  const exchange = await sandbox.exchange({ method: request.method, url, headers: request.headers, bytes: NO_BYTES });
  requests.answered(exchange);
  if (ask === undefined || exchange.came !== 'answer') return exchange;
  return { ...exchange, ...lies.told(ask, exchange, clock.now()) };
}

const refusedKey: Exchange = {
  came: 'answer',
  status: 401,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: '{"errors":[{"error":"Invalid token"}]}',
  slowMs: 0,
};

async function arrived({ clock }: TransportOptions, exchange: Exchange): Promise<HttpResponse> {
  switch (exchange.came) {
    case 'answer':
      return { status: exchange.status, headers: exchange.headers, body: exchange.body };
    case 'nothing':
      // The deadline ends this, or the end of the connection.
      await (exchange.cutAfterMs === undefined ? forEver() : clock.sleep(exchange.cutAfterMs));
      throw unavailable('the connection ended');
    case 'cut body':
    case 'end of connection':
    case 'reset':
      throw unavailable(exchange.came);
  }
}

const forEver = (): Promise<never> => new Promise(() => undefined);

const unavailable = (why: string): Error => raiseMaintainx('maintainx-unavailable', `no answer: ${why}`);
