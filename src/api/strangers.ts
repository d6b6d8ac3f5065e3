import { sha256 } from '../base/hash.ts';

/** Addresses from which requests come whose token is no good. */
export interface Strangers {
  /** The token was good: its bearer is let to the door also when many strangers come from the same address, as behind a proxy. */
  readonly vouchFor: (token: string) => void;
  /** It was not. */
  readonly note: (address: string) => void;
  /** Whether so many came a short while ago that the next one is not worth a look. */
  readonly isTiresome: (address: string, token: string | undefined) => boolean;
}

const WINDOW_MS = 60_000;
const MOST = 300;
/** That are remembered: many of them must not fill the memory. */
const MOST_ADDRESSES = 10_000;
const MOST_TOKENS = 10_000;

/** Counts by the minute. */
export function createStrangers(now: () => number): Strangers {
  let [minute, counts, good] = [0, new Map<string, number>(), new Set<string>()];
  const turn = (): void => {
    const to = Math.floor(now() / WINDOW_MS);
    if (to !== minute || counts.size >= MOST_ADDRESSES) [minute, counts] = [to, new Map<string, number>()];
    if (good.size >= MOST_TOKENS) good = new Set();
  };
  return {
    vouchFor: (token) => {
      turn();
      good.add(nameOf(token));
    },
    note: (address) => {
      turn();
      counts.set(address, (counts.get(address) ?? 0) + 1);
    },
    isTiresome: (address, token) => {
      turn();
      return (counts.get(address) ?? 0) >= MOST && (token === undefined || !good.has(nameOf(token)));
    },
  };
}

/** No token lies about in memory for as long as this process lives. */
const nameOf = (token: string): string => sha256(token).toString('base64url');
