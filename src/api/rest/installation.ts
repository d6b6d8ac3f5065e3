import { Type } from 'typebox';
import { isoTime } from '../../base/clock.ts';
import { markRestored, releaseRestored } from '../../administration/index.ts';
import { restoredAt } from '../../postgres/index.ts';
import { figuresOfAll, type TenantFigures } from '../../projections/index.ts';
import { route, type ApiRoute } from '../route.ts';
import { Id, isoOrNull, oneOf, orNull, TenantName, Time } from '../shapes.ts';
import { newId, type RoutePorts } from './ports.ts';

const RecordFigures = Type.Object({ living: Type.Integer(), deleted: Type.Integer() });

const FiguresShape = Type.Object({
  tenantId: Id,
  name: TenantName,
  state: oneOf(['active', 'paused', 'erasing']),
  stateReason: orNull(Type.String()),
  lateMs: Type.Integer({ description: 'how long the latest lane has been due without anybody at it' }),
  counted: orNull(
    Type.Object({
      seq: Type.Integer({ description: 'the last event that is counted in' }),
      lastEventAt: orNull(Time),
      records: Type.Record(Type.String(), RecordFigures, { description: 'by kind' }),
      waitingWebhooks: Type.Integer({ description: '10,000: that and more' }),
      oldestWebhookAt: orNull(Time),
      waitingReads: Type.Integer({ description: '10,000: that and more' }),
      parked: Type.Integer(),
      refreshedAt: Time,
    }),
  ),
  quota: orNull(
    Type.Object(
      {
        used: Type.Integer({ description: 'requests in the last window' }),
        limit: orNull(Type.Integer({ description: 'null: none' })),
      },
      { description: 'of the user whose key it has, by all processes and tenants; null: nothing was sent yet' },
    ),
  ),
  outlook: orNull(
    Type.Object(
      {
        at: Time,
        kinds: Type.Integer({ description: 'kinds that are copied' }),
        hooks: Type.Integer({ description: 'webhooks that are subscribed' }),
        hooksWanted: Type.Integer(),
        worstMs: orNull(Type.Integer({ description: 'the latest that any change becomes known; null: some never do' })),
        happened: Type.Integer({ description: 'creations and deletes of the last day that a webhook should tell' }),
        told: Type.Integer({ description: 'of those, how many one told' }),
      },
      { description: 'looked at once an hour' },
    ),
  ),
});

export const installationRoutes = (ports: RoutePorts): readonly ApiRoute[] => [...figures(ports), ...restoring(ports)];

const RestoredShape = Type.Object({
  restoredAt: orNull(Time),
});

const restoring = (ports: RoutePorts): readonly ApiRoute[] => [
  route({
    method: 'GET',
    path: '/installation/restored',
    operationId: 'getRestored',
    summary:
      'Since when the database is known to be a restored backup, from which nothing is written to MaintainX; null: it is none',
    reach: 'installation',
    scope: 'installation:read',
    status: 200,
    shapes: { answer: RestoredShape },
    handle: async () => ({ restoredAt: isoOrNull(await restoredAt(ports.database.directory)) }),
  }),
  route({
    method: 'POST',
    path: '/installation/restored/mark',
    operationId: 'markRestored',
    summary: 'Say that the database is a restored backup: one that was put back in place cannot be told by itself',
    reach: 'installation',
    scope: 'installation:write',
    status: 200,
    shapes: { answer: RestoredShape },
    handle: ({ change }) => change(markRestored(true)),
  }),
  route({
    method: 'POST',
    path: '/installation/restored/release',
    operationId: 'releaseRestored',
    summary: 'Let it write again: each tenant looks its subscriptions up and sweeps everything once',
    reach: 'installation',
    scope: 'installation:write',
    status: 200,
    shapes: { answer: RestoredShape },
    handle: ({ change }) =>
      releaseRestored(
        ports.database,
        () => newId(ports),
        (tenantId, work) => change(work, { tenantId }),
      ),
  }),
];

/** From small tables that each tenant's own lane keeps up: nothing is asked of MaintainX, no wide table is read. */
const figures = ({ database, clock }: RoutePorts): readonly ApiRoute[] => [
  route({
    method: 'GET',
    path: '/installation/health',
    operationId: 'getInstallationHealth',
    summary: 'All tenants in numbers: how late, what waits, what is parked, how many records',
    reach: 'installation',
    scope: 'installation:read',
    status: 200,
    shapes: { answer: Type.Object({ at: Time, items: Type.Array(FiguresShape) }) },
    handle: async () => {
      const now = clock.now();
      const all = await figuresOfAll(database.directory, now);
      return { at: isoTime(now), items: all.map(shown) };
    },
  }),
];

const shown = ({ counted, outlook, ...tenant }: TenantFigures) => ({
  ...tenant,
  outlook: outlook === null ? null : { ...outlook, at: isoTime(outlook.at), worstMs: roundedOrNull(outlook.worstMs) },
  counted:
    counted === null
      ? null
      : {
          ...counted,
          records: { ...counted.records },
          lastEventAt: isoOrNull(counted.lastEventAt),
          oldestWebhookAt: isoOrNull(counted.oldestWebhookAt),
          refreshedAt: isoTime(counted.refreshedAt),
        },
});

const roundedOrNull = (value: number | null): number | null => (value === null ? null : Math.round(value));
