import { Command } from 'commander';
import { durationInWords } from '../base/amounts.ts';
import { systemClock } from '../base/clock.ts';
import { tenantHealth, type TenantHealth } from '../reports/index.ts';
import { listTenants } from '../tenants/index.ts';
import { chosenTenant, withInstallation } from './context.ts';
import { table, writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly json?: true;
}

export function healthCommand(): Command {
  return new Command('health')
    .description('For each tenant: which lanes are late or stuck, and why. Exits 1 when one is.')
    .option('--tenant <name>', 'only this tenant; default: all')
    .option('--json', 'print JSON, one line a tenant')
    .action((options: Options) =>
      withInstallation(async (installation) => {
        const tenants =
          options.tenant === undefined
            ? await listTenants(installation.database)
            : [await chosenTenant(installation, options.tenant)];
        for (const tenant of tenants) {
          const health = await tenantHealth({ ...installation, clock: systemClock }, tenant);
          if (health.stuck.length > 0) process.exitCode = 1;
          await (options.json === true ? writeJson(health) : show(health));
        }
      }),
    );
}

async function show({
  tenant,
  paused,
  stuck,
  lanes,
  oldestWebhookMs,
  oldestReadMs,
  waiting,
  parked,
}: TenantHealth): Promise<void> {
  await writeLine(`${tenant}: ${stuck.length > 0 ? 'STUCK' : paused === null ? 'well' : `paused: ${paused}`}`);
  for (const reason of stuck) await writeLine(`  ${reason}`);
  const since = (ms: number | null): string => (ms === null ? '' : `, the oldest for ${durationInWords(ms)}`);
  await writeLine(`  waiting: ${waiting.deliveries} webhooks${since(oldestWebhookMs)}`);
  await writeLine(`  waiting: ${waiting.reads} reads${since(oldestReadMs)}`);
  await writeLine(`  parked: ${parked.deliveries} webhooks, ${parked.reads} reads (millwright parked list)`);
  const rows = lanes.map((one) => [
    one.lane,
    one.holder === null ? (one.lateMs > 0 ? `late by ${durationInWords(one.lateMs)}` : 'rests') : 'at work',
    one.holder ?? '',
  ]);
  await writeLine(table(['lane', 'state', 'by'], rows));
}
