import { isObject, parseStored, type Json } from '../base/json.ts';
import { usedIn } from '../maintainx/index.ts';
import type { Queries, TenantTransaction } from '../postgres/index.ts';
import { windowsOf } from '../quota/index.ts';
import { outlookIn, type Outlook } from './outlook.ts';

/** How many records of a kind there are. */
export interface RecordFigures {
  readonly living: number;
  readonly deleted: number;
}

/** One tenant in numbers. Times are epoch milliseconds. */
export interface TenantFigures {
  readonly tenantId: string;
  readonly name: string;
  readonly state: 'active' | 'paused' | 'erasing';
  readonly stateReason: string | null;
  /** How long the lane that is latest has been due without anybody at it, milliseconds. */
  readonly lateMs: number;
  /** Null: nothing was counted yet. */
  readonly counted: {
    readonly seq: number;
    readonly lastEventAt: number | null;
    readonly records: Readonly<Record<string, RecordFigures>>;
    /** 10,000 stands for that and more. */
    readonly waitingWebhooks: number;
    readonly oldestWebhookAt: number | null;
    readonly waitingReads: number;
    readonly parked: number;
    readonly refreshedAt: number;
  } | null;
  /** Of the user whose quota it uses, by all processes and tenants; null: nothing was sent yet. A limit of null: none. */
  readonly quota: { readonly used: number; readonly limit: number | null } | null;
  readonly outlook: Outlook | null;
}

/** Counts what the log has new, or everything when nothing was counted yet, and looks at what waits. */
export async function refreshFigures(tx: TenantTransaction, now: number): Promise<void> {
  const [held] = await tx.query<{ seq: number; records: unknown }>(
    'select seq, records from tenant_figures where tenant_id = $1',
    [tx.tenantId],
  );
  const counted = held === undefined ? await countAll(tx) : await countFurther(tx, held.seq, recordsIn(held.records));
  await tx.query(KEEP, [tx.tenantId, counted.seq, JSON.stringify(counted.records), MOST_COUNTED, new Date(now)]);
}

/** When the outlook was looked at; null: not yet. */
export async function outlookAt(tx: TenantTransaction): Promise<number | null> {
  const [row] = await tx.query<{ outlook: unknown }>('select outlook from tenant_figures where tenant_id = $1', [
    tx.tenantId,
  ]);
  return outlookIn(row?.outlook)?.at ?? null;
}

export async function keepOutlook(tx: TenantTransaction, outlook: Outlook, principal: string | null): Promise<void> {
  await tx.query('update tenant_figures set outlook = $2, principal = $3 where tenant_id = $1', [
    tx.tenantId,
    JSON.stringify(outlook),
    principal,
  ]);
}

/** What waits is counted so far and no further: beyond it nobody cares for the number. */
const MOST_COUNTED = 10_000;

interface Counted {
  readonly seq: number;
  readonly records: Readonly<Record<string, RecordFigures>>;
}

interface CountRow {
  kind: string;
  living: number;
  deleted: number;
}

/** One statement, so that numbers and place in the log are of one moment. */
async function countAll(tx: TenantTransaction): Promise<Counted> {
  const rows = await tx.query<CountRow & { seq: number }>(
    `with place as (select coalesce(max(seq), 0) as seq from events where tenant_id = $1), counts as (
       select kind, count(*) filter (where deleted_at is null) as living, count(*) filter (where deleted_at is not null) as deleted
       from records where tenant_id = $1 group by kind
     )
     select place.seq, kind, coalesce(living, 0) as living, coalesce(deleted, 0) as deleted from place left join counts on true`,
    [tx.tenantId],
  );
  return { seq: rows[0]?.seq ?? 0, records: added({}, rows) };
}

/** A record appears, vanishes and returns by an event each. */
async function countFurther(
  tx: TenantTransaction,
  after: number,
  held: Readonly<Record<string, RecordFigures>>,
): Promise<Counted> {
  const rows = await tx.query<CountRow & { seq: number }>(
    `with place as (select coalesce(max(seq), 0) as seq from events where tenant_id = $1), moves as (
       select split_part(stream, '/', 1) as kind,
              count(*) filter (where type like '%.appeared' or type like '%.returned')
                - count(*) filter (where type like '%.vanished') as living,
              count(*) filter (where type like '%.vanished') - count(*) filter (where type like '%.returned') as deleted
       from events where tenant_id = $1 and seq > $2 and family = 'state' group by 1
     )
     select place.seq, kind, coalesce(living, 0) as living, coalesce(deleted, 0) as deleted from place left join moves on true`,
    [tx.tenantId, after],
  );
  return { seq: rows[0]?.seq ?? after, records: added(held, rows) };
}

