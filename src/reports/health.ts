import { durationInWords } from '../base/amounts.ts';
import type { Clock } from '../base/clock.ts';
import { syncStatus, type InboundStore, type SyncStatus } from '../inbound/index.ts';
import { laneStates, type LaneState } from '../jobs/index.ts';
import type { Database } from '../postgres/index.ts';
import type { Tenant } from '../tenants/index.ts';

export interface HealthPorts {
  readonly database: Database;
  readonly store: InboundStore;
  readonly clock: Pick<Clock, 'now'>;
}

/** How a tenant's work stands; milliseconds. */
export interface TenantHealth {
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

export async function tenantHealth({ database, store, clock }: HealthPorts, tenant: Tenant): Promise<TenantHealth> {
  const { tenantId, name } = tenant;
  const now = clock.now();
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

function stuckIn(health: Omit<TenantHealth, 'stuck'>, status: SyncStatus): readonly string[] {
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
