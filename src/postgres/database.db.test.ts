import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../test/database.ts';
import { Secret } from '../base/secret.ts';
import { openDatabase, type Database, type TenantTransaction } from './database.ts';

const tenantId = randomUUID();
let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase(2);
});
afterAll(() => test.drop());

/** Ends the transaction's connection from outside, as a restart or a failover does. */
async function breakConnection(tx: TenantTransaction): Promise<void> {
  const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
  await test.owner.query('select pg_terminate_backend($1)', [row?.pid]);
}

it('outlives connections that break in the middle of transactions, and says that the database was away', async () => {
  for (let nth = 0; nth < 5; nth++) {
    const broken = test.database.withTenant(tenantId, async (tx) => {
      await breakConnection(tx);
      await tx.query('select 1');
    });
    await expect(broken).rejects.toMatchObject({ code: 'database-unavailable', retryable: true });
  }
  expect(await test.database.withTenant(tenantId, (tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);
});

it('outlives a connection that breaks while the transaction waits for something else', async () => {
  const broken = test.database.withTenant(tenantId, async (tx) => {
    await breakConnection(tx);
    await new Promise((resolve) => void setTimeout(resolve, 50));
    return 'the work was done';
  });
  await expect(broken).rejects.toMatchObject({ code: 'database-unavailable' });
  expect(await test.database.withTenant(tenantId, (tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);
});

it('says of a database that can only be read, or whose disk is full, that it is away: nobody’s data is at fault', async () => {
  const insert = test.database.withTenant(tenantId, async (tx) => {
    await tx.query('set transaction read only');
    await tx.query("insert into checkpoints (tenant_id, consumer, seq) values ($1, 'x', 1)", [tenantId]);
  });
  await expect(insert).rejects.toMatchObject({ code: 'database-unavailable', retryable: true });
  const full = test.database.withTenant(tenantId, (tx) =>
    tx.query(`do $$ begin raise exception 'no space left' using errcode = 'disk_full'; end $$`),
  );
  await expect(full).rejects.toMatchObject({ code: 'database-unavailable' });
});

it('rolls back what a failed transaction wrote and gives the connection back clean', async () => {
  for (let nth = 0; nth < 6; nth++) {
    const failed = test.database.withTenant(tenantId, async (tx) => {
      await tx.query("insert into checkpoints (tenant_id, consumer, seq) values ($1, 'x', 1)", [tenantId]);
    });
    await expect(failed).rejects.toThrow(/foreign key/);
  }
  const rows = await test.database.directory.query("select current_setting('app.tenant', true) as tenant");
  expect([{ tenant: '' }, { tenant: null }]).toContainEqual(rows[0]);
});

it('parses a statement anew when a migration has changed what it reads from', async () => {
  const read = 'select * from changing where a = $1';
  const changed = test.database.withTenant(tenantId, async (tx) => {
    await tx.query('create temp table changing (a int)');
    await tx.query(read, [1]);
    await tx.query('alter table changing add b int');
    await tx.query(read, [1]);
  });
  await expect(changed).rejects.toMatchObject({ code: '0A000' });
  const rows = await test.database.withTenant(tenantId, async (tx) => {
    await tx.query('create temp table changing (a int, b int) on commit drop');
    await tx.query('insert into changing values (1, 2)');
    return tx.query(read, [1]);
  });
  expect(rows).toEqual([{ a: 1, b: 2 }]);
});

describe('a tenant for which much is asked at once', () => {
  /** Ten transactions that end when they are told to. */
  function hoard(database: Database) {
    const { promise: end, resolve: tell } = Promise.withResolvers<void>();
    let under = 0;
    const all = Array.from({ length: 10 }, () =>
      database.withTenant(tenantId, async (tx) => {
        await tx.query('select 1');
        under++;
        await end;
      }),
    );
    return { tell, under: () => under, over: Promise.all(all) };
  }
  const open = (most: number | null): Database =>
    openDatabase({
      url: new Secret(test.runtimeUrl.reveal()),
      connections: 4,
      onError: () => undefined,
      mostOf: () => Promise.resolve(most),
    });

  it('leaves half of the connections to others, and has its own turn after turn', async () => {
    const database = open(null);
    const { tell, under, over } = hoard(database);
    while (under() < 2) await new Promise((resolve) => void setTimeout(resolve, 5));
    for (let nth = 0; nth < 3; nth++)
      expect(await database.withTenant(randomUUID(), (tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);
    expect(under()).toBe(2);
    tell();
    await over;
    expect(under()).toBe(10);
    await database.close();
  });

  it('has as many as were chosen for it', async () => {
    for (const [most, had] of [
      [1, 1],
      [3, 3],
      [9, 4],
    ] as const) {
      const database = open(most);
      // It is known from the first on.
      await database.withTenant(tenantId, (tx) => tx.query('select 1'));
      const { tell, under, over } = hoard(database);
      while (under() < had) await new Promise((resolve) => void setTimeout(resolve, 5));
      await new Promise((resolve) => void setTimeout(resolve, 50));
      expect(under()).toBe(had);
      tell();
      await over;
      await database.close();
    }
  });
});
