import type { Undo } from '../base/undo.ts';
import type { Arrival, Delivery, DeliveryFilter, NewDelivery } from './delivery.ts';
import type { DeliveryStatements } from './statements.ts';

type Row = Omit<Delivery, 'state'>;

/** One tenant's deliveries in memory, by their ids. */
export interface MemoryDeliveries {
  readonly byId: Map<string, Row>;
  /** What waits: ids by arrival. */
  readonly queue: Map<string, string>;
  /** From which all subscriptions tell: what is kept in memory has one organisation. */
  readonly organizationId: string;
}

export const emptyMemoryDeliveries = (organizationId: string): MemoryDeliveries => ({
  byId: new Map(),
  queue: new Map(),
  organizationId,
});

/** See `InboundStore.accept`. */
export function acceptInMemory(table: MemoryDeliveries, delivery: NewDelivery): void {
  table.byId.set(delivery.deliveryId, { ...delivery, reason: null, discarded: null });
  table.queue.set(delivery.deliveryId, delivery.deliveryId);
}

export function memoryDeliveries(table: MemoryDeliveries, undo: Undo): DeliveryStatements {
  const stateOf = ({ deliveryId, reason, discarded }: Row): Delivery['state'] => {
    if (reason !== null) return discarded === null ? 'parked' : 'discarded';
    return [...table.queue.values()].includes(deliveryId) ? 'waiting' : 'done';
  };
  const shown = (row: Row): Delivery => ({ ...row, state: stateOf(row) });
  const all = (): readonly Delivery[] => inOrder([...table.byId.values()].map(shown), ({ deliveryId }) => deliveryId);
  const found = (deliveryId: string): Delivery | null => {
    const row = table.byId.get(deliveryId);
    return row === undefined ? null : shown(row);
  };
  const change = ({ arrivalId, delivery }: Arrival, reason: string | null): void => {
    undo.delete(table.queue, arrivalId);
    const row = delivery === null ? undefined : table.byId.get(delivery.deliveryId);
    if (row === undefined) return;
    const parked = reason === null ? { reason, discarded: null } : { reason: row.reason ?? reason };
    undo.set(table.byId, row.deliveryId, { ...row, ...parked });
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
          .map(([arrivalId, deliveryId]) => ({ arrivalId, delivery: found(deliveryId) })),
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
    find: (deliveryId) => Promise.resolve(found(deliveryId) ?? undefined),
    replay: (deliveries, newId) => {
      for (const delivery of deliveries) undo.set(table.queue, newId(), delivery.deliveryId);
      return Promise.resolve();
    },
    discard: (delivery, why) => {
      const row = table.byId.get(delivery.deliveryId);
      const isParked = row !== undefined && row.reason !== null;
      if (isParked) undo.set(table.byId, row.deliveryId, { ...row, discarded: why });
      return Promise.resolve(isParked);
    },
    waitingBytes: () => {
      const sizes = [...table.queue.values()].map((id) => table.byId.get(id)?.body.length ?? 0);
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
