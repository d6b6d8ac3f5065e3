import type pg from 'pg';

/** Tables that have a column for the tenant, by PostgreSQL's catalogue, days of deliveries left out. */
export async function tablesOfTenants(owner: pg.Client): Promise<readonly string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** A day that `plantRow` puts deliveries on; it has to be there. */
export const PLANTED_ON = '2026-09-16';

const SAMPLES: Readonly<Record<string, unknown>> = {
  text: 'x',
  _text: '{}',
  bytea: Buffer.from('x'),
  uuid: '00000000-0000-7000-8000-000000000001',
  json: '{}',
  jsonb: '{}',
  timestamptz: new Date(0),
  bool: true,
  date: PLANTED_ON,
};

/** A row of the tenant in each of these tables, with whatever the columns ask for; where there is such a row, it stays. */
export async function plantRows(owner: pg.Client, tables: readonly string[], tenantId: string): Promise<void> {
  // Foreign keys between tenant tables are not what is tested.
  await owner.query("set session_replication_role = 'replica'");
  for (const table of tables) await plantRow(owner, table, tenantId);
  await owner.query("set session_replication_role = 'origin'");
}

async function plantRow(owner: pg.Client, table: string, tenantId: string): Promise<void> {
  const { rows: columns } = await owner.query<{ name: string; type: string; sample: string | null }>(
    `select column_name as name, udt_name as type,
            (select (regexp_match(pg_get_constraintdef(k.oid), $$'([^']+)'::text$$))[1]
             from pg_constraint k where k.conrelid = $1::text::regclass and k.contype = 'c'
               and pg_get_constraintdef(k.oid) like '%' || column_name || ' =%'
             -- What the column may be, rather than what it must be beside another.
             order by pg_get_constraintdef(k.oid) not like '%' || column_name || ' = ANY%' limit 1) as sample
     from information_schema.columns
     where table_schema = 'public' and table_name = $1::text
       and ((is_nullable = 'NO' and column_default is null) or column_name = 'tenant_id')`,
    [table],
  );
  const values = columns.map(({ name, type, sample }) =>
    name === 'tenant_id' ? tenantId : (sample ?? SAMPLES[type] ?? 1),
  );
  await owner.query(
    `insert into ${table} (${columns.map(({ name }) => name).join(', ')})
     values (${values.map((_, nth) => `$${nth + 1}`).join(', ')}) on conflict do nothing`,
    values,
  );
}
