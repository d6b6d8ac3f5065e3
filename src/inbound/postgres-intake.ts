import { plainArray, sqlState, type Queries } from '../postgres/index.ts';
import type { AddressedDelivery } from './delivery.ts';
import { dayOf, prepareDays } from './delivery-days.ts';

/** No partition takes the row: its day was not made yet. */
const NO_PARTITION = '23514';

/** Stores deliveries of any tenants with one statement. */
export async function insertDeliveries(directory: Queries, deliveries: readonly AddressedDelivery[]): Promise<void> {
  const insert = (): Promise<unknown> => directory.query(INSERT, parametersOf(deliveries));
  try {
    await insert();
  } catch (error) {
    if (sqlState(error) !== NO_PARTITION) throw error;
    await prepareDays(
      directory,
      deliveries.map((one) => dayOf(one.receivedAt)),
    );
    await insert();
  }
}

/**
 * The tenants are named first, for this statement alone, and its rows come after that. Bodies travel as one run of bytes: an array
 * of them would be written out as hexadecimal text. Times travel as numbers, which are read faster than dates.
 */
const INSERT = `
with context as materialized (
  select set_config('app.intake', $10, true)
), given as (
  select tenant_id, 'epoch'::date + floor(received / 86400000)::int as received_on, delivery_id, subscription_id, event_type,
         body_from, body_length, to_timestamp(signed / 1000) as signed_at, uri_signature,
         to_timestamp(received / 1000) as received_at
  from context, unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::int[], $7::float8[], $9::float8[],
                       $11::text[])
    as g (tenant_id, delivery_id, subscription_id, event_type, body_from, body_length, signed, received, uri_signature)
), kept as (
  insert into deliveries (tenant_id, received_on, delivery_id, subscription_id, event_type, body, signed_at, uri_signature,
                          received_at)
  select tenant_id, received_on, delivery_id, subscription_id, event_type,
         substring($8::bytea from body_from for body_length), signed_at, uri_signature, received_at from given
)
insert into delivery_queue (tenant_id, arrival_id, received_on, delivery_id, bytes)
select tenant_id, delivery_id, received_on, delivery_id, body_length from given`;

function parametersOf(deliveries: readonly AddressedDelivery[]): readonly unknown[] {
  let from = 1;
  const starts = deliveries.map(({ body }) => (from += body.length) - body.length);
  const column = (of: (one: AddressedDelivery) => string | number): string => plainArray(deliveries.map(of));
  return [
    column((one) => one.tenantId),
    column((one) => one.deliveryId),
    column((one) => one.subscriptionId),
    column((one) => one.eventType),
    plainArray(starts),
    column((one) => one.body.length),
    column((one) => one.signedAt),
    Buffer.concat(deliveries.map((one) => one.body)),
    column((one) => one.receivedAt),
    [...new Set(deliveries.map((one) => one.tenantId))].join(','),
    column((one) => one.uriSignature),
  ];
}
