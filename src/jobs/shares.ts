/** Who takes how much of something of which there is only so much, over about a second. */
export interface Shares {
  readonly add: (tenantId: string, amount: number) => void;
  /** Whether others than the tenant are at work. */
  readonly hasOthers: (tenantId: string) => boolean;
  /**
   * Whether the tenant takes more than half of it while others are at work: then it may leave them some room. `least`: who takes no
   * more than that troubles nobody, whatever part of the whole it is; default: the one for all.
   */
  readonly isGreedy: (tenantId: string, least?: number) => boolean;
}

/** Amounts are counted by spans of this length: the one under way and the one before count. */
const SPAN_MS = 500;
/** Others are at work while they took something in this time. */
const OTHERS_MS = 5_000;

interface Span {
  all: number;
  readonly of: Map<string, number>;
}

const nothing = (): Span => ({ all: 0, of: new Map() });

export function createShares(now: () => number, leastOfAll: number): Shares {
  let [span, current, before] = [0, nothing(), nothing()];
  const nobody = { tenantId: '', at: -Infinity };
  // The last two that took something: one of them is another one than whoever is asked about.
  let [latest, other] = [nobody, nobody];

  const turnTo = (at: number): void => {
    const to = Math.floor(at / SPAN_MS);
    if (to === span) return;
    before = to === span + 1 ? current : nothing();
    current = nothing();
    span = to;
  };
  const taken = (tenantId: string): number => (current.of.get(tenantId) ?? 0) + (before.of.get(tenantId) ?? 0);

  const hasOthers = (tenantId: string): boolean =>
    (latest.tenantId === tenantId ? other : latest).at > now() - OTHERS_MS;

  return {
    hasOthers,
    add: (tenantId, amount) => {
      const at = now();
      turnTo(at);
      current.of.set(tenantId, (current.of.get(tenantId) ?? 0) + amount);
      current.all += amount;
      if (tenantId !== latest.tenantId) other = latest;
      latest = { tenantId, at };
    },
    isGreedy: (tenantId, least = leastOfAll) => {
      turnTo(now());
      const own = taken(tenantId);
      return own > least && hasOthers(tenantId) && own > (current.all + before.all) / 2;
    },
  };
}
