import type { Secret } from '../base/secret.ts';
import { raise } from '../errors.ts';
import { connectionOf, replaceApiKey } from '../tenants/index.ts';
import type { OnboardingPorts } from './add-tenant.ts';

/** Tries the new key at MaintainX and stores it in place of the old one. Answers the organisation that it is for. */
export async function replaceKey(
  ports: Pick<OnboardingPorts, 'database' | 'vault' | 'clientWith'>,
  tenantId: string,
  apiKey: Secret,
): Promise<string> {
  const { organizationId } = await ports.database.withTenant(tenantId, (tx) => connectionOf(tx, ports.vault));
  const organizations = await ports.clientWith(apiKey).organizations();
  if (!organizations.some((one) => one.id === organizationId))
    throw raise('usage', `the key does not see organisation ${organizationId}, whose copy this tenant is`);
  await ports.database.withTenant(tenantId, (tx) =>
    replaceApiKey(tx, ports.vault, { apiKey, sendsOrganization: organizations.length > 1 }),
  );
  return organizationId;
}
