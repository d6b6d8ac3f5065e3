import { isHookEvent } from '../maintainx/index.ts';
import type { TenantTransaction } from '../postgres/index.ts';
import { fingerprintOf, type Arrival, type Delivery, type UriSignature } from './delivery.ts';
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
  repeats: number;
  reason: string | null;
}

const COLUMNS =
  'd.delivery_id, d.subscription_id, d.event_type, d.body, d.signed_at, d.uri_signature, d.received_at, d.repeats, p.reason';
const KEY = 'tenant_id, received_on, fingerprint';

export function postgresDeliveries(tx: TenantTransaction): DeliveryStatements {
  return {
    waiting: async (limit) => {
      const rows = await tx.query<DeliveryRow & { arrival_id: string; found: boolean }>(
        `select q.arrival_id, d.delivery_id is not null as found, ${COLUMNS}
         from (select * from delivery_queue where tenant_id = $1 order by arrival_id limit $2) q
         left join deliveries d using (${KEY}) left join delivery_parked p using (${KEY})
         order by q.arrival_id`,
        [tx.tenantId, limit],
      );
      return rows.map((row) => ({
        arrivalId: row.arrival_id,
        delivery: row.found ? deliveryOf(row, row.reason === null ? 'waiting' : 'parked') : null,
      }));
    },
    settle: (settled) => settle(tx, settled),
    page: async (after, limit) => {
      const rows = await tx.query<DeliveryRow & { waits: boolean }>(
        `select ${COLUMNS}, exists (select from delivery_queue q where (q.tenant_id, q.received_on, q.fingerprint)
                                      = (d.tenant_id, d.received_on, d.fingerprint)) as waits
         from deliveries d left join delivery_parked p using (${KEY})
         where d.tenant_id = $1 and ($2::uuid is null or d.delivery_id > $2)
         order by d.delivery_id limit $3`,
        [tx.tenantId, after, limit],
      );
      return rows.map((row) => deliveryOf(row, row.reason !== null ? 'parked' : row.waits ? 'waiting' : 'done'));
    },
    counts: async () => {
      const [row] = await tx.query<{ waiting: number; parked: number }>(
        `select (select count(*) from delivery_queue where tenant_id = $1) as waiting,
                (select count(*) from delivery_parked where tenant_id = $1) as parked`,
        [tx.tenantId],
      );
      return row ?? { waiting: 0, parked: 0 };
    },
  };
}

async function settle(tx: TenantTransaction, settled: readonly Settled[]): Promise<void> {
  await tx.query('delete from delivery_queue where tenant_id = $1 and arrival_id = any($2::uuid[])', [
    tx.tenantId,
    settled.map(({ arrival }) => arrival.arrivalId),
  ]);
  await countRepeats(
    tx,
    settled.flatMap(({ arrival }) => repeatIn(arrival)),
  );
  for (const one of settled) {
    const { delivery } = one.arrival;
    if (delivery === null) continue;
    if (one.state === 'parked') await park(tx, delivery, one.reason);
    else if (delivery.state === 'parked') await unpark(tx, delivery);
  }
}

/** The delivery, when this is not its first arrival. */
const repeatIn = ({ arrivalId, delivery }: Arrival): readonly Delivery[] =>
  delivery === null || delivery.deliveryId === arrivalId ? [] : [delivery];

async function countRepeats(tx: TenantTransaction, repeated: readonly Delivery[]): Promise<void> {
  if (repeated.length === 0) return;
  await tx.query(
    `update deliveries d set repeats = d.repeats + r.times
     from (select received_on, fingerprint, count(*) as times from unnest($2::date[], $3::bytea[]) as g (received_on, fingerprint)
           group by 1, 2) r
     where d.tenant_id = $1 and d.received_on = r.received_on and d.fingerprint = r.fingerprint`,
    [tx.tenantId, repeated.map((one) => dayOf(one.receivedAt)), repeated.map(fingerprintOf)],
  );
}

const keyOf = (tx: TenantTransaction, delivery: Delivery): readonly unknown[] => [
  tx.tenantId,
  dayOf(delivery.receivedAt),
  fingerprintOf(delivery),
];

async function park(tx: TenantTransaction, delivery: Delivery, reason: string): Promise<void> {
  await tx.query(`insert into delivery_parked (${KEY}, reason) values ($1, $2, $3, $4) on conflict do nothing`, [
    ...keyOf(tx, delivery),
    reason,
  ]);
}

async function unpark(tx: TenantTransaction, delivery: Delivery): Promise<void> {
  await tx.query(`delete from delivery_parked where (${KEY}) = ($1, $2, $3)`, keyOf(tx, delivery));
}

function deliveryOf(row: DeliveryRow, state: Delivery['state']): Delivery {
  if (!isHookEvent(row.event_type)) throw new Error(`the database holds deliveries of unknown type ${row.event_type}`);
  return {
    deliveryId: row.delivery_id,
    subscriptionId: row.subscription_id,
    eventType: row.event_type,
    body: row.body,
    signedAt: row.signed_at,
    uriSignature: row.uri_signature,
    receivedAt: row.received_at,
    repeats: row.repeats,
    state,
    reason: row.reason,
  };
}
