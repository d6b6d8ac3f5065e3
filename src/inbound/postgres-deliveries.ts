import { isHookEvent } from '../maintainx/index.ts';
import type { TenantTransaction } from '../postgres/index.ts';
import type { Arrival, Delivery, DeliveryState, UriSignature } from './delivery.ts';
import { dayOf } from './delivery-days.ts';
import type { DeliveryStatements, Settled } from './statements.ts';

interface DeliveryRow {
  delivery_id: string;
  subscription_id: string;
  event_type: string;
  body: Buffer;
  signed_at: number;
  uri_signature: UriSignature;
  received_at: number;
  reason: string | null;
  discarded: string | null;
  /** Whether an arrival of it waits. */
  waits: boolean;
}

const WAITS = `exists (select from delivery_queue q where q.tenant_id = d.tenant_id and q.received_on = d.received_on
                                                      and q.delivery_id = d.delivery_id)`;
const COLUMNS = `d.delivery_id, d.subscription_id, d.event_type, d.body, d.signed_at, d.uri_signature, d.received_at, p.reason,
                 p.discarded`;
const SOURCE = 'deliveries d left join delivery_parked p using (tenant_id, delivery_id)';

const IN_STATE: Readonly<Record<DeliveryState, string>> = {
  waiting: `p.reason is null and ${WAITS}`,
  done: `p.reason is null and not ${WAITS}`,
  parked: 'p.reason is not null and p.discarded is null',
  discarded: 'p.discarded is not null',
};

/**
 * A queue is never the size at which it was last counted, and planned for that size it is read whole, with all that was taken
 * from it and not yet cleaned up, and so are the tenant's deliveries of the day. So: along the index, and each delivery by
 * its key, as the connection's settings have all statements read.
 */
async function waiting(tx: TenantTransaction, limit: number): Promise<readonly Arrival[]> {
  const rows = await tx.query<DeliveryRow & { arrival_id: string; found: boolean }>(
    `select q.arrival_id, d.delivery_id is not null as found, true as waits, ${COLUMNS}
     from (select * from delivery_queue where tenant_id = $1 order by arrival_id limit $2) q
     left join lateral (select * from deliveries d
                        where (d.tenant_id, d.received_on, d.delivery_id) = (q.tenant_id, q.received_on, q.delivery_id)
                        limit 1) d on true
     left join lateral (select * from delivery_parked p
                        where (p.tenant_id, p.delivery_id) = (q.tenant_id, q.delivery_id) limit 1) p on true
     order by q.arrival_id`,
    [tx.tenantId, limit],
  );
  return rows.map((row) => ({ arrivalId: row.arrival_id, delivery: row.found ? deliveryOf(row) : null }));
}

/** Comes before all of them. */
const FIRST = '00000000-0000-0000-0000-000000000000';

export function postgresDeliveries(tx: TenantTransaction): DeliveryStatements {
  return {
    waiting: (limit) => waiting(tx, limit),
    ...subscriptionsOver(tx),
    settle: (settled) => settle(tx, settled),
    page: async (after, limit, filter = {}) => {
      const { state, eventType = null, from, until } = filter;
      const rows = await tx.query<DeliveryRow>(
        `select ${COLUMNS}, ${WAITS} as waits from ${SOURCE}
         where d.tenant_id = $1 and d.delivery_id > $2 and ($4::text is null or d.event_type = $4)
           and d.received_on >= coalesce($5::date, '-infinity') and d.received_at >= coalesce($6::timestamptz, '-infinity')
           and d.received_on <= coalesce($7::date, 'infinity') and d.received_at < coalesce($8::timestamptz, 'infinity')
           and ${state === undefined ? 'true' : IN_STATE[state]}
         order by d.delivery_id limit $3`,
        [tx.tenantId, after ?? FIRST, limit, eventType, ...bounds(from), ...bounds(until)],
      );
      return rows.map(deliveryOf);
    },
    find: async (deliveryId) => {
      const rows = await tx.query<DeliveryRow>(
        `select ${COLUMNS}, ${WAITS} as waits from ${SOURCE} where d.tenant_id = $1 and d.delivery_id = $2`,
        [tx.tenantId, deliveryId],
      );
      return rows.map(deliveryOf)[0];
    },
    replay: async (deliveries, newId) => {
      await tx.query(
        `insert into delivery_queue (tenant_id, arrival_id, received_on, delivery_id, bytes)
         select $1, * from unnest($2::uuid[], $3::date[], $4::uuid[], $5::int[])`,
        [
          tx.tenantId,
          deliveries.map(() => newId()),
          deliveries.map((one) => dayOf(one.receivedAt)),
          deliveries.map((one) => one.deliveryId),
          deliveries.map(({ body }) => body.length),
        ],
      );
    },
    discard: async (delivery, why) => {
      const rows = await tx.query(
        'update delivery_parked set discarded = $3 where tenant_id = $1 and delivery_id = $2 returning reason',
        [tx.tenantId, delivery.deliveryId, why],
      );
      return rows.length > 0;
    },
    waitingBytes: async () => {
      const [row] = await tx.query<{ bytes: number }>(
        'select coalesce(sum(bytes), 0)::int8 as bytes from delivery_queue where tenant_id = $1',
        [tx.tenantId],
      );
      return row?.bytes ?? 0;
    },
    counts: async () => {
      const [row] = await tx.query<{ waiting: number; parked: number }>(
        `select (select count(*) from delivery_queue where tenant_id = $1) as waiting,
                (select count(*) from delivery_parked where tenant_id = $1 and discarded is null) as parked`,
        [tx.tenantId],
      );
      return row ?? { waiting: 0, parked: 0 };
    },
  };
}

