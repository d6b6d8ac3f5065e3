import { note, type Actor } from '../audit/index.ts';
import type { Clock } from '../base/clock.ts';
import { isCoded } from '../base/coded-error.ts';
import type { Random } from '../base/random.ts';
import type { Secret } from '../base/secret.ts';
import { uuidv7 } from '../base/uuid.ts';
import { raise } from '../errors.ts';
import { insertOrganizationLanes, insertTenantLanes } from '../jobs/index.ts';
import type { MaintainxClient, Organization } from '../maintainx/index.ts';
import type { Database } from '../postgres/index.ts';
import { insertConnection, insertTenant, organizationIdsOf, tenantByName, type Connection } from '../tenants/index.ts';
import type { Vault } from '../vault/index.ts';
import { tryKey } from './try-key.ts';

export interface NewTenant {
  readonly name: string;
  readonly apiKey: Secret;
  /** MaintainX's organisation id; needed when the key sees several. */
  readonly organizationId: string | undefined;
  /** A name for the user whose quota the key uses, for who has several keys of one user. */
  readonly principal?: string | undefined;
  /** Who adds it, for its audit. */
  readonly actor: Actor;
}

export interface AddedTenant {
  readonly tenantId: string;
  readonly name: string;
  readonly organization: Organization;
  /** See KeyTrial. */
  readonly clockAheadMs: number | null;
}

export interface OnboardingPorts {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  /** A client with this key, before there is a connection. */
  readonly clientWith: (apiKey: Secret) => MaintainxClient;
}

/**
 * Tries the key at MaintainX and makes the tenant with its connection. Its work is due at once: a running server makes
 * the webhook subscriptions and starts the backfill.
 */
export async function addTenant(ports: OnboardingPorts, given: NewTenant): Promise<AddedTenant> {
  const { organizations, clockAheadMs } = await tryKey(ports.clientWith, given.apiKey, ports.clock);
  const made = await make(ports, given, chosen(organizations, given.organizationId), organizations.length > 1);
  return { ...made, clockAheadMs };
}

/** A tenant for each organisation that a key sees. */
export interface NewTenants extends Pick<NewTenant, 'apiKey' | 'principal' | 'actor'> {
  /** Each is called after it and its organisation's id: `acme` makes `acme-1`, `acme-2` … */
  readonly prefix: string;
}

export interface AddedOfKey extends Omit<AddedTenant, 'clockAheadMs'> {
  /** false: there was a tenant of this name already, which is left as it is. */
  readonly isNew: boolean;
}

/**
 * Tries the key and makes a tenant for each organisation that it sees: they share its user's quota and nothing else. What was
 * cut off is done by doing it again: tenants that are there already are left as they are.
 */
export async function addTenantsOfKey(ports: OnboardingPorts, given: NewTenants): Promise<readonly AddedOfKey[]> {
  const organizations = await ports.clientWith(given.apiKey).organizations();
  const all: AddedOfKey[] = [];
  for (const organization of organizations) {
    const name = `${given.prefix}-${organization.id}`;
    const one = { ...given, name, organizationId: organization.id };
    all.push(await makeOrFind(ports, one, organization, organizations.length > 1));
  }
  return all;
}

async function makeOrFind(
  ports: OnboardingPorts,
  given: NewTenant,
  organization: Organization,
  sendsOrganization: boolean,
): Promise<AddedOfKey> {
  try {
    return { ...(await make(ports, given, organization, sendsOrganization)), isNew: true };
  } catch (error) {
    if (!isCoded(error, 'tenant-exists')) throw error;
    const { tenantId } = await tenantByName(ports.database, given.name);
    // Somebody else's of that name.
    const held = await ports.database.withTenant(tenantId, organizationIdsOf);
    if (!held.includes(organization.id)) throw error;
    return { tenantId, name: given.name, organization, isNew: false };
  }
}

async function make(
  ports: OnboardingPorts,
  given: NewTenant,
  organization: Organization,
  sendsOrganization: boolean,
): Promise<Omit<AddedTenant, 'clockAheadMs'>> {
  const now = ports.clock.now();
  const tenantId = uuidv7(now, ports.random);
  const connection = newConnection(ports, given, organization, sendsOrganization);
  await ports.database.withTenant(tenantId, async (tx) => {
    await insertTenant(tx, given.name, now);
    await ports.vault.admit(tx, now);
    await insertConnection(tx, ports.vault, connection, now);
    await insertTenantLanes(tx, now);
    await insertOrganizationLanes(tx, organization.id, now);
    const after = { name: given.name, organizationId: organization.id };
    await note(tx, { ...given.actor, action: 'addTenant', target: given.name, before: null, after }, now);
  });
  return { tenantId, name: given.name, organization };
}

/** One more organisation of a tenant that there is. */
export type NewConnection = Pick<NewTenant, 'apiKey' | 'organizationId' | 'principal'>;

/** Tries the key at MaintainX and answers the connection that there is to be. Rejects as `addTenant` does. */
export async function triedConnection(
  ports: Pick<OnboardingPorts, 'clock' | 'random' | 'clientWith'>,
  given: NewConnection,
): Promise<Connection> {
  const organizations = await ports.clientWith(given.apiKey).organizations();
  return newConnection(ports, given, chosen(organizations, given.organizationId), organizations.length > 1);
}

const newConnection = (
  { clock, random }: Pick<OnboardingPorts, 'clock' | 'random'>,
  { apiKey, principal = null }: { readonly apiKey: Secret; readonly principal?: string | null | undefined },
  organization: Organization,
  sendsOrganization: boolean,
): Connection => ({
  connectionId: uuidv7(clock.now(), random),
  organizationId: organization.id,
  organizationName: organization.name,
  sendsOrganization,
  apiKey,
  principal,
});

function chosen(organizations: readonly Organization[], wanted: string | undefined): Organization {
  const only = organizations.length === 1 ? organizations[0] : undefined;
  const found = wanted === undefined ? only : organizations.find((one) => one.id === wanted);
  if (found !== undefined) return found;
  const seen = organizations.map((one) => `${one.id} (${one.name})`).join(', ');
  throw raise(
    'usage',
    wanted === undefined
      ? `the key sees ${organizations.length} organisations: ${seen}; choose one with --organization, or --all-organizations`
      : `the key does not see organisation ${wanted}; it sees: ${seen}`,
  );
}
