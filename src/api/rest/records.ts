import { Type } from 'typebox';
import { isoTime } from '../../base/clock.ts';
import { raise } from '../../errors.ts';
import { KINDS } from '../../maintainx/index.ts';
import { findRecord, pageOfKind, type HeldRecord } from '../../records/index.ts';
import { cursorOf, placeIn } from '../cursor.ts';
import { route, type ApiRoute } from '../route.ts';
import { isoOrNull, oneOf, orNull, PageQuery, STRICT, Time, OrganizationQuery } from '../shapes.ts';
import type { RoutePorts } from './ports.ts';

const Kind = oneOf(KINDS);
const RecordId = Type.String({ pattern: '^\\d{1,20}$', description: 'MaintainX’s id' });

const RecordShape = Type.Object({
  kind: Kind,
  organizationId: Type.String(),
  recordId: Type.String(),
  version: Type.Integer({ description: 'number of its state events' }),
  record: Type.Object({}, { additionalProperties: true, description: 'as MaintainX told it' }),
  updatedAt: orNull(Time),
  changedAt: Time,
  deletedAt: orNull(Time),
});

const Query = Type.Object(
  { ...PageQuery.properties, deleted: Type.Optional(Type.Boolean({ description: 'true: deleted ones too' })) },
  STRICT,
);

/** The copy, record by record. */
export const recordRoutes = ({ database }: RoutePorts): readonly ApiRoute[] => [
  route({
    method: 'GET',
    path: '/records/:kind',
    operationId: 'listRecords',
    summary: 'The records of a kind, in the order of their ids',
    reach: 'tenant',
    scope: 'records:read',
    status: 200,
    shapes: {
      params: Type.Object({ kind: Kind }),
      query: Query,
      answer: Type.Object({ items: Type.Array(RecordShape), nextCursor: orNull(Type.String()) }),
    },
    handle: async ({ tenantId, params, query: { limit = 100, cursor, deleted = false } }) => {
      const after = cursor === undefined ? null : placeIn(cursor, /^[\w-]{1,40}\/\d{1,20}$/);
      const [organizationId = '', recordId = ''] = after?.split('/') ?? [];
      const from = after === null ? null : { organizationId, recordId };
      const page = await database.withTenant(tenantId, (tx) => pageOfKind(tx, params.kind, from, limit, deleted));
      const last = page.length < limit ? undefined : page.at(-1)?.key;
      const next = last === undefined ? null : cursorOf(`${last.organizationId}/${last.recordId}`);
      return { items: page.map(shown), nextCursor: next };
    },
  }),
  route({
    method: 'GET',
    path: '/records/:kind/:recordId',
    operationId: 'getRecord',
    summary: 'One record, also when it is deleted',
    reach: 'tenant',
    scope: 'records:read',
    status: 200,
    shapes: {
      params: Type.Object({ kind: Kind, recordId: RecordId }),
      query: OrganizationQuery,
      answer: RecordShape,
    },
    handle: async ({ tenantId, params: { kind, recordId }, query }) => {
      const record = await database.withTenant(tenantId, (tx) => findRecord(tx, kind, recordId, query.organization));
      if (record === undefined) throw raise('not-found', `there is no ${kind} ${recordId} in this copy`);
      return shown(record);
    },
  }),
];

const shown = ({ key, version, state, kept, updatedAt, changedAt, deletedAt }: HeldRecord) => ({
  ...key,
  version,
  record: { ...kept, ...state },
  updatedAt: isoOrNull(updatedAt),
  changedAt: isoTime(changedAt),
  deletedAt: isoOrNull(deletedAt),
});
