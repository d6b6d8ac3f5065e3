import type { Random } from './random.ts';

/**
 * Full-jitter exponential back-off: a random wait in [0, min(cap, base · 2^attempt)) milliseconds.
 * `attempt` counts from 0.
 */
export function backoff(attempt: number, random: Random, base = 500, cap = 60_000): number {
  return Math.floor(random() * Math.min(cap, base * 2 ** Math.min(attempt, 30)));
}
