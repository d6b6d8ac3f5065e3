import { note, type Actor } from '../audit/index.ts';
import type { BlobStore } from '../blobs/index.ts';
import { HOOK_KEYS_KNOWN_MS } from '../inbound/index.ts';
import { eraseSomeRows, eraseTenantRow, tenantsToErase } from '../tenants/index.ts';
import { INSTALLATION, type Office } from './office.ts';

/** Rows of each table that go in one transaction. */
const AT_ONCE = 5_000;
/** Until then a process may still take webhooks in by what it remembers of the tenant. */
const SETTLED_AFTER_MS = HOOK_KEYS_KNOWN_MS + 10_000;

export interface ErasureReport {
  /** Tenants of whom nothing is left but a line in the installation's audit. */
  readonly gone: readonly string[];
  /** Tenants whose last rows go in a minute. */
  readonly underWay: readonly string[];
}

/** Goes on with every erasure, from wherever it was left; by several processes at once it does no harm. */
export async function eraseFurther(office: Office, blobs: BlobStore, by: Actor): Promise<ErasureReport> {
  const [gone, underWay]: [string[], string[]] = [[], []];
  for (const { tenantId, name, since } of await tenantsToErase(office.database.directory)) {
    while (await eraseSomeRows(office.database.directory, tenantId, AT_ONCE));
    await blobs.removeAll(tenantId);
    const now = office.clock.now();
    if (now < since + SETTLED_AFTER_MS) underWay.push(name);
    else if (await finish(office, tenantId, name, by, now)) gone.push(name);
  }
  return { gone, underWay };
}

/** The tenant's own row goes together with the line that tells of it. */
const finish = ({ database }: Office, tenantId: string, name: string, by: Actor, now: number): Promise<boolean> =>
  database.withTenant(INSTALLATION, async (tx) => {
    if (!(await eraseTenantRow(tx, tenantId))) return false;
    await note(tx, { ...by, action: 'eraseTenant', target: `${tenantId} (${name})`, before: name, after: null }, now);
    return true;
  });
