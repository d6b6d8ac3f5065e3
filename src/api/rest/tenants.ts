import { Type } from 'typebox';
import { changeState, erase, tenantAsJson } from '../../administration/index.ts';
import { Secret } from '../../base/secret.ts';
import { listTenants, tenantByName } from '../../tenants/index.ts';
import { tryKey, type AddedOfKey, type AddedTenant } from '../../onboarding/index.ts';
import { route, type ApiRoute } from '../route.ts';
import { ApiKeyText, Id, oneOf, orNull, STRICT, TenantName, TenantShape } from '../shapes.ts';
import type { RoutePorts } from './ports.ts';

const NewTenantBody = Type.Object(
  {
    name: TenantName,
    apiKey: ApiKeyText,
    organizationId: Type.Optional(Type.String({ description: 'which organisation, when the key sees several' })),
    principal: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'keys of one user share one quota under one name' }),
    ),
  },
  STRICT,
);

const KeyBody = Type.Object(
  {
    prefix: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{0,39}$',
      description: 'each tenant is called after it and its organisation’s id',
    }),
    apiKey: ApiKeyText,
    principal: NewTenantBody.properties.principal,
  },
  STRICT,
);

const ClockAhead = orNull(
  Type.Integer({ description: 'how far our clock is ahead of MaintainX’s; 0: they agree. Null: it was not told' }),
);

const NamedShape = Type.Object({
  tenantId: Id,
  name: TenantName,
  organization: Type.Object({ id: Type.String(), name: Type.String() }),
});

const AddedShape = Type.Object({ ...NamedShape.properties, clockAheadMs: ClockAhead });

const AddedOfKeyShape = Type.Object({
  ...NamedShape.properties,
  isNew: Type.Boolean({ description: 'false: there was a tenant of this name, which is left as it is' }),
});

const TrialShape = Type.Object({
  organizations: Type.Array(Type.Object({ id: Type.String(), name: Type.String() }), {
    description: 'those that the key sees; where there are several, addTenant has to be told which',
  }),
  clockAheadMs: ClockAhead,
});

const StateBody = Type.Object(
  { state: oneOf(['active', 'paused']), reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) },
  STRICT,
);

const EraseBody = Type.Object({ name: Type.String({ description: 'the tenant’s name once more' }) }, STRICT);
const Named = Type.Object({ name: TenantName });

/** What a promise came to, to be told later. */
const settled = <Result>(promise: Promise<Result>): Promise<() => Result> =>
  promise.then(
    (result) => () => result,
    (error: unknown) => () => {
      throw error;
    },
  );

const named = ({ tenantId, name, organization }: Pick<AddedTenant, 'tenantId' | 'name' | 'organization'>) => ({
  tenantId,
  name,
  organization: { id: organization.id, name: organization.name },
});

function noted(added: AddedTenant) {
  const answer = { ...named(added), clockAheadMs: added.clockAheadMs };
  return { target: added.name, before: null, after: answer, answer };
}

function allNoted(prefix: string, all: readonly AddedOfKey[]) {
  const items = all.map((one) => ({ ...named(one), isNew: one.isNew }));
  return { target: prefix, before: null, after: { items }, answer: { items } };
}

/** Tenants as the administrator of the installation has them. */
export const tenantRoutes = (ports: RoutePorts): readonly ApiRoute[] => [
  ...addingTenants(ports),
  ...heldTenants(ports),
];

const addingTenants = ({ addTenant, addTenantsOfKey, withClients, clock }: RoutePorts): readonly ApiRoute[] => [
  route({
    method: 'POST',
    path: '/tenants',
    operationId: 'addTenant',
    summary:
      'Try an API key and add its organisation; webhooks and the backfill follow by themselves, and getSyncStatus tells its cost',
    reach: 'installation',
    scope: 'installation:write',
    status: 201,
    shapes: { body: NewTenantBody, answer: AddedShape },
    handle: async ({ body: { name, apiKey, organizationId, principal }, actor, change }) => {
      const given = { name, apiKey: new Secret(apiKey), organizationId, principal, actor };
      // MaintainX is asked outside of any transaction. What went wrong comes out of the change: the same request again may have
      // its answer already, and then "there is such a tenant" is no news.
      const outcome = await settled(addTenant(given));
      return change(() => Promise.resolve(outcome()).then(noted));
    },
  }),
  route({
    method: 'POST',
    path: '/tenants/of-key',
    operationId: 'addTenantsOfKey',
    summary: 'Try an API key and add each organisation that it sees; those that are there already are left as they are',
    reach: 'installation',
    scope: 'installation:write',
    status: 201,
    shapes: { body: KeyBody, answer: Type.Object({ items: Type.Array(AddedOfKeyShape) }) },
    handle: async ({ body: { prefix, apiKey, principal }, actor, change }) => {
      const outcome = await settled(addTenantsOfKey({ prefix, apiKey: new Secret(apiKey), principal, actor }));
      return change(() => Promise.resolve(outcome()).then((all) => allNoted(prefix, all)));
    },
  }),
  route({
    method: 'POST',
    path: '/tenants/try-key',
    operationId: 'tryKey',
    summary: 'Ask MaintainX what an API key is good for, before a tenant is added; nothing is kept of it',
    reach: 'installation',
    scope: 'installation:write',
    status: 200,
    shapes: { body: Type.Object({ apiKey: ApiKeyText }, STRICT), answer: TrialShape },
    handle: ({ body: { apiKey } }) =>
      withClients(async (clientWith) => {
        const { organizations, clockAheadMs } = await tryKey(clientWith, new Secret(apiKey), clock);
        return { organizations: organizations.map(({ id, name }) => ({ id, name })), clockAheadMs };
      }),
  }),
];

const heldTenants = ({ database, endSubscriptions }: RoutePorts): readonly ApiRoute[] => [
  route({
    method: 'GET',
    path: '/tenants',
    operationId: 'listTenants',
    summary: 'All tenants, by name',
    reach: 'installation',
    scope: 'installation:read',
    status: 200,
    shapes: { answer: Type.Object({ items: Type.Array(TenantShape) }) },
    handle: async () => ({ items: (await listTenants(database)).map(tenantAsJson) }),
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
    handle: async ({ params }) => tenantAsJson(await tenantByName(database, params.name)),
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
    handle: async ({ params, body: { state, reason }, change }) => {
      const { tenantId } = await tenantByName(database, params.name);
      return change(changeState(state, reason ?? null), { tenantId });
    },
  }),
  route({
    method: 'POST',
    path: '/tenants/:name/erase',
    operationId: 'eraseTenant',
    summary: 'Erase a tenant for good: its secrets are dead at once, its rows are gone some minutes later',
    reach: 'installation',
    scope: 'installation:write',
    status: 202,
    shapes: { params: Named, body: EraseBody, answer: TenantShape },
    handle: async ({ params, body, change }) => {
      const { tenantId, name, state } = await tenantByName(database, params.name);
      // While there still is a key to do it with.
      if (body.name === name && state !== 'erasing') await endSubscriptions(tenantId);
      return change(erase(body.name), { tenantId });
    },
  }),
];
