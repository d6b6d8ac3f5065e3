import { canonicalJson } from '../base/canonical-json.ts';
import type { TenantTransaction } from '../postgres/index.ts';
import { DEFAULT_SETTINGS, parseSettings } from './settings.ts';
import type { SettingsStatements } from './statements.ts';

export const postgresSettings = (tx: TenantTransaction): SettingsStatements => ({
  read: async () => {
    const [row] = await tx.query<{ settings: string }>('select settings from pull_settings where tenant_id = $1', [
      tx.tenantId,
    ]);
    return row === undefined ? DEFAULT_SETTINGS : parseSettings(row.settings);
  },
  write: async (settings) => {
    await tx.query(
      `insert into pull_settings (tenant_id, settings) values ($1, $2)
       on conflict (tenant_id) do update set settings = excluded.settings`,
      [tx.tenantId, canonicalJson({ ...settings })],
    );
  },
});
