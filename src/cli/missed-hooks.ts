import { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { missedHooks, subscribedSince, type HookCount } from '../inbound/index.ts';
import type { Installation } from '../server.ts';
import { chosenTenant, withInstallation } from './context.ts';
import { integerFrom } from './numbers.ts';
import { table, writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly json?: true;
  readonly days: number;
}

const DAY_MS = 24 * 3_600_000;
/** A webhook that is not here by then counts as missed; it may still come, and then it does not. */
const LATE_MS = 15 * 60_000;
const PAGE = 1_000;

export function missedCommand(): Command {
  return new Command('missed')
    .description('How many webhooks never came, by kind and day: of records that came to be or were deleted.')
    .option('--days <days>', 'how far to look back', integerFrom(1), 7)
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--json', 'print JSON, one line each')
    .action((options: Options) => withInstallation((installation) => showMissed(installation, options)));
}

async function showMissed(installation: Installation, { tenant, json, days }: Options): Promise<void> {
  const { tenantId } = await chosenTenant(installation, tenant);
  const counts = await countsOf(installation, tenantId, days);
  if (json === true) {
    for (const one of counts) if (!(await writeJson({ ...one, missed: one.happened - one.told }))) return;
    return;
  }
  await writeLine(counts.length === 0 ? nothingIn(days) : inTable(counts));
}

const nothingIn = (days: number): string =>
  `nothing that a webhook tells of happened in ${days} days (the last ${LATE_MS / 60_000} minutes do not count yet)`;

/** Reads the tenant's log from its start: what is counted may have been told long after it happened. */
async function countsOf(
  { database, store }: Installation,
  tenantId: string,
  days: number,
): Promise<readonly HookCount[]> {
  const now = systemClock.now();
  const since = await database.withTenant(tenantId, subscribedSince);
  const missed = missedHooks({ subscribedSince: since, from: now - days * DAY_MS, until: now - LATE_MS });
  for (let after = 0; ;) {
    const from = after;
    const events = await store.transact(tenantId, (tx) => tx.log.read(from, PAGE));
    for (const event of events) missed.add(event);
    after = events.at(-1)?.seq ?? after;
    if (events.length < PAGE) return missed.counts();
  }
}

const inTable = (counts: readonly HookCount[]): string =>
  table(
    ['day', 'kind', 'change', 'happened', 'told', 'missed'],
    counts.map(({ day, kind, change, happened, told }) => [
      day,
      kind,
      change,
      String(happened),
      String(told),
      `${Math.round((1_000 * (happened - told)) / happened) / 10} %`,
    ]),
  );
