import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createToken, callerOf } from '../src/access/index.ts';
import {
  adoptMasterKey,
  carryOut,
  changeState,
  erase,
  eraseFurther,
  INSTALLATION,
  makeToken,
  rotateDataKey,
  versionOf,
  type Change,
  type Office,
  type Repeatable,
} from '../src/administration/index.ts';
import { entriesAfter, verifyChain } from '../src/audit/index.ts';
import { sha256 } from '../src/base/hash.ts';
import type { Json } from '../src/base/json.ts';
import { Secret } from '../src/base/secret.ts';
import { memoryBlobs } from '../src/blobs/memory.ts';
import { eraseSomeRows, insertConnection, insertTenant, openConnection } from '../src/tenants/index.ts';
import { fixedKeyring, openVault, type Keyring } from '../src/vault/index.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { PLANTED_ON, plantRows, tablesOfTenants } from './every-table.ts';
import { TEST_MASTER_KEY } from './setup-database.ts';

/** What administrators do: each change with its line in the audit or not at all, keys that are replaced, tenants that go. */
let test: TestDatabase;
let now: number;
let office: Office;
const by = { actor: 'user tester', origin: 'cli here' };
const NEW_KEY = new Secret(randomBytes(32).toString('base64'));

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(() => {
  now = Date.UTC(2026, 10, 30, 12);
  office = { database: test.database, clock: { now: () => now, sleep: () => Promise.resolve() } };
});

const KEY = 'an api key that nobody may see';

async function tenant(keyring: Keyring = fixedKeyring(TEST_MASTER_KEY)): Promise<{ tenantId: string; name: string }> {
  const [tenantId, name] = [randomUUID(), `plant-${randomUUID().slice(0, 8)}`];
  const vault = openVault(keyring);
  await test.database.withTenant(tenantId, async (tx) => {
    await insertTenant(tx, name, now);
    await vault.admit(tx, now);
    await insertConnection(
      tx,
      vault,
      {
        connectionId: randomUUID(),
        organizationId: '1',
        organizationName: 'Plant',
        sendsOrganization: false,
        apiKey: new Secret(KEY),
        principal: null,
      },
      now,
    );
  });
  return { tenantId, name };
}

const entries = (chain: string) => test.database.withTenant(chain, (tx) => entriesAfter(tx, 0, 1_000));
const verified = (chain: string) => test.database.withTenant(chain, verifyChain);
const keyOf = async (keyring: Keyring, tenantId: string): Promise<string> =>
  (await test.database.withTenant(tenantId, (tx) => openConnection(tx, openVault(keyring), '1'))).apiKey.reveal();
const done =
  (target: string, answer: Json = { made: target }): Change<Json> =>
  () =>
    Promise.resolve({ target, before: null, after: answer, answer });

describe('a change', () => {
  it('is there with its line in the audit, or neither is', async () => {
    const { tenantId, name } = await tenant();
    const order = { ...by, tenantId, action: 'setTenantState' };
    await carryOut(office, order, changeState('paused', 'holidays'));
    const failing: Change<Json> = async (tx) => {
      await changeState('active', null)(tx);
      throw new Error('in the middle');
    };
    await expect(carryOut(office, order, failing)).rejects.toThrow('in the middle');
    expect(await entries(tenantId)).toMatchObject([{ seq: 1, ...by, action: 'setTenantState', target: name, at: now }]);
    const [row] = await test.database.directory.query('select state from tenants where tenant_id = $1', [tenantId]);
    expect(row).toEqual({ state: 'paused' });
  });

  it('of what is not as the caller read it is refused, and nothing is done', async () => {
    const { tenantId } = await tenant();
    const order = { ...by, tenantId, action: 'setTenantState' };
    const first = await carryOut(office, order, changeState('paused', null));
    await expect(
      carryOut(office, { ...order, ifMatch: '"something else"' }, changeState('active', null)),
    ).rejects.toMatchObject({ code: 'changed-meanwhile' });
    const again = await carryOut(office, { ...order, ifMatch: versionOf(first) }, changeState('active', null));
    expect(again.state).toBe('active');
    expect(await entries(tenantId)).toHaveLength(2);
  });

  it('that is sent again with its key is done once and answered alike, by many at once', async () => {
    const { tenantId } = await tenant();
    const repeatable: Repeatable = { tokenId: randomUUID(), key: 'once', hash: sha256('a request'), isSecret: false };
    const order = { ...by, tenantId, action: 'make', repeatable };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, nth) => carryOut(office, order, done(`nr ${nth}`))),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await entries(tenantId)).toHaveLength(1);
    const other = { ...order, repeatable: { ...repeatable, hash: sha256('another') } };
    await expect(carryOut(office, other, done('x'))).rejects.toMatchObject({ code: 'request-key-used' });
    const elsewhere = { ...order, repeatable: { ...repeatable, tokenId: randomUUID() } };
    expect(await carryOut(office, elsewhere, done('of another token'))).toEqual({ made: 'of another token' });
    now += 25 * 3_600_000;
    expect(await carryOut(office, order, done('a day later'))).toEqual({ made: 'a day later' });
  });

  it('whose answer is a secret keeps none of it', async () => {
    const { tenantId } = await tenant();
    const repeatable: Repeatable = { tokenId: randomUUID(), key: 'secret', hash: sha256('r'), isSecret: true };
    const given = { tokenId: randomUUID(), name: 'BI', role: 'viewer', scopes: null, expiresAt: null } as const;
    const order = { ...by, tenantId, action: 'createToken', repeatable };
    const { token } = await carryOut(office, order, makeToken(given));
    await expect(carryOut(office, order, makeToken(given))).rejects.toMatchObject({ code: 'request-key-used' });
    const { rows } = await test.owner.query<{ row: string }>('select r::text as row from repeatable_requests r');
    expect(rows.map(({ row }) => row).join()).not.toContain(token.slice(3));
  });
});

