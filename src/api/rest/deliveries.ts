import { Type } from 'typebox';
import {
  deliveryOf,
  discardParked,
  parkedIn,
  recordName,
  replayDeliveries,
  replayParked,
} from '../../administration/index.ts';
import { isoTime } from '../../base/clock.ts';
import { DELIVERY_STATES, shownBody, type Delivery } from '../../inbound/index.ts';
import { HOOK_EVENT_NAMES } from '../../maintainx/index.ts';
import { cursorOf, placeIn } from '../cursor.ts';
import { route, type ApiRoute } from '../route.ts';
import { Id, oneOf, orNull, PageQuery, STRICT, Time, UUID } from '../shapes.ts';
import { newId, type RoutePorts } from './ports.ts';

const head = {
  deliveryId: Id,
  subscriptionId: Id,
  eventType: Type.String(),
  state: oneOf(DELIVERY_STATES),
  reason: orNull(Type.String({ description: 'why it is parked' })),
  discarded: orNull(Type.String({ description: 'why a person said that it is not needed' })),
  signedAt: Time,
  receivedAt: Time,
  uriSignature: oneOf(['valid', 'invalid', 'absent']),
};
const DeliveryShape = Type.Object(head);
const WholeShape = Type.Object({
  ...head,
  bodyBase64: Type.String({ description: 'the bytes as they were signed; a hook key in them is starred out' }),
});

const Query = Type.Object(
  {
    ...PageQuery.properties,
    state: Type.Optional(oneOf(DELIVERY_STATES)),
    eventType: Type.Optional(oneOf(HOOK_EVENT_NAMES)),
  },
  STRICT,
);

const ParkedShape = Type.Object({
  id: Type.String({ description: 'of a delivery, or a record such as work-order/1/1234' }),
  what: Type.String(),
  since: Time,
  reason: Type.String(),
});

const ParkedId = Type.String({ minLength: 1, maxLength: 200, description: 'as the list of what is parked has it' });

export const deliveryRoutes = (ports: RoutePorts): readonly ApiRoute[] => [...asTheyCame(ports), ...parked(ports)];

const asTheyCame = (ports: RoutePorts): readonly ApiRoute[] => [
  route({
    method: 'GET',
    path: '/deliveries',
    operationId: 'listDeliveries',
    summary: 'Webhooks as they came, in order of arrival, without their bodies',
    reach: 'tenant',
    scope: 'deliveries:read',
    status: 200,
    shapes: {
      query: Query,
      answer: Type.Object({ items: Type.Array(DeliveryShape), nextCursor: orNull(Type.String()) }),
    },
    handle: async ({ tenantId, query: { limit = 100, cursor, state, eventType } }) => {
      const after = cursor === undefined ? null : placeIn(cursor, UUID);
      const page = await ports.store.transact(tenantId, (tx) => tx.deliveries.page(after, limit, { state, eventType }));
      const last = page.length < limit ? undefined : page.at(-1);
      return { items: page.map(shown), nextCursor: last === undefined ? null : cursorOf(last.deliveryId) };
    },
  }),
  route({
    method: 'GET',
    path: '/deliveries/:deliveryId',
    operationId: 'getDelivery',
    summary: 'One webhook whole, with its body',
    reach: 'tenant',
    scope: 'deliveries:read',
    status: 200,
    shapes: { params: Type.Object({ deliveryId: Id }), answer: WholeShape },
    handle: async ({ tenantId, params }) => {
      const delivery = await ports.store.transact(tenantId, (tx) => deliveryOf(tx, params.deliveryId));
      return { ...shown(delivery), bodyBase64: shownBody(delivery.body).toString('base64') };
    },
  }),
  route({
    method: 'POST',
    path: '/deliveries/:deliveryId/replay',
    operationId: 'replayDelivery',
    summary: 'Read a webhook once more; its fact is kept once all the same',
    reach: 'tenant',
    scope: 'deliveries:write',
    status: 202,
    shapes: { params: Type.Object({ deliveryId: Id }), answer: Type.Object({ replayed: Type.Integer() }) },
    handle: ({ params, change }) => change(replayDeliveries([params.deliveryId], () => newId(ports))),
  }),
];

const parked = (ports: RoutePorts): readonly ApiRoute[] => [
  route({
    method: 'GET',
    path: '/parked',
    operationId: 'listParked',
    summary: 'What could not be processed and waits for a person; at most 500 webhooks and 500 records',
    reach: 'tenant',
    scope: 'deliveries:read',
    status: 200,
    shapes: { answer: Type.Object({ items: Type.Array(ParkedShape) }) },
    handle: async ({ tenantId }) => {
      const { deliveries, reads } = await ports.store.transact(tenantId, parkedIn);
      return {
        items: [
          ...deliveries.map((one) => ({
            id: one.deliveryId,
            what: one.eventType,
            since: isoTime(one.receivedAt),
            reason: one.reason ?? '',
          })),
          ...reads.map((one) => ({
            id: recordName(one.key),
            what: 'read',
            since: isoTime(one.wishedAt),
            reason: one.reason,
          })),
        ],
      };
    },
  }),
  route({
    method: 'POST',
    path: '/parked/replay',
    operationId: 'replayParked',
    summary: 'Try again what is parked, by its id or with `all`',
    reach: 'tenant',
    scope: 'deliveries:write',
    status: 202,
    shapes: { body: Type.Object({ id: ParkedId }, STRICT), answer: Type.Object({ replayed: Type.Integer() }) },
    handle: ({ body, change }) => change(replayParked(body.id, () => newId(ports))),
  }),
  route({
    method: 'POST',
    path: '/parked/discard',
    operationId: 'discardParked',
    summary: 'Say that it is not needed, and why',
    reach: 'tenant',
    scope: 'deliveries:write',
    status: 200,
    shapes: {
      body: Type.Object({ id: ParkedId, reason: Type.String({ minLength: 1, maxLength: 500 }) }, STRICT),
      answer: Type.Object({ discarded: Type.String() }),
    },
    handle: ({ body, change }) => change(discardParked(body.id, body.reason)),
  }),
];

const shown = (one: Delivery) => ({
  deliveryId: one.deliveryId,
  subscriptionId: one.subscriptionId,
  eventType: one.eventType,
  state: one.state,
  reason: one.reason,
  discarded: one.discarded,
  signedAt: isoTime(one.signedAt),
  receivedAt: isoTime(one.receivedAt),
  uriSignature: one.uriSignature,
});
