/** Notes a webhook of the tenant; answers how long its sender is to wait for the answer, milliseconds. */
export type FairShare = (tenantId: string) => number;

/** Arrivals are counted by spans of this length: the one under way and the one before count. */
const SPAN_MS = 500;
/** Fewer in that time trouble nobody. */
const LEAST = 100;
/** Others are at work while something of theirs came in this time. */
const OTHERS_MS = 5_000;
/** MaintainX gives up after ten seconds; this is far from it, and slows a sender that waits for each answer. */
const DELAY_MS = 250;

/**
 * A tenant of whom more than half of all webhooks come is answered a little later while others are at work: it is stored at
 * once, and refused nothing, but who sends as fast as answers come leaves them the room they need. Alone, nobody waits.
 */
export function createFairShare(now: () => number): FairShare {
  let [span, current, before] = [0, new Map<string, number>(), new Map<string, number>()];
  let [latest, other] = [{ tenantId: '', at: -Infinity }, { tenantId: '', at: -Infinity }];

  const turn = (to: number): void => {
    before = to === span + 1 ? current : new Map<string, number>();
    current = new Map();
    span = to;
  };
  /** The last two tenants that anything came of, and when: so whether others than this one are there. */
  const note = (tenantId: string, at: number): void => {
    if (tenantId === latest.tenantId) latest = { tenantId, at };
    else [latest, other] = [{ tenantId, at }, latest];
  };
  const hasOthers = (tenantId: string, at: number): boolean =>
    other.tenantId !== '' && other.tenantId !== tenantId && other.at > at - OTHERS_MS;

  return (tenantId) => {
    const at = now();
    const to = Math.floor(at / SPAN_MS);
    if (to !== span) turn(to);
    current.set(tenantId, (current.get(tenantId) ?? 0) + 1);
    note(tenantId, at);
    const own = (current.get(tenantId) ?? 0) + (before.get(tenantId) ?? 0);
    return own > LEAST && own > (sum(current) + sum(before)) / 2 && hasOthers(tenantId, at) ? DELAY_MS : 0;
  };
}

const sum = (counts: ReadonlyMap<string, number>): number => {
  let all = 0;
  for (const count of counts.values()) all += count;
  return all;
};