describe('the audit', () => {
  it('is a chain in which a changed, a missing and a moved entry are named', async () => {
    const { tenantId } = await tenant();
    for (let nth = 1; nth <= 5; nth++)
      await carryOut(office, { ...by, tenantId, action: `deed ${nth}` }, done(`target ${nth}`));
    expect((await verified(tenantId)).seq).toBe(5);
    const tampered = async (sql: string): Promise<unknown> => {
      await test.owner.query('begin');
      await test.owner.query("set local session_replication_role = 'replica'");
      await test.owner.query(sql, [tenantId]);
      await test.owner.query('commit');
      return verified(tenantId).then(
        () => 'nothing noticed',
        (error: unknown) => (error instanceof Error ? error.message : error),
      );
    };
    expect(await tampered(`update audit set target = 'another' where tenant_id = $1 and seq = 3`)).toContain('entry 3');
    expect(await tampered(`update audit set target = 'target 3' where tenant_id = $1 and seq = 3`)).toBe(
      'nothing noticed',
    );
    expect(await tampered('delete from audit where tenant_id = $1 and seq = 2')).toContain('entry 2');
  });

  it('takes nothing back: not from the role that serves, and from the owner only by force', async () => {
    const { tenantId } = await tenant();
    await carryOut(office, { ...by, tenantId, action: 'deed' }, done('target'));
    for (const sql of ["update audit set actor = 'nobody'", 'delete from audit'])
      await expect(test.database.withTenant(tenantId, (tx) => tx.query(sql))).rejects.toThrow(/permission denied/);
    for (const sql of ["update audit set actor = 'nobody'", 'delete from audit', 'truncate audit'])
      await expect(test.owner.query(sql)).rejects.toThrow(/only added to/);
  });

  it('has no two entries of one number, however many write at once', async () => {
    const { tenantId } = await tenant();
    await Promise.all(
      Array.from({ length: 24 }, (_, nth) => carryOut(office, { ...by, tenantId, action: 'many' }, done(`nr ${nth}`))),
    );
    expect((await entries(tenantId)).map(({ seq }) => seq)).toEqual(Array.from({ length: 24 }, (_, nth) => nth + 1));
    await verified(tenantId);
  });
});

describe('keys', () => {
  it('a tenant’s data key is replaced: its secrets are sealed anew, and processes that knew the old one go on', async () => {
    const keyring = fixedKeyring(TEST_MASTER_KEY);
    const { tenantId } = await tenant(keyring);
    const running = openVault(keyring);
    const read = async (): Promise<string> =>
      (await test.database.withTenant(tenantId, (tx) => openConnection(tx, running, undefined))).apiKey.reveal();
    expect(await read()).toBe(KEY);
    const sealedNow = (): Promise<readonly object[]> =>
      test.database.withTenant(tenantId, (tx) => tx.query('select api_key from connections'));
    const before = await sealedNow();
    const rotate = rotateDataKey(openVault(keyring), keyring);
    expect(await carryOut(office, { ...by, tenantId, action: 'rotateDataKey' }, rotate)).toEqual({ sealed: 1 });
    expect(await sealedNow()).not.toEqual(before);
    expect([await read(), await keyOf(keyring, tenantId)]).toEqual([KEY, KEY]);
    now += 120_000;
    await carryOut(office, { ...by, tenantId, action: 'rotateDataKey' }, rotate);
    const { rows } = await test.owner.query('select key_no from tenant_keys where tenant_id = $1 order by 1', [
      tenantId,
    ]);
    expect(rows).toEqual([{ key_no: 2 }, { key_no: 3 }]);
    expect(await read()).toBe(KEY);
  });

  it('the master key is replaced for all tenants, and once it is the old one opens nothing', async () => {
    const tenants = [await tenant(), await tenant(), await tenant()];
    const both = fixedKeyring(NEW_KEY, TEST_MASTER_KEY);
    const report = await adoptMasterKey(office, both, by);
    expect(report.rewrapped).toBeGreaterThanOrEqual(3);
    expect((await adoptMasterKey(office, both, by)).rewrapped).toBe(0);
    for (const { tenantId } of tenants) {
      expect(await keyOf(fixedKeyring(NEW_KEY), tenantId)).toBe(KEY);
      await expect(keyOf(fixedKeyring(TEST_MASTER_KEY), tenantId)).rejects.toMatchObject({ code: 'secret-unreadable' });
    }
    expect((await entries(INSTALLATION)).map(({ action }) => action)).toContain('rotateMasterKey');
  });
});

