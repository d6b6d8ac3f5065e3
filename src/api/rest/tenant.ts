import { Type } from 'typebox';
import {
  changeSettings,
  connectionAsJson,
  rotateDataKey,
  rotateHooks,
  setApiKey,
  settingsAsJson,
  tenantAsJson,
} from '../../administration/index.ts';
import { Secret } from '../../base/secret.ts';
import { raise } from '../../errors.ts';
import { WRITES, type PullSettings, type Writes } from '../../inbound/index.ts';
import { KINDS } from '../../maintainx/index.ts';
import { listConnections, tenantById } from '../../tenants/index.ts';
import { route, type ApiRoute } from '../route.ts';
import { ApiKeyText, oneOf, OrganizationQuery, orNull, STRICT, TenantShape, Time } from '../shapes.ts';
import { ConnectionShape } from './connections.ts';
import type { RoutePorts } from './ports.ts';

const settings = {
  kinds: orNull(Type.Array(oneOf(KINDS), { description: 'null: all but those that are optional' })),
  since: orNull(Time),
  details: oneOf(['all', 'none']),
  files: oneOf(['all', 'none']),
  paused: Type.Boolean({ description: 'the first copy rests' }),
  sweepIntervalMs: orNull(Type.Integer({ minimum: 60_000, maximum: 31_622_400_000 })),
  writes: Type.Unsafe<Writes>({
    type: 'string',
    enum: [...WRITES],
    description: 'whether anything is written to MaintainX; dry-run: it is logged what would be',
  }),
  quotaShare: orNull(
    Type.Integer({
      minimum: 1,
      maximum: 100,
      description: 'percent of what its user may send; null: the installation’s',
    }),
  ),
  fairPerSecond: orNull(
    Type.Integer({
      minimum: 1,
      maximum: 100_000,
      description: 'so many webhooks a second trouble no other tenant, and none is held back; null: 100',
    }),
  ),
  connections: orNull(
    Type.Integer({
      minimum: 1,
      maximum: 20,
      description: 'so many database connections of a process work for the tenant at once, at most; null: 10',
    }),
  ),
  workers: orNull(
    Type.Integer({
      minimum: 1,
      maximum: 100,
      description:
        'for so many of its organisations a lane is at work at once; null: half as many as a process has workers',
    }),
  ),
};
const SettingsShape = Type.Object({
  ...settings,
  rereadMs: Type.Record(Type.String(), Type.Integer(), { description: 'milliseconds between two reads, by kind' }),
});
const RereadBody = Type.Object(
  Object.fromEntries(
    KINDS.map((kind) => [kind, Type.Optional(Type.Integer({ minimum: 60_000, maximum: 31_622_400_000 }))]),
  ),
  {
    ...STRICT,
    description: 'milliseconds between two reads, by kind; kinds that are left out have the installation’s',
  },
);
const SettingsBody = Type.Partial(Type.Object({ ...settings, rereadMs: RereadBody }), STRICT);

/** A tenant as its own people have it. */
export const ownTenantRoutes = (ports: RoutePorts): readonly ApiRoute[] => [
  ...tenantSelf(ports),
  ...tenantSettings(ports),
  ...tenantKeys(ports),
];

const tenantSelf = ({ database }: RoutePorts): readonly ApiRoute[] => [
  route({
    method: 'GET',
    path: '/tenant',
    operationId: 'getOwnTenant',
    summary: 'The tenant and its connections to MaintainX',
    reach: 'tenant',
    scope: 'tenant:read',
    status: 200,
    shapes: { answer: Type.Object({ ...TenantShape.properties, connections: Type.Array(ConnectionShape) }) },
    handle: async ({ tenantId }) => {
      const tenant = await tenantById(database, tenantId);
      const connections = await database.withTenant(tenantId, listConnections);
      return { ...tenantAsJson(tenant), connections: connections.map(connectionAsJson) };
    },
  }),
];

const tenantSettings = ({ store }: RoutePorts): readonly ApiRoute[] => [
  route({
    method: 'GET',
    path: '/tenant/settings',
    operationId: 'getSettings',
    summary: 'What is copied, and how it is kept',
    reach: 'tenant',
    scope: 'tenant:read',
    status: 200,
    shapes: { answer: SettingsShape },
    handle: async ({ tenantId }) => shown(await store.transact(tenantId, (tx) => tx.settings.read())),
  }),
  route({
    method: 'PATCH',
    path: '/tenant/settings',
    operationId: 'changeSettings',
    summary: 'Change what is copied; what is left out stays as it is',
    reach: 'tenant',
    scope: 'tenant:write',
    status: 200,
    shapes: { body: SettingsBody, answer: SettingsShape },
    handle: async ({ body, change }) => {
      const { since, ...rest } = body;
      const given = since === undefined ? rest : { ...rest, since: since === null ? null : timeIn(since) };
      const after = await change(changeSettings(given));
      return { ...after, kinds: after.kinds === null ? null : [...after.kinds], rereadMs: { ...after.rereadMs } };
    },
  }),
];

function timeIn(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw raise('request-invalid', 'body/since is no day that there is');
  return time;
}

function shown(held: PullSettings) {
  const { kinds, ...rest } = settingsAsJson(held);
  return { ...rest, kinds: kinds === null ? null : [...kinds], rereadMs: { ...rest.rereadMs } };
}

const tenantKeys = (ports: RoutePorts): readonly ApiRoute[] => [
  route({
    method: 'PUT',
    path: '/tenant/api-key',
    operationId: 'setApiKey',
    summary: 'Put another MaintainX API key in place of the one there is; it is tried first',
    reach: 'tenant',
    scope: 'tenant:write',
    status: 200,
    shapes: {
      query: OrganizationQuery,
      body: Type.Object({ apiKey: ApiKeyText }, STRICT),
      answer: Type.Object({ organizationId: Type.String() }),
    },
    handle: ({ tenantId, query, body: { apiKey }, change }) =>
      ports.withClients(async (clientWith) => {
        const { database, vault } = ports;
        const keys = { database, vault, clientWith };
        return change(await setApiKey(keys, tenantId, new Secret(apiKey), query.organization));
      }),
  }),
  route({
    method: 'POST',
    path: '/tenant/rotate-hooks',
    operationId: 'rotateHooks',
    summary: 'Have new webhook subscriptions, with new addresses and secrets, put in place of the ones there are',
    reach: 'tenant',
    scope: 'tenant:write',
    status: 202,
    shapes: { answer: Type.Object({ retiring: Type.Integer() }) },
    handle: ({ change }) => change(rotateHooks),
  }),
  route({
    method: 'POST',
    path: '/tenant/rotate-data-key',
    operationId: 'rotateDataKey',
    summary: 'Seal the tenant’s secrets with a new data key',
    reach: 'tenant',
    scope: 'tenant:write',
    status: 200,
    shapes: { answer: Type.Object({ sealed: Type.Integer({ description: 'how many secrets' }) }) },
    handle: ({ change }) => change(rotateDataKey(ports.vault, ports.keyring)),
  }),
];
