import type { Undo } from '../base/undo.ts';
import { fingerprintOf, type Delivery } from './delivery.ts';
import type { DeliveryStatements } from './statements.ts';

/** One tenant's deliveries in memory. */
export interface MemoryDeliveries {
  readonly byId: Map<string, Delivery>;
  readonly idByFingerprint: Map<string, string>;
}

export const emptyMemoryDeliveries = (): MemoryDeliveries => ({ byId: new Map(), idByFingerprint: new Map() });

export function memoryDeliveries(table: MemoryDeliveries, undo: Undo): DeliveryStatements {
  const inOrder = (): Delivery[] =>
    [...table.byId.values()].sort((left, right) => (left.deliveryId < right.deliveryId ? -1 : 1));
  return {
    accept: (delivery) => {
      const fingerprint = fingerprintOf(delivery).toString('hex');
      const known = table.byId.get(table.idByFingerprint.get(fingerprint) ?? '');
      if (known === undefined) {
        undo.set(table.idByFingerprint, fingerprint, delivery.deliveryId);
        undo.set(table.byId, delivery.deliveryId, { ...delivery, state: 'waiting', reason: null, repeats: 0 });
        return Promise.resolve('new');
      }
      const state = known.state === 'parked' ? 'parked' : 'waiting';
      undo.set(table.byId, known.deliveryId, { ...known, state, repeats: known.repeats + 1 });
      return Promise.resolve('repeat');
    },
    waiting: (limit) =>
      Promise.resolve(
        inOrder()
          .filter((one) => one.state === 'waiting')
          .slice(0, limit),
      ),
    settle: (settled) => {
      for (const one of settled) {
        const known = table.byId.get(one.deliveryId);
        if (known === undefined) continue;
        const reason = 'reason' in one ? one.reason : null;
        undo.set(table.byId, one.deliveryId, { ...known, state: one.state, reason });
      }
      return Promise.resolve();
    },
    page: (after, limit) =>
      Promise.resolve(
        inOrder()
          .filter((one) => after === null || one.deliveryId > after)
          .slice(0, limit),
      ),
    counts: () => {
      const of = (state: Delivery['state']): number => inOrder().filter((one) => one.state === state).length;
      return Promise.resolve({ waiting: of('waiting'), done: of('done'), parked: of('parked') });
    },
  };
}
