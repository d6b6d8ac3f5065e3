/** Who takes how much of something of which there is only so much, over about a second. */
export interface Shares {
  readonly add: (tenantId: string, amount: number) => void;
  /** Whether others than the tenant are at work. */
  readonly hasOthers: (tenantId: string) => boolean;
  /** Whether the tenant takes more than half of it while others are at work: then it may leave them some room. */
  readonly isGreedy: (tenantId: string) => boolean;
}

/** Amounts are counted by spans of this length: the one under way and the one before count. */
const SPAN_MS = 500;
/** Others are at work while they took something in this time. */
const OTHERS_MS = 5_000;

/** `least`: who takes no more than that troubles nobody, whatever part of the whole it is. */
export function createShares(now: () => number, least: number): Shares {
  let [span, current, before] = [0, new Map<string, number>(), new Map<string, number>()];
  const nobody = { tenantId: '', at: -Infinity };
  // The last two that took something: one of them is another one than whoever is asked about.
  let [latest, other] = [nobody, nobody];

  const turnTo = (at: number): void => {
    const to = Math.floor(at / SPAN_MS);
    if (to === span) return;
    before = to === span + 1 ? current : new Map<string, number>();
    current = new Map();
    span = to;
  };
  const taken = (tenantId: string): number => (current.get(tenantId) ?? 0) + (before.get(tenantId) ?? 0);

  const hasOthers = (tenantId: string): boolean =>
    (latest.tenantId === tenantId ? other : latest).at > now() - OTHERS_MS;

  return {
    hasOthers,
    add: (tenantId, amount) => {
      const at = now();
      turnTo(at);
      current.set(tenantId, (current.get(tenantId) ?? 0) + amount);
      if (tenantId !== latest.tenantId) other = latest;
      latest = { tenantId, at };
    },
    isGreedy: (tenantId) => {
      turnTo(now());
      const own = taken(tenantId);
      return own > least && hasOthers(tenantId) && own > (sum(current) + sum(before)) / 2;
    },
  };
}

const sum = (amounts: ReadonlyMap<string, number>): number => {
  let all = 0;
  for (const amount of amounts.values()) all += amount;
  return all;
};
