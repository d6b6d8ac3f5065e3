import type { Clock } from '../base/clock.ts';
import { listedIn, syncStatus, type InboundStore } from '../inbound/index.ts';
import {
  freshQuota,
  kindEntry,
  perLane,
  planMinutes,
  shareOf,
  usedIn,
  type MinutePlan,
  type QuotaLane,
  type QuotaRule,
  type QuotaState,
} from '../maintainx/index.ts';
import type { Database } from '../postgres/index.ts';
import { postgresShelf, type Principals } from '../quota/index.ts';

/** How the quota of a tenant stands, for all processes, and what goes out in the next minutes. Times are epoch milliseconds. */
export interface QuotaReport {
  /** Whose quota it is: a name that was declared, or the hash of the key. */
  readonly user: string;
  /** Most of ours in a window; null: no limit. */
  readonly limit: number | null;
  readonly windowMs: number;
  readonly sharePercent: number;
  /** In the last window, by all processes; those under way included. */
  readonly used: number;
  readonly underWay: number;
  /** MaintainX refused: nothing is sent before. */
  readonly closedUntil: number | null;
  /** Others were seen to use the same user; until then only what they leave is sent. */
  readonly othersSeenUntil: number | null;
  /** A smaller limit than ours that MaintainX told. */
  readonly tightenedTo: number | null;
  /** Limits that only readings of meters fall under. */
  readonly longWindows: readonly { readonly about: string; readonly used: number; readonly limit: number }[];
  /** What waits or comes round, by lane; requests. */
  readonly demand: Readonly<Record<QuotaLane, number>>;
  readonly plan: readonly MinutePlan[];
}

export interface QuotaPorts {
  readonly database: Database;
  readonly store: InboundStore;
  readonly clock: Pick<Clock, 'now'>;
  /** The window of one user. */
  readonly rule: QuotaRule;
  readonly pollIntervalMs: number;
}

/** `organizationId`: whose demand is meant; the user and the organisation are those under whose windows it sends. */
export async function quotaReport(
  ports: QuotaPorts,
  tenantId: string,
  organizationId: string,
  { user, organization }: Principals,
  minutes: number,
): Promise<QuotaReport> {
  const { database, rule, clock } = ports;
  const shelf = postgresShelf(database);
  const kept = (await shelf.look(user)) ?? freshQuota(rule);
  // Whoever asked last may have had another share.
  const limit = shareOf(rule, kept.tightened);
  const state = { ...kept, limit };
  const now = clock.now();
  const demand = await demandOf(ports, tenantId, organizationId, minutes);
  const isLimited = Number.isFinite(rule.limit);
  return {
    user,
    limit: isLimited ? limit : null,
    windowMs: rule.windowMs,
    sharePercent: Math.round((rule.share ?? 1) * 100),
    used: usedIn(state, now),
    underWay: state.loans.reduce((sum, { places }) => sum + places, 0),
    closedUntil: later(state.closedUntil, now),
    othersSeenUntil: later(state.foreignUntil, now),
    tightenedTo: state.tightened?.limit ?? null,
    longWindows: [
      ...longWindowsIn(await shelf.under(user), now),
      ...longWindowsIn(await shelf.under(organization), now),
    ],
    demand,
    plan: isLimited ? planMinutes(state, demand, now, minutes) : [],
  };
}

const later = (time: number, now: number): number | null => (time > now ? time : null);

const longWindowsIn = (windows: ReadonlyMap<string, QuotaState>, now: number): QuotaReport['longWindows'] =>
  [...windows]
    .map(([about, state]) => ({ about, used: usedIn(state, now), limit: state.limit }))
    .filter(({ used }) => used > 0);

/** What waits in the database; requests that a server holds in memory are on their way already. */
async function demandOf(
  { store, pollIntervalMs }: QuotaPorts,
  tenantId: string,
  organizationId: string,
  minutes: number,
): Promise<Readonly<Record<QuotaLane, number>>> {
  const { waiting, forecast, run } = await syncStatus(store, tenantId, organizationId);
  const settings = await store.transact(tenantId, (tx) => tx.settings.read());
  const details = await store.transact(tenantId, async (tx) => (await tx.hydrations.counts(organizationId)).details);
  const polled = listedIn(settings).filter((kind) => kindEntry(kind).changesByTime).length;
  const polls = Math.ceil((polled * minutes * 60_000) / pollIntervalMs);
  const isFirstCopy = run?.what === 'backfill' && forecast !== null;
  return {
    ...perLane(() => 0),
    hydrate: Math.max(0, waiting.reads - details),
    poll: polls,
    sweep: isFirstCopy ? forecast.requestsLeft : details,
  };
}
