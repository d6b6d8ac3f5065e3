import { Type } from 'typebox';
import { addConnection, connectionAsJson, endOneConnection, mayEnd } from '../../administration/index.ts';
import { Secret } from '../../base/secret.ts';
import { listConnections } from '../../tenants/index.ts';
import { route, type ApiRoute } from '../route.ts';
import { ApiKeyText, Id, oneOf, orNull, STRICT, Time } from '../shapes.ts';
import { newId, type RoutePorts } from './ports.ts';

export const ConnectionShape = Type.Object({
  connectionId: Id,
  organizationId: Type.String(),
  organizationName: Type.String(),
  principal: orNull(Type.String({ description: 'whose quota the key uses, when that was declared' })),
  state: oneOf(['active', 'refused', 'ended']),
  reason: orNull(Type.String({ description: 'why MaintainX refuses the key: nothing is asked meanwhile' })),
  createdAt: Time,
  endedAt: orNull(Time),
});

const NewConnectionBody = Type.Object(
  {
    apiKey: ApiKeyText,
    organizationId: Type.Optional(Type.String({ description: 'which organisation, when the key sees several' })),
    principal: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'keys of one user share one quota under one name' }),
    ),
  },
  STRICT,
);

const Named = Type.Object({ organizationId: Type.String({ pattern: '^\\d{1,20}$' }) });

/** The organisations of a tenant, each with a connection of its own. */
export const connectionRoutes = (ports: RoutePorts): readonly ApiRoute[] => [
  listing(ports),
  adding(ports),
  ending(ports),
];

const listing = ({ database }: RoutePorts): ApiRoute =>
  route({
    method: 'GET',
    path: '/tenant/connections',
    operationId: 'listConnections',
    summary: 'The organisations of the tenant, and how the connection to each stands',
    reach: 'tenant',
    scope: 'tenant:read',
    status: 200,
    shapes: { answer: Type.Object({ items: Type.Array(ConnectionShape) }) },
    handle: async ({ tenantId }) => ({
      items: (await database.withTenant(tenantId, listConnections)).map(connectionAsJson),
    }),
  });

const adding = (ports: RoutePorts): ApiRoute =>
  route({
    method: 'POST',
    path: '/tenant/connections',
    operationId: 'addConnection',
    summary: 'Try an API key and add its organisation to the tenant; webhooks and the backfill follow by themselves',
    reach: 'tenant',
    scope: 'tenant:write',
    status: 201,
    shapes: { body: NewConnectionBody, answer: ConnectionShape },
    handle: async ({ body: { apiKey, organizationId, principal }, change }) => {
      const connection = await ports.connect({ apiKey: new Secret(apiKey), organizationId, principal });
      return change(addConnection(ports.vault, connection, newId(ports)));
    },
  });

const ending = ({ database, endSubscriptions }: RoutePorts): ApiRoute =>
  route({
    method: 'POST',
    path: '/tenant/connections/:organizationId/end',
    operationId: 'endConnection',
    summary: 'End a connection: its key is forgotten and nothing more is read; what was copied stays',
    reach: 'tenant',
    scope: 'tenant:write',
    status: 200,
    shapes: { params: Named, answer: ConnectionShape },
    handle: async ({ tenantId, params, change }) => {
      const { organizationId } = params;
      await database.withTenant(tenantId, (tx) => mayEnd(tx, organizationId));
      // While there still is a key to do it with.
      await endSubscriptions(tenantId, organizationId);
      return change(endOneConnection(organizationId));
    },
  });
