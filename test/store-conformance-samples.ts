import type { Delivery, NewDelivery } from '../src/inbound/index.ts';
import type { NewEvent } from '../src/log/index.ts';
import type { HookEvent, Kind } from '../src/maintainx/index.ts';
import type { HeldRecord, RecordKey } from '../src/records/index.ts';
import { newId, NOW } from './store-conformance.ts';

export const keyOf = (recordId: string, kind: Kind = 'work-order', organizationId = '1'): RecordKey => ({
  organizationId,
  kind,
  recordId,
});

export function recordAt(key: RecordKey, change: Partial<HeldRecord> = {}): HeldRecord {
  return {
    key,
    version: 1,
    state: { id: Number(key.recordId), title: 'Pump' },
    kept: {},
    updatedAt: NOW,
    readSource: 'get',
    readEnded: 2,
    detailAt: NOW,
    detailUpdatedAt: NOW,
    firstSeenAt: NOW,
    changedAt: NOW,
    deletedAt: null,
    ...change,
  };
}

/** A fact; without `factKey` one that may come again and again. */
export function factOf(type: string, change: Partial<NewEvent> = {}): NewEvent {
  return {
    eventId: newId(),
    stream: 'work-order/1/42',
    family: 'fact',
    type,
    version: null,
    occurredAt: NOW,
    recordedAt: NOW,
    data: '{}',
    explainedBy: [],
    actor: null,
    factKey: null,
    ...change,
  };
}

export function deliveryOf(body: string | Uint8Array, change: Partial<NewDelivery> = {}): NewDelivery {
  return {
    deliveryId: newId(),
    subscriptionId: SUBSCRIPTION,
    eventType: 'WORK_ORDER_CHANGE' satisfies HookEvent,
    body: typeof body === 'string' ? Buffer.from(body) : body,
    signedAt: NOW,
    uriSignature: 'valid',
    receivedAt: NOW,
    ...change,
  };
}

const SUBSCRIPTION = '00000000-0000-7000-8000-00000000000a';

/** The bodies of deliveries as text, in order. */
export const bodiesOf = (deliveries: readonly Delivery[]): readonly string[] =>
  deliveries.map((one) => Buffer.from(one.body).toString('utf8'));
