import { systemClock } from '../base/clock.ts';
import { ApiError } from './api-error.ts';
import type { ApiClient } from './client.ts';
import type { ApiOperations } from './generated/operations.ts';

/** One event of a tenant's log. */
export type LogEvent = ApiOperations['listEvents']['answer']['items'][number];

/** Called with one event after the other, in the log's order. When it rejects, the same event comes again. */
export type EventHandler = (event: LogEvent) => Promise<void> | void;

/** Where a program keeps how far it has come; in a file or in its own database. */
export interface Bookmark {
  /** Undefined: it has not begun. */
  readonly load: () => Promise<string | undefined>;
  readonly save: (cursor: string) => Promise<void>;
}

export interface SubscriptionOptions {
  readonly bookmark: Bookmark;
  /** Whether a program that has not begun hears of everything there ever was, or from now on. Default `beginning`. */
  readonly from?: 'beginning' | 'now';
  /** Between two looks when there is nothing new, milliseconds. Default 1,000. */
  readonly everyMs?: number;
  /** Told of trouble, after which it goes on. */
  readonly onError?: (error: unknown) => void;
}

export interface Subscription {
  /** `work-order.created`, or all of a kind: `work-order.*`, or all: `*`. */
  readonly on: (type: string, handler: EventHandler) => Subscription;
  /**
   * Calls the handlers until `signal` aborts. Every event comes at least once: a handler that has done its work just before a
   * crash sees it again, with the same `eventId`.
   */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

const PAGE = 500;

/** Follows a tenant's log from where the bookmark stands. */
export function subscribe(client: ApiClient, options: SubscriptionOptions): Subscription {
  const handlers: { readonly matches: (type: string) => boolean; readonly handler: EventHandler }[] = [];
  const everyMs = options.everyMs ?? 1_000;
  const handle = async (event: LogEvent): Promise<void> => {
    for (const { matches, handler } of handlers) if (matches(event.type)) await handler(event);
  };
  const subscription: Subscription = {
    on: (type, handler) => {
      handlers.push({ matches: matcherOf(type), handler });
      return subscription;
    },
    run: async (signal) => {
      while (!signal.aborted) {
        try {
          const found = await readOn(client, options, handle, signal);
          if (found < PAGE) await systemClock.sleep(everyMs, signal);
        } catch (error) {
          if (signal.aborted) return;
          options.onError?.(error);
          await systemClock.sleep(waitAfter(error, everyMs), signal);
        }
      }
    },
  };
  return subscription;
}

/** One page; how many events it had. The bookmark moves on after each event that was handled. */
async function readOn(
  client: ApiClient,
  { bookmark, from }: SubscriptionOptions,
  handle: EventHandler,
  signal: AbortSignal,
): Promise<number> {
  const cursor = await bookmark.load();
  const start = from === 'now' ? { from: 'end' as const } : {};
  const query = { limit: PAGE, ...(cursor === undefined ? start : { cursor }) };
  const page = await client.call('listEvents', { query, signal });
  for (const event of page.items) {
    if (signal.aborted) return 0;
    await handle(event);
    await bookmark.save(event.cursor);
  }
  if (cursor === undefined && page.items.length === 0) await bookmark.save(page.nextCursor);
  return page.items.length;
}

function matcherOf(wanted: string): (type: string) => boolean {
  if (wanted === '*') return () => true;
  if (wanted.endsWith('.*')) return (type) => type.startsWith(wanted.slice(0, -1));
  return (type) => type === wanted;
}

const waitAfter = (error: unknown, everyMs: number): number =>
  Math.max(everyMs, error instanceof ApiError ? (error.retryAfterMs ?? 5_000) : 5_000);
