import { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import type { HookCount } from '../inbound/index.ts';
import { LATE_MS, missedOf } from '../reports/index.ts';
import type { Installation } from '../server.ts';
import { chosenTenant, withInstallation } from './context.ts';
import { integerFrom } from './numbers.ts';
import { table, writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly json?: true;
  readonly days: number;
}

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
  const counts = await missedOf({ ...installation, clock: systemClock }, tenantId, days);
  if (json === true) {
    for (const one of counts) if (!(await writeJson({ ...one, missed: one.happened - one.told }))) return;
    return;
  }
  await writeLine(counts.length === 0 ? nothingIn(days) : inTable(counts));
}

const nothingIn = (days: number): string =>
  `nothing that a webhook tells of happened in ${days} days (the last ${LATE_MS / 60_000} minutes do not count yet)`;

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
