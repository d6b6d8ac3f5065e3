import { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { syncStatus, type HeldKind, type SyncStatus, type WithheldKind } from '../inbound/index.ts';
import type { Tenant } from '../tenants/index.ts';
import { chosenTenant, withInstallation } from './context.ts';
import { iso, table, writeJson, writeLine } from './output.ts';
import { numberFrom } from './numbers.ts';
import { backfillCommand } from './sync-backfill.ts';
import { pauseCommand, releaseCommand, resumeCommand } from './sync-control.ts';
import { progressInWords } from './sync-progress.ts';
import { sweepCommand } from './sync-sweep.ts';

export function syncCommand(): Command {
  return new Command('sync')
    .description('How far the copy is, and making it whole.')
    .addCommand(status())
    .addCommand(backfillCommand())
    .addCommand(sweepCommand())
    .addCommand(pauseCommand())
    .addCommand(resumeCommand())
    .addCommand(releaseCommand());
}

interface StatusOptions {
  readonly tenant?: string;
  readonly organization?: string;
  readonly wait?: true;
  readonly timeout: number;
  readonly json?: true;
}

function status(): Command {
  return new Command('status')
    .description('What is still waiting, and how many records there are. "quiet" means: nothing waits.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--organization <id>', 'which organisation of the tenant; default: all together')
    .option('--wait', 'wait until it is quiet; exit 1 if that does not happen in time')
    .option('--timeout <seconds>', 'how long to wait', numberFrom(0), 600)
    .option('--json', 'print JSON')
    .action(async (options: StatusOptions) => {
      await withInstallation(async (installation) => {
        const tenant = await chosenTenant(installation, options.tenant);
        const deadline = Date.now() + (options.wait === true ? options.timeout * 1000 : 0);
        const look = (): Promise<SyncStatus> =>
          syncStatus(installation.store, tenant.tenantId, options.organization ?? null);
        let now = await look();
        while (!isSettled(now) && Date.now() < deadline) {
          await systemClock.sleep(250);
          now = await look();
        }
        await printStatus(tenant, now, options.json === true);
        if (options.wait === true && !isSettled(now)) process.exitCode = 1;
      });
    });
}

/** Quiet, and copied at least once. */
const isSettled = (now: SyncStatus): boolean => now.quiet && now.backfilledAt !== null;

async function printStatus(tenant: Tenant, now: SyncStatus, json: boolean): Promise<void> {
  const times = { backfilledAt: iso(now.backfilledAt), sweptAt: iso(now.sweptAt), polledAt: iso(now.polledAt) };
  if (json)
    return void (await writeJson({
      tenant: tenant.name,
      tenantId: tenant.tenantId,
      state: tenant.state,
      ...now,
      ...times,
    }));
  const { waiting, parked } = now;
  await writeLine(`${tenant.name}: ${now.quiet ? 'quiet' : 'busy'}, ${now.lastSeq} events`);
  await writeLine(`  waiting: ${waiting.deliveries} webhooks, ${waiting.reads} reads, ${waiting.runs} runs`);
  await writeLine(`  parked: ${parked.deliveries} webhooks, ${parked.reads} reads`);
  await writeLine(
    `  backfilled ${times.backfilledAt ?? 'never'}, swept ${times.sweptAt ?? 'never'}, polled ${times.polledAt ?? 'never'}`,
  );
  for (const line of troubleInWords(now)) await writeLine(`  ${line}`);
  if (now.paused) await writeLine('  the first copy rests: `millwright sync resume` lets it go on');
  if (now.run !== null) await writeLine(`  ${now.run.what}: ${progressInWords(now.run, now)}`);
  await writeLine(
    table(
      ['kind', 'records', 'deleted'],
      now.records.map((count) => [count.kind, count.living, count.deleted]),
    ),
  );
}

function troubleInWords({ refusal, held, withheld }: SyncStatus): readonly string[] {
  return [
    ...(refusal === null
      ? []
      : [
          `MaintainX refuses the key since ${iso(refusal.since) ?? ''} (${refusal.reason}); tried again at ${iso(refusal.retryAt) ?? ''}`,
        ]),
    ...(held.length === 0 ? [] : [brakeInWords(held)]),
    ...withheld.map(withheldInWords),
  ];
}

/** What the brake holds back, and what to do. */
const brakeInWords = (held: readonly HeldKind[]): string =>
  `very many records are missing (${held.map(({ kind, records }) => `${records} of ${kind}`).join(', ')}); if that is right: millwright sync release`;

const withheldInWords = ({ kind, records, until }: WithheldKind): string =>
  `key or permission changed: ${records} of ${kind} seem deleted and count as such from ${iso(until) ?? ''} on; sooner: millwright sync release`;
