import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from './database.ts';
import { plantRows, tablesOfTenants } from './every-table.ts';

/** Tables without customer data, needed before a tenant is known. Nothing else may go without row-level security. */
const DIRECTORY = [
  'access_tokens',
  'database_home',
  'hook_keys',
  'installation',
  'quota_windows',
  'schema_migrations',
  'tenant_figures',
  'tenant_leases',
  'tenants',
];

interface TableFacts {
  table: string;
  has_tenant: boolean;
  enabled: boolean;
  forced: boolean;
  is_part: boolean;
  /** Rights of others than the owner. */
  granted: number;
  policies: { using: string | null; check: string | null; command: string; permissive: boolean }[];
}

/** What is wrong with the tables of schema public, in words; empty: each one is either directory or isolated. */
async function tenancyFaults(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query<TableFacts>(`
    select c.relname as table, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
           exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull) as has_tenant,
           c.relispartition as is_part,
           (select count(*)::int from aclexplode(c.relacl) a where a.grantee <> c.relowner) as granted,
           coalesce((select json_agg(json_build_object(
               'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid),
               'command', p.polcmd, 'permissive', p.polpermissive))
             from pg_policy p where p.polrelid = c.oid), '[]') as policies
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1`);
  const views = await owner.query<{ view: string }>(`
    select c.relname as view from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public'
      and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce(c.reloptions @> array['security_invoker=true'], false)))`);
  return [
    ...rows.filter((row) => !DIRECTORY.includes(row.table)).flatMap(faultsOf),
    ...views.rows.map((row) => `${row.view}: a view that does not check the caller's rows`),
  ];
}

const POLICY = '(tenant_id = current_tenant())';
/** Taken in for many tenants with one statement: inserted only, and only while the transaction names the tenant. */
const TAKEN_IN = ['deliveries', 'delivery_queue'];
const INTAKE = {
  using: null,
  check: '(tenant_id = ANY (( SELECT taken_in_for() AS taken_in_for)::uuid[]))',
  command: 'a',
  permissive: true,
};

function faultsOf(row: TableFacts): string[] {
  const expected = [
    { using: POLICY, check: POLICY, command: '*', permissive: true },
    ...(TAKEN_IN.includes(row.table) ? [INTAKE] : []),
  ];
  // A part of a table is reached through that table alone: nobody has rights on it, and no policy lets anybody pass.
  const wanted = row.is_part ? [] : expected;
  const byCommand = [...row.policies].sort((left, right) => (left.command < right.command ? -1 : 1));
  const isolated = isDeepStrictEqual(byCommand, wanted) && (!row.is_part || row.granted === 0);
  return [
    ...(row.has_tenant ? [] : [`${row.table}: no tenant_id`]),
    ...(row.enabled && row.forced ? [] : [`${row.table}: row-level security is not forced`]),
    ...(isolated ? [] : [`${row.table}: the policies are not the one equality on the tenant`]),
  ];
}

let test: TestDatabase;
const mine = randomUUID();
const foreign = randomUUID();

beforeAll(async () => {
  test = await testDatabase();
  await test.owner.query("select prepare_delivery_days('2026-09-16', '2026-09-17')");
  for (const tenantId of [mine, foreign]) await fillEveryTable(test.owner, tenantId);
});
afterAll(() => test.drop());

/** One row of the tenant in every tenant table, made by the owner with whatever the columns ask for. */
async function fillEveryTable(owner: pg.Client, tenantId: string): Promise<void> {
  await owner.query(`insert into tenants (tenant_id, name, state, created_at) values ($1, $2, 'active', now())`, [
    tenantId,
    `t-${tenantId}`,
  ]);
  await owner.query("select set_config('app.tenant', $1, false)", [tenantId]);
  await plantRows(owner, await tenantTables(owner), tenantId);
}

const tenantTables = async (owner: pg.Client): Promise<readonly string[]> =>
  (await tablesOfTenants(owner)).filter((table) => !DIRECTORY.includes(table));

