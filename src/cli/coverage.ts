import { Command, Option } from 'commander';
import { durationInWords } from '../base/amounts.ts';
import { changeSettings } from '../administration/index.ts';
import { systemClock } from '../base/clock.ts';
import { raise } from '../errors.ts';
import { coverageOf, WANTED_EVENTS, type BudgetPlan, type Coverage, type Goal } from '../inbound/index.ts';
import type { HookEvent } from '../maintainx/index.ts';
import { requestsPerMinuteOf } from '../clients.ts';
import { coverageInput } from '../reports/index.ts';
import type { Installation } from '../server.ts';
import type { Tenant } from '../tenants/index.ts';
import { durationFrom } from './amounts.ts';
import { change, chosenTenant, ORGANIZATION, withInstallation } from './context.ts';
import { coverageAsJson, showPlan } from './coverage-plan.ts';
import { changesTable, mapTable, totalsInWords } from './coverage-words.ts';
import { numberFrom } from './numbers.ts';
import { writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly organization?: string;
  readonly changes?: true;
  readonly plan?: true;
  readonly share?: number;
  readonly staleness?: number;
  readonly apply?: true;
  readonly json?: true;
}

export function coverageCommand(): Command {
  return new Command('coverage')
    .description('How changes of each kind become known, how stale a record can be at worst, and what that costs.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option(...ORGANIZATION)
    .option('--changes', 'one row for each kind and sort of change')
    .option('--plan', 'what shares of the quota buy')
    .addOption(
      new Option('--share <percent>', 'plan: sweeps and re-reads as often as this part of the quota allows')
        .argParser(numberFrom(0.1, 100))
        .conflicts('staleness'),
    )
    .addOption(
      new Option('--staleness <time>', 'plan: nothing older than this, e.g. 30m, 2h, 1d').argParser(durationFrom),
    )
    .option('--apply', 'set what is planned, for this tenant')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      withInstallation(async (installation) => {
        const goal = goalOf(options);
        if (options.apply === true && goal === undefined)
          throw raise('usage', '--apply needs a plan: add --share or --staleness');
        const tenant = await chosenTenant(installation, options.tenant);
        const { config } = installation;
        const ports = { ...installation, times: config, clock: systemClock };
        const requestsPerMinute = (share: number | null): number => requestsPerMinuteOf(config, share);
        const { input, subscribed } = await coverageInput(
          { ...ports, requestsPerMinute },
          tenant.tenantId,
          options.organization,
        );
        if (options.plan !== true && goal === undefined) return showMap(coverageOf(input), subscribed, options);
        const plan = await showPlan(input, goal, options.json === true);
        await settle(installation, tenant, plan, options);
      }),
    );
}

function goalOf({ share, staleness }: Options): Goal | undefined {
  if (share !== undefined) return { share: share / 100 };
  return staleness === undefined ? undefined : { stalenessMs: staleness };
}

async function showMap(map: Coverage, subscribed: readonly HookEvent[], { json, changes }: Options): Promise<void> {
  if (json === true) return void (await writeJson({ ...coverageAsJson(map), subscribed }));
  await writeLine(changes === true ? changesTable(map) : mapTable(map));
  for (const line of totalsInWords(map)) await writeLine(line);
  const missing = WANTED_EVENTS.filter((event) => !subscribed.includes(event));
  if (subscribed.length === 0)
    await writeLine('no webhooks are subscribed: changes come as "without webhooks" says, at the cost shown or less');
  else if (missing.length > 0) await writeLine(`webhooks that are not subscribed: ${missing.join(', ')}`);
}

/** Writes the planned intervals, if that is wanted; says what they are. */
async function settle(
  installation: Installation,
  { tenantId, name }: Tenant,
  plan: BudgetPlan | undefined,
  { apply, json }: Options,
): Promise<void> {
  if (plan === undefined) return;
  const { settings } = plan;
  if (settings === null) return void (process.exitCode = 1);
  if (apply === true) await change(installation, tenantId, 'changeSettings', changeSettings(settings));
  if (json === true) return;
  const rereads = Object.entries(settings.rereadMs).map(([kind, ms]) => `${kind} ${durationInWords(ms)}`);
  const intervals = [
    `sweeps ${durationInWords(settings.sweepIntervalMs ?? 0)} apart`,
    ...rereads.map((one) => `re-reads of ${one}`),
  ];
  await writeLine(`${apply === true ? `set for ${name}` : 'to set it, add --apply'}: ${intervals.join(', ')}`);
}