/** What is asked of the subscriptions that deliver. */
function subscriptionsOver(
  tx: TenantTransaction,
): Pick<DeliveryStatements, 'doubtSubscriptions' | 'takeGap' | 'organizationsOf'> {
  return {
    doubtSubscriptions: async (which) => {
      const doubted = await tx.query(
        `update webhook_subscriptions set checked_at = null
         where tenant_id = $1 and state in ('active', 'pending-approval') and ($2::text[] is null or remote_id = any($2))
         returning subscription_id`,
        [tx.tenantId, which === 'all' ? null : which],
      );
      return doubted.length > 0;
    },
    takeGap: async (organizationId) => {
      const taken = await tx.query(
        `update webhook_subscriptions s set follows_gap = false from connections c
         where s.tenant_id = $1 and s.follows_gap and s.state = 'active'
           and c.tenant_id = $1 and c.connection_id = s.connection_id and c.organization_id = $2
         returning s.subscription_id`,
        [tx.tenantId, organizationId],
      );
      return taken.length > 0;
    },
    organizationsOf: async (subscriptionIds) => {
      const rows = await tx.query<{ subscription_id: string; organization_id: string }>(
        `select s.subscription_id, c.organization_id from webhook_subscriptions s
         join connections c on (c.tenant_id, c.connection_id) = (s.tenant_id, s.connection_id)
         where s.tenant_id = $1 and s.subscription_id = any($2::uuid[])`,
        [tx.tenantId, subscriptionIds],
      );
      return new Map(rows.map((row) => [row.subscription_id, row.organization_id]));
    },
  };
}

async function settle(tx: TenantTransaction, settled: readonly Settled[]): Promise<void> {
  await tx.query('delete from delivery_queue where tenant_id = $1 and arrival_id = any($2::uuid[])', [
    tx.tenantId,
    settled.map(({ arrival }) => arrival.arrivalId),
  ]);
  for (const one of settled) {
    const { delivery } = one.arrival;
    if (delivery === null) continue;
    if (one.state === 'parked') await park(tx, delivery, one.reason);
    else if (delivery.reason !== null) await unpark(tx, delivery);
  }
}

async function park(tx: TenantTransaction, delivery: Delivery, reason: string): Promise<void> {
  await tx.query(
    `insert into delivery_parked (tenant_id, received_on, delivery_id, reason) values ($1, $2, $3, $4) on conflict do nothing`,
    [tx.tenantId, dayOf(delivery.receivedAt), delivery.deliveryId, reason],
  );
}

async function unpark(tx: TenantTransaction, delivery: Delivery): Promise<void> {
  await tx.query('delete from delivery_parked where tenant_id = $1 and delivery_id = $2', [
    tx.tenantId,
    delivery.deliveryId,
  ]);
}

const bounds = (time: number | undefined): readonly (string | Date | null)[] =>
  time === undefined ? [null, null] : [dayOf(time), new Date(time)];

const stateOf = ({ reason, discarded, waits }: DeliveryRow): DeliveryState =>
  discarded !== null ? 'discarded' : reason !== null ? 'parked' : waits ? 'waiting' : 'done';

function deliveryOf(row: DeliveryRow): Delivery {
  if (!isHookEvent(row.event_type)) throw new Error(`the database holds deliveries of unknown type ${row.event_type}`);
  return {
    deliveryId: row.delivery_id,
    subscriptionId: row.subscription_id,
    eventType: row.event_type,
    body: row.body,
    signedAt: row.signed_at,
    uriSignature: row.uri_signature,
    receivedAt: row.received_at,
    state: stateOf(row),
    reason: row.reason,
    discarded: row.discarded,
  };
}
