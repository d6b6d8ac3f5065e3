import type { Undo } from '../base/undo.ts';
import { fingerprintOf, type Arrival, type Delivery, type DeliveryFilter, type NewDelivery } from './delivery.ts';
import { dayOf } from './delivery-days.ts';
import type { DeliveryStatements } from './statements.ts';

type Row = Omit<Delivery, 'state'>;

/** One tenant's deliveries in memory. Keys are those of the day and the body. */
export interface MemoryDeliveries {
  readonly byKey: Map<string, Row>;
  /** What waits: keys by arrival. */
  readonly queue: Map<string, string>;
  /** From which all subscriptions tell: what is kept in memory has one organisation. */
  readonly organizationId: string;
}

export const emptyMemoryDeliveries = (organizationId: string): MemoryDeliveries => ({
  byKey: new Map(),
  queue: new Map(),
  organizationId,
});

const keyOf = (delivery: NewDelivery): string =>
  `${dayOf(delivery.receivedAt)} ${fingerprintOf(delivery).toString('hex')}`;

/** See `InboundStore.accept`. */
export function acceptInMemory(table: MemoryDeliveries, delivery: NewDelivery): void {
  const key = keyOf(delivery);
  if (!table.byKey.has(key)) table.byKey.set(key, { ...delivery, reason: null, discarded: null, repeats: 0 });
  table.queue.set(delivery.deliveryId, key);
}

export function memoryDeliveries(table: MemoryDeliveries, undo: Undo): DeliveryStatements {
  const stateOf = (key: string, { reason, discarded }: Row): Delivery['state'] => {
    if (reason !== null) return discarded === null ? 'parked' : 'discarded';
    return [...table.queue.values()].includes(key) ? 'waiting' : 'done';
  };
  const all = (): readonly Delivery[] =>
    inOrder(
      [...table.byKey].map(([key, row]) => ({ ...row, state: stateOf(key, row) })),
      ({ deliveryId }) => deliveryId,
    );
  const found = (key: string): Delivery | null => {
    const row = table.byKey.get(key);
    return row === undefined ? null : { ...row, state: stateOf(key, row) };
  };
  const change = ({ arrivalId, delivery }: Arrival, reason: string | null): void => {
    undo.delete(table.queue, arrivalId);
    const row = delivery === null ? undefined : table.byKey.get(keyOf(delivery));
    if (row === undefined) return;
    const repeats = row.repeats + (row.deliveryId === arrivalId ? 0 : 1);
    const parked = reason === null ? { reason, discarded: null } : { reason: row.reason ?? reason };
    undo.set(table.byKey, keyOf(row), { ...row, repeats, ...parked });
  };
  return {
    // What is kept in memory has no guardian.
    doubtSubscriptions: () => Promise.resolve(false),
    takeGap: () => Promise.resolve(false),
    organizationsOf: (subscriptionIds) =>
      Promise.resolve(new Map(subscriptionIds.map((id) => [id, table.organizationId]))),
    waiting: (limit) =>
      Promise.resolve(
        inOrder([...table.queue], ([arrivalId]) => arrivalId)
          .slice(0, limit)
          .map(([arrivalId, key]) => ({ arrivalId, delivery: found(key) })),
      ),
    settle: (settled) => {
      for (const one of settled) change(one.arrival, one.state === 'parked' ? one.reason : null);
      return Promise.resolve();
    },
    page: (after, limit, filter = {}) =>
      Promise.resolve(
        all()
          .filter(({ deliveryId }) => after === null || deliveryId > after)
          .filter((one) => isMeant(one, filter))
          .slice(0, limit),
      ),
    find: (deliveryId) => Promise.resolve(all().find((one) => one.deliveryId === deliveryId)),
    replay: (deliveries, newId) => {
      for (const delivery of deliveries) undo.set(table.queue, newId(), keyOf(delivery));
      return Promise.resolve();
    },
    discard: (delivery, why) => {
      const row = table.byKey.get(keyOf(delivery));
      const isParked = row !== undefined && row.reason !== null;
      if (isParked) undo.set(table.byKey, keyOf(row), { ...row, discarded: why });
      return Promise.resolve(isParked);
    },
    waitingBytes: () => {
      const sizes = [...table.queue.values()].map((key) => table.byKey.get(key)?.body.length ?? 0);
      return Promise.resolve(sizes.reduce((sum, size) => sum + size, 0));
    },
    counts: () => {
      const parked = all().filter(({ state }) => state === 'parked').length;
      return Promise.resolve({ waiting: table.queue.size, parked });
    },
  };
}

const isMeant = (one: Delivery, { state, eventType, from, until }: DeliveryFilter): boolean =>
  (state === undefined || one.state === state) &&
  (eventType === undefined || one.eventType === eventType) &&
  one.receivedAt >= (from ?? -Infinity) &&
  one.receivedAt < (until ?? Infinity);

const inOrder = <One>(all: readonly One[], by: (one: One) => string): readonly One[] =>
  [...all].sort((left, right) => (by(left) < by(right) ? -1 : 1));
