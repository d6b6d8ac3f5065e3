import { randomBytes, randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, testTenant, type TestDatabase } from '../../test/database.ts';
import { Secret } from '../base/secret.ts';
import { fixedKeyring } from './keyring.ts';
import { openVault, type Vault } from './vault.ts';

const NOW = Date.UTC(2026, 8, 16, 12);
const MASTER = new Secret(randomBytes(32).toString('base64'));
const VALUE = 'mx_secret ключ 🔧';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

/** A tenant with a data key of its own. */
async function tenant(vault: Vault): Promise<string> {
  const tenantId = randomUUID();
  await testTenant(test.database, tenantId, [], NOW);
  await test.database.withTenant(tenantId, (tx) => vault.admit(tx, NOW));
  return tenantId;
}

const seal = (vault: Vault, tenantId: string, identity: string, value = VALUE): Promise<Buffer> =>
  test.database.withTenant(tenantId, (tx) => vault.seal(tx, identity, new Secret(value)));
const open = async (vault: Vault, tenantId: string, identity: string, sealed: Uint8Array): Promise<string> =>
  (await test.database.withTenant(tenantId, (tx) => vault.open(tx, identity, sealed))).reveal();

const unreadable = { code: 'secret-unreadable' };

describe('a secret', () => {
  it('comes back as it was sealed, in this process and in the next', async () => {
    const vault = openVault(fixedKeyring(MASTER));
    const tenantId = await tenant(vault);
    const sealed = await seal(vault, tenantId, 'connections/1/api_key');
    expect(await open(vault, tenantId, 'connections/1/api_key', sealed)).toBe(VALUE);
    expect(await open(openVault(fixedKeyring(MASTER)), tenantId, 'connections/1/api_key', sealed)).toBe(VALUE);
  });

  it('may be empty or long', async () => {
    const vault = openVault(fixedKeyring(MASTER));
    const tenantId = await tenant(vault);
    for (const value of ['', 'x'.repeat(100_000)])
      expect(await open(vault, tenantId, 'a', await seal(vault, tenantId, 'a', value))).toBe(value);
  });

  it('stands nowhere in what is stored, and is sealed differently every time', async () => {
    const vault = openVault(fixedKeyring(MASTER));
    const tenantId = await tenant(vault);
    const [one, other] = [await seal(vault, tenantId, 'a'), await seal(vault, tenantId, 'a')];
    expect(one.includes(Buffer.from('mx_secret'))).toBe(false);
    expect(one.equals(other)).toBe(false);
    expect(one.length).toBe(12 + 16 + Buffer.byteLength(VALUE));
  });
});

describe('a stored secret cannot be read', () => {
  it('in another row or column than its own', async () => {
    const vault = openVault(fixedKeyring(MASTER));
    const tenantId = await tenant(vault);
    const sealed = await seal(vault, tenantId, 'connections/1/api_key');
    for (const identity of ['connections/2/api_key', 'webhook_subscriptions/1/secret', ''])
      await expect(open(vault, tenantId, identity, sealed)).rejects.toMatchObject(unreadable);
  });

  it('by another tenant, even with the row copied', async () => {
    const vault = openVault(fixedKeyring(MASTER));
    const [mine, theirs] = [await tenant(vault), await tenant(vault)];
    const sealed = await seal(vault, mine, 'a');
    await expect(open(vault, theirs, 'a', sealed)).rejects.toMatchObject(unreadable);
  });

  it('by another tenant, even with the data key’s row copied as well', async () => {
    const vault = openVault(fixedKeyring(MASTER));
    const [mine, theirs] = [await tenant(vault), await tenant(vault)];
    const sealed = await seal(vault, mine, 'a');
    await test.owner.query(
      `update tenant_keys set wrapped_key = (select wrapped_key from tenant_keys where tenant_id = $1)
       where tenant_id = $2`,
      [mine, theirs],
    );
    await expect(open(openVault(fixedKeyring(MASTER)), theirs, 'a', sealed)).rejects.toMatchObject(unreadable);
  });

  it('with another master key', async () => {
    const vault = openVault(fixedKeyring(MASTER));
    const tenantId = await tenant(vault);
    const sealed = await seal(vault, tenantId, 'a');
    const other = openVault(fixedKeyring(new Secret(randomBytes(32).toString('hex'))));
    await expect(open(other, tenantId, 'a', sealed)).rejects.toMatchObject(unreadable);
  });

  it('without the tenant’s data key', async () => {
    const tenantId = randomUUID();
    await testTenant(test.database, tenantId, [], NOW);
    await expect(seal(openVault(fixedKeyring(MASTER)), tenantId, 'a')).rejects.toMatchObject(unreadable);
  });

  it('with a byte changed, anywhere', async () => {
    const vault = openVault(fixedKeyring(MASTER));
    const tenantId = await tenant(vault);
    const sealed = await seal(vault, tenantId, 'a', 'short');
    for (const index of sealed.keys()) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      await expect(open(vault, tenantId, 'a', changed)).rejects.toMatchObject(unreadable);
    }
  });

  it('when it is cut short: no length of tag but the whole one is taken', async () => {
    const vault = openVault(fixedKeyring(MASTER));
    const tenantId = await tenant(vault);
    const sealed = await seal(vault, tenantId, 'a', '');
    expect(sealed).toHaveLength(12 + 16);
    // 12 + 4: a tag of four bytes, which Node takes unless it is told how long tags are (RELIABILITY A10).
    for (const length of [0, 11, 12, 12 + 4, 12 + 8, 12 + 12, 12 + 15])
      await expect(open(vault, tenantId, 'a', sealed.subarray(0, length))).rejects.toMatchObject(unreadable);
    expect(await open(vault, tenantId, 'a', sealed)).toBe('');
  });

  it('and the error shows neither the secret nor a key', async () => {
    const vault = openVault(fixedKeyring(MASTER));
    const tenantId = await tenant(vault);
    const sealed = await seal(vault, tenantId, 'a');
    const error: unknown = await open(vault, tenantId, 'b', sealed).catch((reason: unknown) => reason);
    const shown = inspect(error, { depth: 9, showHidden: true });
    expect(shown).toContain('secret-unreadable');
    expect(shown).not.toContain(VALUE);
    expect(shown).not.toContain(MASTER.reveal());
  });
});

describe('a tenant', () => {
  it('gets one data key, and no second one over it', async () => {
    const vault = openVault(fixedKeyring(MASTER));
    const tenantId = await tenant(vault);
    await expect(test.database.withTenant(tenantId, (tx) => vault.admit(tx, NOW))).rejects.toThrow(/duplicate key/);
  });
});

describe('a master key', () => {
  it.each(['', 'short', 'x'.repeat(64), Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('hex')])(
    'must be 32 bytes in base64 or hex, not %j',
    (text) => {
      expect(() => openVault(fixedKeyring(new Secret(text)))).toThrow('32 bytes');
    },
  );
});
