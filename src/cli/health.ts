import { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { syncStatus, type SyncStatus } from '../inbound/index.ts';
import { laneStates, type LaneState } from '../jobs/index.ts';
import type { Installation } from '../server.ts';
import { listTenants, type Tenant } from '../tenants/index.ts';
import { durationInWords } from './amounts.ts';
import { chosenTenant, withInstallation } from './context.ts';
import { table, writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly json?: true;
}

/** One tenant; milliseconds. */
interface Health {
  readonly tenant: string;
  /** Why a person lets the tenant rest; null: it is at work. */
  readonly paused: string | null;
  /** Why something is stuck; empty: nothing is. */
  readonly stuck: readonly string[];
  readonly lanes: readonly {
    readonly lane: string;
    /** How long its work has been due without anybody at it. */
    readonly lateMs: number;
    readonly holder: string | null;
  }[];
  /** Age of the oldest webhook that waits to be read. */
  readonly oldestWebhookMs: number | null;
  /** Age of the oldest wish to read a record. */
  readonly oldestReadMs: number | null;
  readonly waiting: SyncStatus['waiting'];
  readonly parked: SyncStatus['parked'];
}

/** Beyond this something that should be at it is not. */
const LATE_MS = 60_000;

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
          const health = await healthOf(installation, tenant);
          if (health.stuck.length > 0) process.exitCode = 1;
          await (options.json === true ? writeJson(health) : show(health));
        }
      }),
    );
}

async function healthOf({ database, store }: Installation, tenant: Tenant): Promise<Health> {
  const { tenantId, name } = tenant;
  const now = systemClock.now();
  const status = await syncStatus(store, tenantId);
  const oldest = await store.transact(tenantId, async (tx) => {
    const [arrival] = await tx.deliveries.waiting(1);
    return { webhook: arrival?.delivery?.receivedAt ?? null, read: await tx.hydrations.oldestWishAt() };
  });
  const lanes = (await laneStates(database.directory, tenantId)).map((lane) => ({
    lane: lane.lane,
    lateMs: lateMsOf(lane, now),
    holder: lane.heldUntil !== null && lane.heldUntil > now ? lane.holder : null,
  }));
  const age = (time: number | null): number | null => (time === null ? null : Math.max(0, now - time));
  const health = {
    tenant: name,
    paused: tenant.state === 'paused' ? (tenant.stateReason ?? 'no reason was given') : null,
    lanes,
    oldestWebhookMs: age(oldest.webhook),
    oldestReadMs: age(oldest.read),
    waiting: status.waiting,
    parked: status.parked,
  };
  return { ...health, stuck: stuckIn(health, status) };
}

/** A lease that ran out is as late as it is over: its holder died. */
function lateMsOf({ dueAt, heldUntil }: LaneState, now: number): number {
  if (heldUntil !== null) return Math.max(0, now - heldUntil);
  return Math.max(0, now - dueAt);
}

function stuckIn(health: Omit<Health, 'stuck'>, status: SyncStatus): readonly string[] {
  // What rests is not late.
  if (health.paused !== null) return [];
  const late = health.lanes
    .filter(({ lateMs }) => lateMs > LATE_MS)
    .map(
      ({ lane, lateMs }) => `lane ${lane} has waited ${durationInWords(lateMs)} for a process: is a gateway running?`,
    );
  const isOld = (health.oldestWebhookMs ?? 0) > LATE_MS;
  return [
    ...(status.refusal === null ? [] : [`MaintainX refuses the key: ${status.refusal.reason}`]),
    ...late,
    ...(isOld ? [`the oldest webhook has waited ${durationInWords(health.oldestWebhookMs ?? 0)}`] : []),
  ];
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
}: Health): Promise<void> {
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