describe('a tenant that is erased', () => {
  it('leaves no row in any table and no file, its secrets are dead at once, and one line of the audit remains', async () => {
    const keyring = fixedKeyring(NEW_KEY);
    const [gone, other] = [await tenant(keyring), await tenant(keyring)];
    await test.owner.query('select prepare_delivery_days($1::date, $1::date)', [PLANTED_ON]);
    await plantRows(test.owner, await tablesOfTenants(test.owner), gone.tenantId);
    const blobs = memoryBlobs();
    for (const { tenantId } of [gone, other])
      await blobs.put(`${tenantId}/picture`, { bytes: Buffer.from('x'), contentType: null });
    const token = await createToken(
      test.database.directory,
      { tokenId: randomUUID(), tenantId: gone.tenantId, name: 't', role: 'owner', scopes: null, expiresAt: null },
      now,
    );
    const order = { ...by, tenantId: gone.tenantId, action: 'eraseTenant' };
    await expect(carryOut(office, order, erase('another name'))).rejects.toMatchObject({ code: 'request-invalid' });
    expect(await rowsOf(gone.tenantId)).toBeGreaterThan(20);
    await carryOut(office, order, erase(gone.name));
    expect(await callerOf(test.database.directory, token.reveal(), now)).toBeUndefined();
    await expect(keyOf(keyring, gone.tenantId)).rejects.toMatchObject({ code: 'secret-unreadable' });
    await expect(carryOut(office, order, changeState('active', null))).rejects.toMatchObject({
      code: 'tenant-erasing',
    });
    // A process that still remembers its hook keys may take something in for a minute.
    expect(await eraseFurther(office, blobs, by)).toEqual({ gone: [], underWay: [gone.name] });
    await test.owner.query(
      `insert into delivery_queue (tenant_id, arrival_id, received_on, delivery_id) values ($1, $2, $3, $2)`,
      [gone.tenantId, randomUUID(), PLANTED_ON],
    );
    now += 120_000;
    const [first, second] = await Promise.all([eraseFurther(office, blobs, by), eraseFurther(office, blobs, by)]);
    expect([...first.gone, ...second.gone]).toEqual([gone.name]);
    // As another process finds it that was on its way too.
    expect(await eraseSomeRows(test.database.directory, gone.tenantId, 10)).toBe(false);
    expect(await rowsOf(gone.tenantId)).toBe(0);
    expect([await blobs.get(`${gone.tenantId}/picture`), await blobs.get(`${other.tenantId}/picture`)]).toEqual([
      null,
      expect.anything(),
    ]);
    const told = (await entries(INSTALLATION)).filter(({ target }) => target.includes(gone.tenantId));
    expect(told).toMatchObject([{ action: 'eraseTenant', ...by }]);
    expect(await keyOf(keyring, other.tenantId)).toBe(KEY);
  });

  it('is the only one that can be: rows of a living tenant are not to be had', async () => {
    const { tenantId } = await tenant();
    await expect(test.database.directory.query('select erase_some($1, 10)', [tenantId])).rejects.toThrow(
      /not being erased/,
    );
    expect(await test.database.directory.query('select erase_tenant($1) as gone', [tenantId])).toEqual([
      { gone: false },
    ]);
  });
});

async function rowsOf(tenantId: string): Promise<number> {
  let sum = 0;
  for (const table of await tablesOfTenants(test.owner)) {
    const { rows } = await test.owner.query<{ count: string }>(`select count(*) from ${table} where tenant_id = $1`, [
      tenantId,
    ]);
    sum += Number(rows[0]?.count);
  }
  return sum;
}
