import { Type } from 'typebox';
import { redactField } from '../../administration/index.ts';
import { KINDS } from '../../maintainx/index.ts';
import { explainRecord, filesOfRecord, storedFile, type Explanation } from '../../reports/index.ts';
import { organizationMeant } from '../../tenants/index.ts';
import { isoTime } from '../../base/clock.ts';
import type { FileRecord } from '../../files/index.ts';
import { FileBytes, route, type ApiRoute } from '../route.ts';
import { isoOrNull, oneOf, OrganizationQuery, orNull, STRICT, Time } from '../shapes.ts';
import type { RoutePorts } from './ports.ts';

const Params = Type.Object({
  kind: oneOf(KINDS),
  recordId: Type.String({ pattern: '^\\d{1,20}$', description: 'MaintainX’s id' }),
});

const StoryShape = Type.Object({
  copy: orNull(
    Type.Object(
      {
        version: Type.Integer(),
        updatedAt: orNull(Time),
        lastChangedBy: oneOf(['get', 'list']),
        readAloneAt: orNull(Time),
        firstSeenAt: Time,
        changedAt: Time,
        deletedAt: orNull(Time),
      },
      { description: 'null: there is no copy, only what webhooks said' },
    ),
  ),
  statuses: Type.Array(
    Type.Object({
      status: Type.String(),
      from: Time,
      until: orNull(Time),
      toldBy: oneOf(['fact', 'read']),
    }),
  ),
  moments: Type.Array(
    Type.Object({
      seq: Type.Integer(),
      path: oneOf(['fact', 'read']),
      type: Type.String(),
      occurredAt: Time,
      recordedAt: Time,
      actor: orNull(Type.String()),
      fields: Type.Array(Type.String(), { description: 'that a read showed changed' }),
      toldBy: Type.Array(Type.Object({ seq: Type.Integer(), type: Type.String() }), {
        description: 'why it was read; empty: a list or a regular read found it',
      }),
      explains: Type.Array(Type.Integer(), { description: 'changes that this fact explains' }),
      isLate: Type.Boolean({ description: 'the fact came after the read that had shown its change' }),
    }),
  ),
});

const FileShape = Type.Object({
  path: Type.String({ description: 'names it within its record' }),
  fileName: orNull(Type.String()),
  state: Type.String(),
  bytes: orNull(Type.Integer({ description: 'null: they are not stored' })),
  sha256: orNull(Type.String()),
  reason: orNull(Type.String({ description: 'why they are not stored' })),
  removedAt: orNull(Time),
});

const FileQuery = Type.Object(
  {
    file: Type.String({
      minLength: 1,
      maxLength: 1_000,
      description: 'its path, or its name where that is the only one',
    }),
  },
  STRICT,
);

/** What is known of a record besides its fields. */
export const recordStoryRoutes = (ports: RoutePorts): readonly ApiRoute[] => [
  story(ports),
  files(ports),
  bytes(ports),
  redaction(ports),
];

const story = ({ database, store }: RoutePorts): ApiRoute =>
  route({
    method: 'GET',
    path: '/records/:kind/:recordId/explanation',
    operationId: 'explainRecord',
    summary:
      'What was seen of a record: by which path, when, and why it was looked at; and how long it had each status',
    reach: 'tenant',
    scope: 'events:read',
    status: 200,
    shapes: { params: Params, query: OrganizationQuery, answer: StoryShape },
    handle: async ({ tenantId, params, query }) => {
      const organizationId = await database.withTenant(tenantId, (tx) => organizationMeant(tx, query.organization));
      return shown(await explainRecord(store, tenantId, { organizationId, ...params }));
    },
  });

const files = ({ store }: RoutePorts): ApiRoute =>
  route({
    method: 'GET',
    path: '/records/:kind/:recordId/files',
    operationId: 'listFiles',
    summary: 'The files of a record: which are stored, which are wanted, which were given up and why',
    reach: 'tenant',
    scope: 'records:read',
    status: 200,
    shapes: { params: Params, answer: Type.Object({ items: Type.Array(FileShape) }) },
    handle: async ({ tenantId, params }) => ({ items: (await filesOfRecord(store, tenantId, params)).map(fileShown) }),
  });

const bytes = ({ store, blobs }: RoutePorts): ApiRoute =>
  route({
    method: 'GET',
    path: '/records/:kind/:recordId/files/content',
    operationId: 'getFile',
    summary: 'The stored bytes of a file',
    reach: 'tenant',
    scope: 'records:read',
    status: 200,
    shapes: { params: Params, query: FileQuery, answer: FileBytes },
    handle: async ({ tenantId, params, query }) => {
      const { blob } = await storedFile({ store, blobs }, tenantId, params, query.file);
      return Buffer.from(blob.bytes);
    },
  });

const redaction = ({ database }: RoutePorts): ApiRoute =>
  route({
    method: 'POST',
    path: '/records/:kind/:recordId/redaction',
    operationId: 'redactField',
    summary:
      'Forget for good what a field of a record was, in its events and in the webhooks that told of it; what it is now stays, unless the record is deleted',
    reach: 'tenant',
    scope: 'tenant:write',
    status: 200,
    shapes: {
      params: Params,
      query: OrganizationQuery,
      body: Type.Object(
        {
          field: Type.String({ minLength: 1, maxLength: 200 }),
          reason: Type.String({ minLength: 1, maxLength: 500, description: 'for the audit, which keeps its hash' }),
        },
        STRICT,
      ),
      answer: Type.Object({
        events: Type.Integer({ description: 'in which something was redacted' }),
        webhooks: Type.Integer({ description: 'whose bodies are gone' }),
      }),
    },
    handle: async ({ tenantId, params, query, body, change }) => {
      const organizationId = await database.withTenant(tenantId, (tx) => organizationMeant(tx, query.organization));
      return change(redactField({ organizationId, ...params }, body.field, body.reason));
    },
  });

const fileShown = ({ path, fileName, state, stored, reason, lostAt }: FileRecord) => ({
  path,
  fileName,
  state,
  bytes: stored?.bytes ?? null,
  sha256: stored?.sha256 ?? null,
  reason,
  removedAt: isoOrNull(lostAt),
});

const shown = ({ held, statuses, moments }: Explanation) => ({
  copy:
    held === undefined
      ? null
      : {
          version: held.version,
          updatedAt: isoOrNull(held.updatedAt),
          lastChangedBy: held.readSource,
          readAloneAt: isoOrNull(held.detailAt),
          firstSeenAt: isoTime(held.firstSeenAt),
          changedAt: isoTime(held.changedAt),
          deletedAt: isoOrNull(held.deletedAt),
        },
  statuses: statuses.map((one) => ({ ...one, from: isoTime(one.from), until: isoOrNull(one.until) })),
  moments: moments.map(({ fields, toldBy, explains, occurredAt, recordedAt, ...one }) => ({
    ...one,
    occurredAt: isoTime(occurredAt),
    recordedAt: isoTime(recordedAt),
    fields: [...fields],
    toldBy: toldBy.map((told) => ({ ...told })),
    explains: [...explains],
  })),
});
