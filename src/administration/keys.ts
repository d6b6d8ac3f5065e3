import type { Secret } from '../base/secret.ts';
import { raise } from '../errors.ts';
import { keyChanged, resealHookSecrets } from '../inbound/index.ts';
import type { MaintainxClient } from '../maintainx/index.ts';
import type { Database } from '../postgres/index.ts';
import { connectionMeant, replaceApiKey, resealApiKeys } from '../tenants/index.ts';
import { forgetRetiredKeys, replaceDataKey, type Keyring, type Vault } from '../vault/index.ts';
import type { Change } from './office.ts';

interface Keys {
  readonly database: Database;
  readonly vault: Vault;
  readonly clientWith: (apiKey: Secret) => MaintainxClient;
}

/**
 * Tries the new API key at MaintainX and answers the change that puts it in place of the old one. Rejects with `usage` when the
 * key does not see the organisation. `asked`: which organisation's; undefined: the only one's.
 */
export async function setApiKey(
  keys: Keys,
  tenantId: string,
  apiKey: Secret,
  asked?: string,
): Promise<Change<{ organizationId: string }>> {
  const { database, vault } = keys;
  const { connectionId, organizationId, endedAt } = await database.withTenant(tenantId, (tx) =>
    connectionMeant(tx, asked),
  );
  if (endedAt !== null) throw raise('not-found', `the connection to organisation ${organizationId} was ended`);
  const organizations = await keys.clientWith(apiKey).organizations();
  if (!organizations.some((one) => one.id === organizationId))
    throw raise('usage', `the key does not see organisation ${organizationId}, whose copy this tenant has`);
  return async ({ whole, inbound, now }) => {
    await replaceApiKey(whole, vault, connectionId, { apiKey, sendsOrganization: organizations.length > 1 });
    await keyChanged(inbound, organizationId, now);
    // Of a key not even a hash is kept.
    return { target: `organisation ${organizationId}`, before: null, after: null, answer: { organizationId } };
  };
}

/** A replaced data key still opens for so long: for whoever had read a secret a moment before. */
const RETIRED_MS = 60_000;

/** Gives the tenant a new data key and seals its secrets with it, while everything goes on. Answers how many secrets. */
export const rotateDataKey =
  (vault: Vault, keyring: Keyring): Change<{ sealed: number }> =>
  async ({ whole, now }) => {
    await forgetRetiredKeys(whole, now - RETIRED_MS);
    const sealed = await replaceDataKey(whole, vault, keyring, [resealApiKeys, resealHookSecrets], now);
    return { target: 'data key', before: null, after: { sealed }, answer: { sealed } };
  };
