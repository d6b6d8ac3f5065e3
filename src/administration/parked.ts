import { raise } from '../errors.ts';
import type { Delivery, InboundTransaction, ParkedRead } from '../inbound/index.ts';
import { isKind } from '../maintainx/index.ts';
import type { RecordKey } from '../records/index.ts';
import type { Change, ChangeTransaction } from './office.ts';

/** So many of each sort are shown. */
const MOST = 500;

export interface Parked {
  readonly deliveries: readonly Delivery[];
  readonly reads: readonly ParkedRead[];
}

/** What waits for a person, at most 500 of each sort. */
export const parkedIn = async (tx: InboundTransaction): Promise<Parked> => ({
  deliveries: await tx.deliveries.page(null, MOST, { state: 'parked' }),
  reads: await tx.hydrations.parked(MOST),
});

/** A record's name among what is parked: `work-order/1/1234`. */
export const recordName = ({ kind, organizationId, recordId }: RecordKey): string =>
  `${kind}/${organizationId}/${recordId}`;

/** The delivery, or `not-found`. */
export async function deliveryOf(tx: InboundTransaction, id: string): Promise<Delivery> {
  const delivery = await tx.deliveries.find(id);
  if (delivery === undefined) throw raise('not-found', `this tenant has no delivery ${id}, or it is kept no longer`);
  return delivery;
}

/** Reads these deliveries once more; their facts are kept once all the same. */
export const replayDeliveries =
  (ids: readonly string[], newId: () => string): Change<{ replayed: number }> =>
  async (tx) => {
    const deliveries: Delivery[] = [];
    for (const id of new Set(ids)) deliveries.push(await deliveryOf(tx.inbound, id));
    await again(tx, deliveries, newId);
    const answer = { replayed: deliveries.length };
    return { target: ids.join(' '), before: null, after: answer, answer };
  };

/** Makes them wait once more, and wakes the worker. */
export async function again(
  { inbound, now }: ChangeTransaction,
  deliveries: readonly Delivery[],
  newId: () => string,
): Promise<void> {
  inbound.leases.wake('deliver', now);
  await inbound.deliveries.replay(deliveries, newId);
}

/** Tries again what is parked under this name, or `all`. */
export const replayParked =
  (id: string, newId: () => string): Change<{ replayed: number }> =>
  async (tx) => {
    const { deliveries, reads } = id === 'all' ? await parkedIn(tx.inbound) : await named(tx.inbound, id);
    if (deliveries.length > 0) await again(tx, deliveries, newId);
    await readAgain(
      tx,
      reads.map((one) => one.key),
    );
    const answer = { replayed: deliveries.length + reads.length };
    return { target: id, before: null, after: answer, answer };
  };

interface Named {
  readonly deliveries: readonly Delivery[];
  readonly reads: readonly { readonly key: RecordKey }[];
}

async function named(tx: InboundTransaction, id: string): Promise<Named> {
  const key = recordKeyFrom(id);
  return key === undefined
    ? { deliveries: [await deliveryOf(tx, id)], reads: [] }
    : { deliveries: [], reads: [{ key }] };
}

async function readAgain({ inbound, now }: ChangeTransaction, keys: readonly RecordKey[]): Promise<void> {
  if (keys.length === 0) return;
  inbound.leases.wake('hydrate', now);
  const wishes = keys.map((key) => ({ key, reason: 'reread', explainedBy: [] }) as const);
  await inbound.hydrations.want(wishes, await inbound.nextTicket(), now);
}

/** Notes that a person does not need it, and why. Rejects with `not-found` when it is not parked. */
export const discardParked =
  (id: string, reason: string): Change<{ discarded: string }> =>
  async ({ inbound }) => {
    const key = recordKeyFrom(id);
    const isDone =
      key === undefined
        ? await inbound.deliveries.discard(await deliveryOf(inbound, id), reason)
        : await inbound.hydrations.discard(key);
    if (!isDone) throw raise('not-found', `${id} is not parked`);
    return { target: id, before: 'parked', after: { discarded: reason }, answer: { discarded: id } };
  };

/** Undefined: it is no record's name, so it is a delivery's id. */
function recordKeyFrom(id: string): RecordKey | undefined {
  const [kind = '', organizationId, recordId, ...rest] = id.split('/');
  if (organizationId === undefined) {
    if (!/^[0-9a-f-]{36}$/i.test(id)) throw raise('request-invalid', `"${id}" is no id of what is parked`);
    return undefined;
  }
  if (!isKind(kind) || recordId === undefined || rest.length > 0)
    throw raise('request-invalid', `"${id}" is no record; name it like work-order/1/1234`);
  return { kind, organizationId, recordId };
}
