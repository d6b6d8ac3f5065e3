import type { Database, TenantTransaction } from '../../src/postgres/index.ts';
import type { Dice } from './probe.ts';

export interface InterleaveReport {
  readonly transactions: number;
  /** By how they ended. */
  readonly ends: Readonly<Record<string, number>>;
  /** Rows of another tenant that one of them saw. */
  readonly foreign: number;
}

const ENDS = ['commit', 'commit', 'commit', 'throw', 'error', 'cancel', 'lose'] as const;
type End = (typeof ENDS)[number];

/**
 * Many transactions of several tenants over the few connections of one pool, ending in every way there is: what one of them leaves
 * on a connection must not let the next one see rows of another tenant. Every tenant has one row in `records`.
 */
export async function interleave(
  database: Database,
  tenants: readonly string[],
  dice: Dice,
  count: number,
): Promise<InterleaveReport> {
  const ends: Record<string, number> = {};
  let [foreign, begun] = [0, 0];
  const worker = async (): Promise<void> => {
    while (begun < count) {
      begun++;
      const tenantId = tenants[dice.below(tenants.length)] ?? '';
      const end: End = ENDS[dice.below(ENDS.length)] ?? 'commit';
      const rows = await one(database, tenantId, end);
      ends[end] = (ends[end] ?? 0) + 1;
      foreign += rows.filter((row) => row !== tenantId).length;
      // Outside of any tenant nothing is to be seen.
      if (dice.below(10) === 0) foreign += (await database.directory.query('select 1 from records')).length;
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return { transactions: begun, ends, foreign };
}

async function one(database: Database, tenantId: string, end: End): Promise<readonly string[]> {
  const seen: string[] = [];
  const work = async (tx: TenantTransaction): Promise<void> => {
    const rows = await tx.query<{ tenant_id: string }>('select tenant_id from records');
    seen.push(...rows.map((row) => row.tenant_id));
    if (end === 'throw') throw new Error('planned');
    if (end === 'error') await tx.query('select 1 / 0');
    if (end === 'cancel') {
      await tx.query(`set local statement_timeout = '2ms'`);
      await tx.query('select pg_sleep(1)');
    }
    if (end === 'lose') await tx.query('select pg_terminate_backend(pg_backend_pid())');
    const again = await tx.query<{ tenant_id: string }>('select tenant_id from records');
    seen.push(...again.map((row) => row.tenant_id));
  };
  const error: unknown = await database.withTenant(tenantId, work).catch((reason: unknown) => reason);
  if (end === 'commit' && error instanceof Error) throw error;
  if (end !== 'commit' && error === undefined) throw new Error(`a transaction that was to ${end} committed`);
  return seen;
}