function added(
  held: Readonly<Record<string, RecordFigures>>,
  rows: readonly (Omit<CountRow, 'kind'> & { readonly kind: string | null })[],
): Readonly<Record<string, RecordFigures>> {
  const sums = new Map(Object.entries(held));
  for (const { kind, living, deleted } of rows) {
    if (kind === null) continue;
    const before = sums.get(kind) ?? { living: 0, deleted: 0 };
    sums.set(kind, { living: before.living + living, deleted: before.deleted + deleted });
  }
  return Object.fromEntries(sums);
}

/** The id of an arrival begins with its time (UUIDv7): the first 48 bits are epoch milliseconds. */
const ARRIVED_AT = `to_timestamp(('x' || translate(left(arrival_id::text, 13), '-', ''))::bit(48)::bigint / 1000.0)`;

const KEEP = `
insert into tenant_figures (tenant_id, seq, last_event_at, records, waiting_webhooks, oldest_webhook_at, waiting_reads, parked,
                            refreshed_at)
select $1, $2, (select recorded_at from events where tenant_id = $1 and seq = $2), $3,
       (select count(*) from (select from delivery_queue where tenant_id = $1 limit $4) q),
       (select ${ARRIVED_AT} from delivery_queue where tenant_id = $1 order by arrival_id limit 1),
       (select count(*) from (select from hydrations where tenant_id = $1 and parked_reason is null limit $4) h),
       (select count(*) from delivery_parked where tenant_id = $1 and discarded is null)
         + (select count(*) from hydrations where tenant_id = $1 and parked_reason is not null),
       $5
on conflict (tenant_id) do update set seq = excluded.seq, last_event_at = excluded.last_event_at, records = excluded.records,
  waiting_webhooks = excluded.waiting_webhooks, oldest_webhook_at = excluded.oldest_webhook_at,
  waiting_reads = excluded.waiting_reads, parked = excluded.parked, refreshed_at = excluded.refreshed_at`;

interface FiguresRow {
  tenant_id: string;
  name: string;
  state: 'active' | 'paused' | 'erasing';
  state_reason: string | null;
  late_ms: number;
  seq: number | null;
  last_event_at: number | null;
  records: unknown;
  waiting_webhooks: number;
  oldest_webhook_at: number | null;
  waiting_reads: number;
  parked: number;
  refreshed_at: number;
  outlook: unknown;
  principal: string | null;
}

/** All tenants in numbers, by name, from small tables alone. */
export async function figuresOfAll(directory: Queries, now: number): Promise<readonly TenantFigures[]> {
  const rows = await directory.query<FiguresRow>(
    `select t.tenant_id, t.name, t.state, t.state_reason, f.seq, f.last_event_at, f.records, f.waiting_webhooks,
            f.oldest_webhook_at, f.waiting_reads, f.parked, f.refreshed_at, f.outlook, f.principal,
            coalesce((select extract(epoch from $1::timestamptz - min(coalesce(l.held_until, l.due_at))) * 1000
                      from tenant_leases l where l.tenant_id = t.tenant_id), 0)::float8 as late_ms
     from tenants t left join tenant_figures f using (tenant_id) order by t.name`,
    [new Date(now)],
  );
  const windows = await windowsOf(
    directory,
    rows.flatMap(({ principal }) => principal ?? []),
  );
  const quotaOf = (principal: string | null): TenantFigures['quota'] => {
    const window = principal === null ? undefined : windows.get(principal);
    if (window === undefined) return null;
    return { used: usedIn(window, now), limit: Number.isFinite(window.limit) ? window.limit : null };
  };
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    name: row.name,
    state: row.state,
    stateReason: row.state_reason,
    lateMs: row.state !== 'active' ? 0 : Math.max(0, Math.round(row.late_ms)),
    counted: row.seq === null ? null : countedOf({ ...row, seq: row.seq }),
    quota: quotaOf(row.principal),
    outlook: outlookIn(row.outlook),
  }));
}

const countedOf = (row: FiguresRow & { readonly seq: number }): NonNullable<TenantFigures['counted']> => ({
  seq: row.seq,
  lastEventAt: row.last_event_at,
  records: recordsIn(row.records),
  waitingWebhooks: row.waiting_webhooks,
  oldestWebhookAt: row.oldest_webhook_at,
  waitingReads: row.waiting_reads,
  parked: row.parked,
  refreshedAt: row.refreshed_at,
});

/** As the row has it, as text or as an object. */
function recordsIn(stored: unknown): Readonly<Record<string, RecordFigures>> {
  const parsed: unknown = typeof stored === 'string' ? parseStored(stored) : stored;
  if (!isObject(parsed)) return {};
  return Object.fromEntries(Object.entries(parsed).map(([kind, value]) => [kind, figuresIn(value)]));
}

function figuresIn(value: Json | undefined): RecordFigures {
  const { living, deleted } = isObject(value) ? value : {};
  return { living: Number(living ?? 0), deleted: Number(deleted ?? 0) };
}
