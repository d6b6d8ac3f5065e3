import { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { listedIn, syncStatus } from '../inbound/index.ts';
import {
  freshQuota,
  kindEntry,
  LANES,
  perLane,
  planMinutes,
  usedIn,
  type MinutePlan,
  type QuotaLane,
  type QuotaState,
} from '../maintainx/index.ts';
import { postgresShelf } from '../quota/index.ts';
import { principalsOf, requestsPerMinuteOf, userRuleOf } from '../clients.ts';
import type { Installation } from '../server.ts';
import { connectionOf } from '../tenants/index.ts';
import { chosenTenant, withInstallation } from './context.ts';
import { integerFrom } from './numbers.ts';
import { iso, table, writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly minutes: number;
  readonly json?: true;
}

export function quotaCommand(): Command {
  return new Command('quota')
    .description('How the quota of a tenant stands, for all processes, and what goes out in the next minutes.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--minutes <count>', 'how far to plan', integerFrom(1), 10)
    .option('--json', 'print JSON')
    .action((options: Options) =>
      withInstallation(async (installation) => {
        const { tenantId } = await chosenTenant(installation, options.tenant);
        const report = await reportOf(installation, tenantId, options.minutes);
        await (options.json === true ? writeJson(report) : show(report));
      }),
    );
}

/** Times are ISO texts. */
interface Report {
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
  readonly closedUntil: string | null;
  /** Others were seen to use the same user; until then only what they leave is sent. */
  readonly othersSeenUntil: string | null;
  /** A smaller limit than ours that MaintainX told. */
  readonly tightenedTo: number | null;
  /** Limits that only readings of meters fall under. */
  readonly longWindows: readonly { readonly about: string; readonly used: number; readonly limit: number }[];
  /** What waits or comes round, by lane; requests. */
  readonly demand: Readonly<Record<QuotaLane, number>>;
  readonly plan: readonly MinutePlan[];
}

async function reportOf(installation: Installation, tenantId: string, minutes: number): Promise<Report> {
  const { config, database, vault } = installation;
  const connection = await database.withTenant(tenantId, (tx) => connectionOf(tx, vault));
  const { user, organization } = principalsOf(connection);
  const shelf = postgresShelf(database);
  const rule = userRuleOf(config);
  const state = (await shelf.look(user)) ?? freshQuota(rule);
  const now = systemClock.now();
  const demand = await demandOf(installation, tenantId, minutes);
  const isLimited = requestsPerMinuteOf(config) > 0;
  return {
    user,
    limit: isLimited ? state.limit : null,
    windowMs: rule.windowMs,
    sharePercent: config.quotaShare,
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

const later = (time: number, now: number): string | null => (time > now ? iso(time) : null);

const longWindowsIn = (windows: ReadonlyMap<string, QuotaState>, now: number): Report['longWindows'] =>
  [...windows]
    .map(([about, state]) => ({ about, used: usedIn(state, now), limit: state.limit }))
    .filter(({ used }) => used > 0);

/** What waits in the database; requests that a server holds in memory are on their way already. */
async function demandOf(
  { store, config }: Installation,
  tenantId: string,
  minutes: number,
): Promise<Readonly<Record<QuotaLane, number>>> {
  const { waiting, forecast, run } = await syncStatus(store, tenantId);
  const settings = await store.transact(tenantId, (tx) => tx.settings.read());
  const details = await store.transact(tenantId, async (tx) => (await tx.hydrations.counts()).details);
  const polled = listedIn(settings).filter((kind) => kindEntry(kind).changesByTime).length;
  const polls = Math.ceil((polled * minutes * 60_000) / config.pollIntervalMs);
  const isFirstCopy = run?.what === 'backfill' && forecast !== null;
  return {
    ...perLane(() => 0),
    hydrate: Math.max(0, waiting.reads - details),
    poll: polls,
    sweep: isFirstCopy ? forecast.requestsLeft : details,
  };
}

async function show(report: Report): Promise<void> {
  const { user, limit, windowMs, sharePercent, used, underWay, longWindows, demand, plan } = report;
  await writeLine(`user       ${user}`);
  if (limit === null) return void (await writeLine('limit      none is set'));
  await writeLine(
    `limit      ${limit} requests in ${windowMs / 1000} s, which is ${sharePercent} % of what the user may send`,
  );
  await writeLine(`used       ${used} in the last ${windowMs / 1000} s, ${underWay} of them under way`);
  for (const line of troublesIn(report)) await writeLine(line);
  for (const one of longWindows) await writeLine(`${one.about}: ${one.used} of ${one.limit}`);
  await writeLine(`waiting    ${LANES.map((lane) => `${lane} ${demand[lane]}`).join(', ')}`);
  await writeLine('');
  const rows = plan.map(({ minute, requests }) => [minute, ...LANES.map((lane) => requests[lane])]);
  await writeLine(table(['minute', ...LANES], rows));
}

const troublesIn = ({ closedUntil, othersSeenUntil, tightenedTo }: Report): readonly string[] => [
  ...(closedUntil === null ? [] : [`closed     until ${closedUntil}: MaintainX answered 429`]),
  ...(othersSeenUntil === null
    ? []
    : [`others     use the same user: until ${othersSeenUntil} only what they leave is sent`]),
  ...(tightenedTo === null ? [] : [`tightened  to ${tightenedTo}: MaintainX told so`]),
];
