import { Type } from 'typebox';
import { isoTime } from '../../base/clock.ts';
import { objectOf, parseStored } from '../../base/json.ts';
import type { StoredEvent } from '../../log/index.ts';
import { cursorOf, placeIn } from '../cursor.ts';
import { route, type ApiRoute } from '../route.ts';
import { Id, oneOf, orNull, PageQuery, STRICT, Time } from '../shapes.ts';
import type { RoutePorts } from './ports.ts';

const Family = oneOf(['state', 'fact']);

const EventShape = Type.Object({
  seq: Type.Integer({ description: 'gapless within the tenant' }),
  eventId: Id,
  stream: Type.String({ description: 'kind/organisation/id' }),
  version: orNull(Type.Integer()),
  family: Family,
  type: Type.String(),
  occurredAt: Time,
  recordedAt: Time,
  data: Type.Object({}, { additionalProperties: true }),
  cursor: Type.String({ description: 'goes on after this event' }),
});

const Query = Type.Object(
  {
    ...PageQuery.properties,
    family: Type.Optional(Family),
    stream: Type.Optional(Type.String({ maxLength: 200 })),
    from: Type.Optional(oneOf(['start', 'end'])),
  },
  STRICT,
);

/** The cursor of the last page is as good as any: it goes on with what comes later. */
export const eventRoutes = ({ store }: RoutePorts): readonly ApiRoute[] => {
  const lastSeq = (tenantId: string): Promise<number> => store.transact(tenantId, (tx) => tx.log.lastSeq());
  return [
    route({
      method: 'GET',
      path: '/events',
      operationId: 'listEvents',
      summary: 'The log in its order; nextCursor goes on, also with what comes later',
      reach: 'tenant',
      scope: 'events:read',
      status: 200,
      shapes: { query: Query, answer: Type.Object({ items: Type.Array(EventShape), nextCursor: Type.String() }) },
      handle: async ({ tenantId, query: { limit = 100, cursor, family, stream, from = 'start' } }) => {
        const begin = (): Promise<number> => (from === 'end' ? lastSeq(tenantId) : Promise.resolve(0));
        const after = cursor === undefined ? await begin() : Number(placeIn(cursor, /^\d{1,15}$/));
        const filter = { ...(family === undefined ? {} : { family }), ...(stream === undefined ? {} : { stream }) };
        const events = await store.transact(tenantId, (tx) => tx.log.read(after, limit, filter));
        return { items: events.map(shown), nextCursor: cursorOf(String(events.at(-1)?.seq ?? after)) };
      },
    }),
  ];
};

const shown = (event: StoredEvent) => ({
  seq: event.seq,
  eventId: event.eventId,
  stream: event.stream,
  version: event.version,
  family: event.family,
  type: event.type,
  occurredAt: isoTime(event.occurredAt),
  recordedAt: isoTime(event.recordedAt),
  data: { ...objectOf(parseStored(event.data)) },
  cursor: cursorOf(String(event.seq)),
});
