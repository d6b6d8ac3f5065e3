import { isHookEvent } from '../maintainx/index.ts';
import type { TenantTransaction } from '../postgres/index.ts';
import { fingerprintOf, type Delivery, type DeliveryState, type NewDelivery, type UriSignature } from './delivery.ts';
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
  state: DeliveryState;
  reason: string | null;
}

const COLUMNS =
  'delivery_id, subscription_id, event_type, body, signed_at, uri_signature, received_at, repeats, state, reason';

export function postgresDeliveries(tx: TenantTransaction): DeliveryStatements {
  return {
    accept: (delivery) => accept(tx, delivery),
    waiting: async (limit) => {
      const rows = await tx.query<DeliveryRow>(
        `select ${COLUMNS} from deliveries where tenant_id = $1 and state = 'waiting' order by delivery_id limit $2`,
        [tx.tenantId, limit],
      );
      return rows.map(deliveryOf);
    },
    settle: (settled) => settle(tx, settled),
    page: async (after, limit) => {
      const rows = await tx.query<DeliveryRow>(
        `select ${COLUMNS} from deliveries where tenant_id = $1 and ($2::uuid is null or delivery_id > $2)
         order by delivery_id limit $3`,
        [tx.tenantId, after, limit],
      );
      return rows.map(deliveryOf);
    },
    counts: async () => {
      const rows = await tx.query<{ state: DeliveryState; count: number }>(
        'select state, count(*) as count from deliveries where tenant_id = $1 group by state',
        [tx.tenantId],
      );
      const of = (state: DeliveryState): number => rows.find((row) => row.state === state)?.count ?? 0;
      return { waiting: of('waiting'), done: of('done'), parked: of('parked') };
    },
  };
}

async function accept(tx: TenantTransaction, delivery: NewDelivery): Promise<'new' | 'repeat'> {
  const [row] = await tx.query<{ repeats: number }>(
    `insert into deliveries (tenant_id, fingerprint, delivery_id, subscription_id, event_type, body, signed_at,
                             uri_signature, received_at, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting')
     on conflict (tenant_id, fingerprint) do update
       set repeats = deliveries.repeats + 1,
           state = case deliveries.state when 'parked' then 'parked' else 'waiting' end
     returning repeats`,
    [
      tx.tenantId,
      fingerprintOf(delivery),
      delivery.deliveryId,
      delivery.subscriptionId,
      delivery.eventType,
      delivery.body,
      new Date(delivery.signedAt),
      delivery.uriSignature,
      new Date(delivery.receivedAt),
    ],
  );
  return row?.repeats === 0 ? 'new' : 'repeat';
}

async function settle(tx: TenantTransaction, settled: readonly Settled[]): Promise<void> {
  await tx.query(
    `update deliveries d set state = s.state, reason = s.reason
     from unnest($2::uuid[], $3::text[], $4::text[]) as s (delivery_id, state, reason)
     where d.tenant_id = $1 and d.delivery_id = s.delivery_id`,
    [
      tx.tenantId,
      settled.map((one) => one.deliveryId),
      settled.map((one) => one.state),
      settled.map((one) => ('reason' in one ? one.reason : null)),
    ],
  );
}

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
    repeats: row.repeats,
    state: row.state,
    reason: row.reason,
  };
}