describe('every table with tenant data', () => {
  it('has forced row-level security with one equality policy', async () => {
    expect(await tenancyFaults(test.owner)).toEqual([]);
  });

  it('shows a tenant its own rows and refuses the other tenant’s context', async () => {
    const tables = await tenantTables(test.owner);
    expect(tables.length).toBeGreaterThanOrEqual(10);
    for (const table of tables) {
      const seen = await test.database.withTenant(mine, (tx) =>
        tx.query<{ tenant_id: string }>(`select tenant_id from ${table}`),
      );
      expect([table, seen.map((row) => row.tenant_id)]).toEqual([table, [mine]]);
    }
  });

  it('takes no row that names another tenant', async () => {
    for (const table of await tenantTables(test.owner)) {
      const forged = test.database.withTenant(mine, (tx) =>
        tx.query(`insert into ${table} select * from json_populate_record(null::${table}, $1)`, [
          JSON.stringify({ tenant_id: foreign, received_on: '2026-09-16' }),
        ]),
      );
      await expect(forged).rejects.toThrow(/row-level security|permission denied|null value/);
    }
  });

  it('keeps the days of deliveries to the table that they are part of', async () => {
    const direct = test.database.withTenant(mine, (tx) => tx.query('select 1 from deliveries_20260916'));
    await expect(direct).rejects.toThrow(/permission denied/);
  });

  it('takes deliveries in for the tenants that are named, for no other, and shows them nothing', async () => {
    const arrive = (tenantId: string) =>
      test.database.inDirectory(async (tx) => {
        await tx.query("select set_config('app.intake', $1, true)", [`${mine},${randomUUID()}`]);
        const seen = await tx.query('select 1 from deliveries union all select 1 from delivery_queue');
        await tx.query(
          `insert into delivery_queue (tenant_id, arrival_id, received_on, delivery_id)
           values ($1, $2, '2026-09-16', $2)`,
          [tenantId, randomUUID()],
        );
        return seen.length;
      });
    expect(await arrive(mine)).toBe(0);
    for (const stranger of [foreign, `${mine.slice(0, -1)}${mine.endsWith('0') ? '1' : '0'}`])
      await expect(arrive(stranger)).rejects.toThrow(/row-level security/);
    const other = test.database.inDirectory(async (tx) => {
      await tx.query("select set_config('app.intake', $1, true)", [mine]);
      await tx.query(`insert into records (tenant_id) values ($1)`, [mine]);
    });
    await expect(other).rejects.toThrow(/row-level security|null value/);
  });

  it('shows nothing without a tenant, on a fresh connection as on a used one', async () => {
    for (const table of await tenantTables(test.owner)) {
      const rows = await test.database.directory.query(`select 1 from ${table}`);
      expect([table, rows]).toEqual([table, []]);
    }
  });
});

describe('the check itself', () => {
  const planted = [
    ['a table without row-level security', 'create table planted (tenant_id uuid not null, data text)'],
    [
      'a table whose owner escapes',
      `create table planted (tenant_id uuid not null); alter table planted enable row level security;
       create policy tenant on planted using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())`,
    ],
    [
      'a policy that lets everything pass',
      `create table planted (tenant_id uuid not null); alter table planted enable row level security;
       alter table planted force row level security; create policy tenant on planted using (true) with check (true)`,
    ],
    [
      'a second policy that opens a door',
      `create table planted (tenant_id uuid not null); alter table planted enable row level security;
       alter table planted force row level security;
       create policy tenant on planted using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
       create policy door on planted for select using (true)`,
    ],
    [
      'a door for many tenants on another table than those of deliveries',
      `create table planted (tenant_id uuid not null); alter table planted enable row level security;
       alter table planted force row level security;
       create policy tenant on planted using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
       create policy intake on planted for insert with check (tenant_id = any ((select taken_in_for())::uuid[]))`,
    ],
    [
      'a part of a table on which somebody has rights',
      `create table planted (like deliveries including all); alter table planted enable row level security;
       alter table planted force row level security; grant select on planted to public;
       alter table deliveries attach partition planted for values from ('1999-01-01') to ('1999-01-02')`,
    ],
    ['a table without tenant', 'create table planted (data text)'],
    ['a view that reads as its owner', 'create view planted as select * from records'],
    ['a materialized view', 'create materialized view planted as select * from records'],
  ] as const;

  it.each(planted)('turns red at %s', async (_what, sql) => {
    await test.owner.query('begin');
    try {
      await test.owner.query(sql);
      expect((await tenancyFaults(test.owner)).join()).toContain('planted');
    } finally {
      await test.owner.query('rollback');
    }
  });
});

describe('the runtime role', () => {
  it('owns nothing, is no superuser and cannot step around row-level security', async () => {
    const [role] = await test.database.directory.query<{ super: boolean; bypass: boolean; owned: number }>(
      `select rolsuper as super, rolbypassrls as bypass,
              (select count(*) from pg_class c where c.relowner = r.oid) as owned
       from pg_roles r where rolname = current_user`,
    );
    expect(role).toEqual({ super: false, bypass: false, owned: 0 });
  });

  it.each(['update events set data = data', 'delete from events', 'create table x (a int)', 'truncate records'])(
    'may not: %s',
    async (sql) => {
      await expect(test.database.withTenant(mine, (tx) => tx.query(sql))).rejects.toThrow(
        /permission denied|must be owner/,
      );
    },
  );

  it('keeps tenants apart over a pool of connections with errors in between', async () => {
    const work = Array.from({ length: 300 }, (_, index) => {
      const tenantId = index % 2 === 0 ? mine : foreign;
      return test.database
        .withTenant(tenantId, async (tx) => {
          const rows = await tx.query<{ tenant_id: string }>('select tenant_id from records');
          if (index % 7 === 0) throw new Error('planned');
          if (index % 11 === 0) await tx.query('select 1 / 0');
          return rows.every((row) => row.tenant_id === tenantId);
        })
        .catch((error: unknown) => (error instanceof Error ? 'failed as planned' : error));
    });
    const outcomes = new Set(await Promise.all(work));
    expect(outcomes).toEqual(new Set([true, 'failed as planned']));
  });
});
