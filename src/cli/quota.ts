import { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { LANES } from '../maintainx/index.ts';
import { principalsOf, userRuleOf } from '../clients.ts';
import { quotaReport, type QuotaReport } from '../reports/index.ts';
import { openConnection } from '../tenants/index.ts';
import { chosenTenant, ORGANIZATION, withInstallation } from './context.ts';
import { integerFrom } from './numbers.ts';
import { iso, table, writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly organization?: string;
  readonly minutes: number;
  readonly json?: true;
}

export function quotaCommand(): Command {
  return new Command('quota')
    .description('How the quota of a tenant stands, for all processes, and what goes out in the next minutes.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option(...ORGANIZATION)
    .option('--minutes <count>', 'how far to plan', integerFrom(1), 10)
    .option('--json', 'print JSON')
    .action((options: Options) =>
      withInstallation(async (installation) => {
        const { tenantId } = await chosenTenant(installation, options.tenant);
        const { config, database, vault } = installation;
        const { quotaShare } = await installation.store.transact(tenantId, (tx) => tx.settings.read());
        const connection = await database.withTenant(tenantId, (tx) => openConnection(tx, vault, options.organization));
        const { organizationId } = connection;
        const ports = {
          ...installation,
          clock: systemClock,
          rule: userRuleOf(config, quotaShare),
          pollIntervalMs: config.pollIntervalMs,
        };
        const report = await quotaReport(ports, tenantId, organizationId, principalsOf(connection), options.minutes);
        await (options.json === true ? writeJson(inJson(report)) : show(report));
      }),
    );
}

const inJson = (report: QuotaReport): object => ({
  ...report,
  closedUntil: iso(report.closedUntil),
  othersSeenUntil: iso(report.othersSeenUntil),
});

async function show(report: QuotaReport): Promise<void> {
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

const troublesIn = ({ closedUntil, othersSeenUntil, tightenedTo }: QuotaReport): readonly string[] => [
  ...(closedUntil === null ? [] : [`closed     until ${iso(closedUntil)}: MaintainX answered 429`]),
  ...(othersSeenUntil === null
    ? []
    : [`others     use the same user: until ${iso(othersSeenUntil)} only what they leave is sent`]),
  ...(tightenedTo === null ? [] : [`tightened  to ${tightenedTo}: MaintainX told so`]),
];
