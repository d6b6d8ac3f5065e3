/** One request of the suite, and what it comes to. */
export interface PlannedCall {
  /** The operation of the OpenAPI document that it is one of. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly as: 'admin' | 'owner' | 'viewer' | 'nobody';
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Keeps a text of the answer under a name: in later paths and bodies `{name}` stands for it. */
  readonly keeps?: Readonly<Record<string, string>>;
}

const call = (
  operation: string,
  [method, path]: readonly [PlannedCall['method'], string],
  as: PlannedCall['as'],
  status: number,
  rest: Pick<PlannedCall, 'body' | 'headers' | 'keeps'> = {},
): PlannedCall => ({ operation, method, path, as, status, ...rest });

/** Every operation at least once as it should be, and the ways in which callers get them wrong. `{…}` is filled in. */
export const CALLS: readonly PlannedCall[] = [
  call('getMe', ['GET', '/me'], 'owner', 200),
  call('getMe', ['GET', '/me'], 'admin', 200),
  call('getMe', ['GET', '/me'], 'nobody', 401),
  call('listTenants', ['GET', '/tenants'], 'admin', 200),
  call('listTenants', ['GET', '/tenants'], 'owner', 403),
  call('addTenant', ['POST', '/tenants'], 'admin', 201, { body: { name: 'second', apiKey: '{secondKey}' } }),
  call('listConnections', ['GET', '/tenant/connections'], 'owner', 200),
  call('addConnection', ['POST', '/tenant/connections'], 'viewer', 403, { body: { apiKey: '{secondKey}' } }),
  call('addConnection', ['POST', '/tenant/connections'], 'owner', 201, {
    body: { apiKey: '{secondKey}' },
    keeps: { secondOrganization: 'organizationId' },
  }),
  call('addConnection', ['POST', '/tenant/connections'], 'owner', 400, { body: { apiKey: '{secondKey}' } }),
  call('getQuota', ['GET', '/tenant/quota'], 'owner', 400),
  call('getQuota', ['GET', '/tenant/quota?organization={secondOrganization}'], 'owner', 200),
  call('endConnection', ['POST', '/tenant/connections/{secondOrganization}/end'], 'owner', 200),
  call('endConnection', ['POST', '/tenant/connections/7/end'], 'owner', 404),
  call('getRestored', ['GET', '/installation/restored'], 'admin', 200),
  call('markRestored', ['POST', '/installation/restored/mark'], 'owner', 403),
  call('markRestored', ['POST', '/installation/restored/mark'], 'admin', 200),
  call('releaseRestored', ['POST', '/installation/restored/release'], 'admin', 200),
  call('addTenantsOfKey', ['POST', '/tenants/of-key'], 'admin', 201, {
    body: { prefix: 'all', apiKey: '{secondKey}' },
  }),
  call('addTenantsOfKey', ['POST', '/tenants/of-key'], 'admin', 201, {
    body: { prefix: 'all', apiKey: '{secondKey}' },
  }),
  call('addTenant', ['POST', '/tenants'], 'admin', 409, { body: { name: 'second', apiKey: '{secondKey}' } }),
  call('addTenant', ['POST', '/tenants'], 'admin', 400, { body: { name: 'NOT A NAME', apiKey: 'x' } }),
  call('tryKey', ['POST', '/tenants/try-key'], 'admin', 200, { body: { apiKey: '{secondKey}' } }),
  call('tryKey', ['POST', '/tenants/try-key'], 'admin', 502, { body: { apiKey: 'nobodys' } }),
  call('getTenant', ['GET', '/tenants/second'], 'admin', 200),
  call('getTenant', ['GET', '/tenants/nobody'], 'admin', 404),
  call('setTenantState', ['PATCH', '/tenants/second'], 'admin', 200, { body: { state: 'paused', reason: 'holidays' } }),
  call('setTenantState', ['PATCH', '/tenants/second'], 'admin', 412, {
    body: { state: 'active' },
    headers: { 'if-match': '"another"' },
  }),
  call('eraseTenant', ['POST', '/tenants/second/erase'], 'admin', 400, { body: { name: 'another' } }),
  call('eraseTenant', ['POST', '/tenants/second/erase'], 'admin', 202, { body: { name: 'second' } }),
  call('setTenantState', ['PATCH', '/tenants/second'], 'admin', 409, { body: { state: 'active' } }),
  call('getInstallationHealth', ['GET', '/installation/health'], 'admin', 200),
  call('listInstallationTokens', ['GET', '/installation/tokens'], 'admin', 200),
  call('createInstallationToken', ['POST', '/installation/tokens'], 'admin', 201, {
    body: { name: 'another admin', role: 'admin' },
    keeps: { adminToken: 'tokenId' },
  }),
  call('revokeInstallationToken', ['DELETE', '/installation/tokens/{adminToken}'], 'admin', 204),
  call('listInstallationAudit', ['GET', '/installation/audit?limit=3'], 'admin', 200),
  call('verifyInstallationAudit', ['GET', '/installation/audit/verification'], 'admin', 200),
  call('getOwnTenant', ['GET', '/tenant'], 'viewer', 200),
  call('getOwnTenant', ['GET', '/tenant'], 'admin', 400),
  call('getOwnTenant', ['GET', '/tenant'], 'admin', 200, { headers: { 'millwright-tenant': 'plant' } }),
  call('getSettings', ['GET', '/tenant/settings'], 'viewer', 200),
  call('changeSettings', ['PATCH', '/tenant/settings'], 'owner', 200, { body: { details: 'all', since: null } }),
  call('changeSettings', ['PATCH', '/tenant/settings'], 'owner', 400, { body: { nonsense: 1 } }),
  call('setApiKey', ['PUT', '/tenant/api-key'], 'owner', 200, { body: { apiKey: '{key}' } }),
  call('rotateHooks', ['POST', '/tenant/rotate-hooks'], 'owner', 202),
  call('rotateDataKey', ['POST', '/tenant/rotate-data-key'], 'owner', 200),
  call('listTokens', ['GET', '/tokens'], 'owner', 200),
  call('createToken', ['POST', '/tokens'], 'owner', 201, {
    body: { name: 'BI', role: 'viewer', scopes: ['records:read'], expiresAt: '2099-01-01T00:00:00.000Z' },
    keeps: { token: 'tokenId' },
  }),
  call('createToken', ['POST', '/tokens'], 'owner', 403, { body: { name: 'root', role: 'admin' } }),
  call('revokeToken', ['DELETE', '/tokens/{token}'], 'owner', 204),
  call('revokeToken', ['DELETE', '/tokens/{token}'], 'owner', 404),
  call('listAudit', ['GET', '/audit'], 'owner', 200),
  call('listAudit', ['GET', '/audit'], 'viewer', 403),
  call('verifyAudit', ['GET', '/audit/verification'], 'owner', 200),
  call('getSyncStatus', ['GET', '/sync'], 'viewer', 200),
  call('planBackfill', ['POST', '/sync/plan'], 'owner', 202),
  call('requestBackfill', ['POST', '/sync/backfill'], 'owner', 202),
  call('requestSweep', ['POST', '/sync/sweep'], 'owner', 202, { headers: { 'idempotency-key': 'one' } }),
  call('requestSweep', ['POST', '/sync/sweep'], 'owner', 202, { headers: { 'idempotency-key': 'one' } }),
  call('releaseDeletes', ['POST', '/sync/release'], 'owner', 202, { body: { kind: 'asset' } }),
  call('listRecords', ['GET', '/records/asset?limit=2'], 'viewer', 200, { keeps: { asset: 'items.0.recordId' } }),
  call('listRecords', ['GET', '/records/nothing'], 'viewer', 400),
  call('getRecord', ['GET', '/records/asset/{asset}'], 'viewer', 200),
  call('getRecord', ['GET', '/records/asset/999999999'], 'viewer', 404),
  call('explainRecord', ['GET', '/records/asset/{asset}/explanation'], 'viewer', 200),
  call('explainRecord', ['GET', '/records/asset/999999999/explanation'], 'viewer', 404),
  call('redactField', ['POST', '/records/asset/{asset}/redaction'], 'owner', 200, {
    body: { field: 'description', reason: 'asked for' },
  }),
  call('redactField', ['POST', '/records/asset/{asset}/redaction'], 'viewer', 403, {
    body: { field: 'description', reason: 'asked for' },
  }),
  call('listFiles', ['GET', '/records/asset/{asset}/files'], 'viewer', 200),
  call('getFile', ['GET', '/records/asset/{asset}/files/content?file=nothing'], 'viewer', 404),
  call('getFile', ['GET', '/records/asset/{asset}/files/content'], 'viewer', 400),
  call('getTenantHealth', ['GET', '/tenant/health'], 'viewer', 200),
  call('getQuota', ['GET', '/tenant/quota?minutes=5'], 'viewer', 200),
  call('listMissedWebhooks', ['GET', '/tenant/missed-webhooks?days=3'], 'viewer', 200),
  call('getCoverage', ['GET', '/coverage'], 'viewer', 200),
  call('planCoverage', ['POST', '/coverage/plan'], 'viewer', 200, { body: { share: 0.2 } }),
  call('planCoverage', ['POST', '/coverage/plan'], 'viewer', 400, { body: {} }),
  call('listEvents', ['GET', '/events?limit=5&family=state'], 'viewer', 200),
  call('listEvents', ['GET', '/events?cursor=nonsense'], 'viewer', 400),
  call('listDeliveries', ['GET', '/deliveries?limit=2'], 'viewer', 200, { keeps: { delivery: 'items.0.deliveryId' } }),
  call('getDelivery', ['GET', '/deliveries/{delivery}'], 'viewer', 200),
  call('getDelivery', ['GET', '/deliveries/00000000-0000-7000-8000-000000000000'], 'viewer', 404),
  call('replayDelivery', ['POST', '/deliveries/{delivery}/replay'], 'owner', 202),
  call('listParked', ['GET', '/parked'], 'viewer', 200),
  call('replayParked', ['POST', '/parked/replay'], 'owner', 202, { body: { id: 'all' } }),
  call('discardParked', ['POST', '/parked/discard'], 'owner', 404, {
    body: { id: '{delivery}', reason: 'not needed' },
  }),
];
