import type { HttpResponse } from './http.ts';

/** What MaintainX last told of the rate limit (FACTS 2.2). */
export interface RateLimits {
  /** Requests in a window. */
  readonly limit: number;
  /** What is left of them. */
  readonly remaining: number;
  /** When the window ends, epoch milliseconds. */
  readonly resetAt: number;
}

/** The limits in an answer's headers; undefined when it carries none. Reset counts seconds from now. */
export function limitsIn({ headers }: HttpResponse, now: number): RateLimits | undefined {
  const limit = numberIn(headers['x-rate-limit-limit']);
  const remaining = numberIn(headers['x-rate-limit-remaining']);
  const reset = numberIn(headers['x-rate-limit-reset']);
  if (limit === undefined || remaining === undefined || reset === undefined) return undefined;
  return { limit, remaining, resetAt: now + reset * 1000 };
}

function numberIn(header = ''): number | undefined {
  return /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) : undefined;
}
