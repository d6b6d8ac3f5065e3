import type { Undo } from '../base/undo.ts';
import { fingerprintOf, type Arrival, type Delivery, type NewDelivery } from './delivery.ts';
import { dayOf } from './delivery-days.ts';
import type { DeliveryStatements } from './statements.ts';

type Row = Omit<Delivery, 'state'>;

/** One tenant's deliveries in memory. Keys are those of the day and the body. */
export interface MemoryDeliveries {
  readonly byKey: Map<string, Row>;
  /** What waits: keys by arrival. */
  readonly queue: Map<string, string>;
}

export const emptyMemoryDeliveries = (): MemoryDeliveries => ({ byKey: new Map(), queue: new Map() });

const keyOf = (delivery: NewDelivery): string =>
  `${dayOf(delivery.receivedAt)} ${fingerprintOf(delivery).toString('hex')}`;

/** See `InboundStore.accept`. */
export function acceptInMemory(table: MemoryDeliveries, delivery: NewDelivery): void {
  const key = keyOf(delivery);
  if (!table.byKey.has(key)) table.byKey.set(key, { ...delivery, reason: null, repeats: 0 });
  table.queue.set(delivery.deliveryId, key);
}

export function memoryDeliveries(table: MemoryDeliveries, undo: Undo): DeliveryStatements {
  const stateOf = (key: string, { reason }: Row): Delivery['state'] =>
    reason !== null ? 'parked' : [...table.queue.values()].includes(key) ? 'waiting' : 'done';
  const found = (key: string): Delivery | null => {
    const row = table.byKey.get(key);
    return row === undefined ? null : { ...row, state: stateOf(key, row) };
  };
  const change = ({ arrivalId, delivery }: Arrival, reason: string | null): void => {
    undo.delete(table.queue, arrivalId);
    const row = delivery === null ? undefined : table.byKey.get(keyOf(delivery));
    if (row === undefined) return;
    const repeats = row.repeats + (row.deliveryId === arrivalId ? 0 : 1);
    undo.set(table.byKey, keyOf(row), { ...row, repeats, reason: reason === null ? null : (row.reason ?? reason) });
  };
  return {
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
    page: (after, limit) =>
      Promise.resolve(
        inOrder([...table.byKey], ([, { deliveryId }]) => deliveryId)
          .filter(([, { deliveryId }]) => after === null || deliveryId > after)
          .slice(0, limit)
          .map(([key, row]) => ({ ...row, state: stateOf(key, row) })),
      ),
    counts: () => {
      const parked = [...table.byKey.values()].filter(({ reason }) => reason !== null).length;
      return Promise.resolve({ waiting: table.queue.size, parked });
    },
  };
}

const inOrder = <One>(all: readonly One[], by: (one: One) => string): readonly One[] =>
  [...all].sort((left, right) => (by(left) < by(right) ? -1 : 1));
