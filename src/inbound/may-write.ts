import { restoredAt, type Database } from '../postgres/index.ts';
import { postgresSettings } from './postgres-settings.ts';
import type { Writes } from './settings.ts';

/** Whether anything may be written to MaintainX for the tenant now: as was chosen for it, and not from a restored backup. */
export async function writesFor(database: Database, tenantId: string): Promise<Writes | 'restored'> {
  if ((await restoredAt(database.directory)) !== null) return 'restored';
  return (await database.withTenant(tenantId, (tx) => postgresSettings(tx).read())).writes;
}
