import { Type } from 'typebox';
import { Secret } from '../../base/secret.ts';
import { listTenants, setTenantState, tenantByName, type Tenant } from '../../tenants/index.ts';
import { route, type ApiRoute } from '../route.ts';
import { Id, isoTime, oneOf, orNull, STRICT, TenantName, Time } from '../shapes.ts';
import type { RoutePorts } from './ports.ts';

const State = oneOf(['active', 'paused']);

const TenantShape = Type.Object({
  tenantId: Id,
  name: TenantName,
  state: State,
  stateReason: orNull(Type.String()),
  createdAt: Time,
});

const NewTenantBody = Type.Object(
  {
    name: TenantName,
    apiKey: Type.String({ minLength: 1, maxLength: 4_096, writeOnly: true, description: 'MaintainX API key' }),
    organizationId: Type.Optional(Type.String({ description: 'which organisation, when the key sees several' })),
    principal: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'keys of one user share one quota under one name' }),
    ),
  },
  STRICT,
);

const StateBody = Type.Object(
  { state: State, reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) },
  STRICT,
);

const shown = ({ tenantId, name, state, stateReason, createdAt }: Tenant) => ({
  tenantId,
  name,
  state,
  stateReason,
  createdAt: isoTime(createdAt),
});

const Named = Type.Object({ name: TenantName });

export const tenantRoutes = ({ database, addTenant }: RoutePorts): readonly ApiRoute[] => [
  route({
    method: 'GET',
    path: '/tenants',
    operationId: 'listTenants',
    summary: 'All tenants, by name',
    reach: 'installation',
    scope: 'installation:read',
    status: 200,
    shapes: { answer: Type.Object({ items: Type.Array(TenantShape) }) },
    handle: async () => ({ items: (await listTenants(database)).map(shown) }),
  }),
  route({
    method: 'POST',
    path: '/tenants',
    operationId: 'addTenant',
    summary: 'Try an API key and add its organisation; webhooks and the backfill follow by themselves',
    reach: 'installation',
    scope: 'installation:write',
    status: 201,
    shapes: {
      body: NewTenantBody,
      answer: Type.Object({
        tenantId: Id,
        name: TenantName,
        organization: Type.Object({ id: Type.String(), name: Type.String() }),
      }),
    },
    handle: async ({ body: { name, apiKey, organizationId, principal } }) => {
      const added = await addTenant({ name, apiKey: new Secret(apiKey), organizationId, principal });
      const { id, name: organizationName } = added.organization;
      return { tenantId: added.tenantId, name: added.name, organization: { id, name: organizationName } };
    },
  }),
  route({
    method: 'GET',
    path: '/tenants/:name',
    operationId: 'getTenant',
    summary: 'One tenant',
    reach: 'installation',
    scope: 'installation:read',
    status: 200,
    shapes: { params: Named, answer: TenantShape },
    handle: async ({ params }) => shown(await tenantByName(database, params.name)),
  }),
  route({
    method: 'PATCH',
    path: '/tenants/:name',
    operationId: 'setTenantState',
    summary: 'Pause a tenant, or let it go on; a paused one keeps its data and takes webhooks in',
    reach: 'installation',
    scope: 'installation:write',
    status: 200,
    shapes: { params: Named, body: StateBody, answer: TenantShape },
    handle: async ({ params, body: { state, reason } }) => {
      const { tenantId } = await tenantByName(database, params.name);
      await setTenantState(database, tenantId, state, state === 'paused' ? (reason ?? null) : null);
      return shown(await tenantByName(database, params.name));
    },
  }),
];
