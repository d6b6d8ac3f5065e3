import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, testTenant, type TestDatabase } from '../../test/database.ts';
import { Secret } from '../base/secret.ts';
import type { Queries } from '../postgres/index.ts';
import { ROLES, type Role } from './roles.ts';
import {
  admitEnvironmentToken,
  callerOf,
  createToken,
  firstAdminToken,
  listTokens,
  revokeToken,
  type NewToken,
} from './tokens.ts';

const NOW = Date.UTC(2026, 10, 27, 12);
const DAY = 24 * 3_600_000;
let test: TestDatabase;
let directory: Queries;
const [tenantId, other] = [randomUUID(), randomUUID()];

beforeAll(async () => {
  test = await testDatabase();
  directory = test.database.directory;
  for (const id of [tenantId, other]) await testTenant(test.database, id, [], NOW);
});
afterAll(() => test.drop());

async function made(change: Partial<NewToken> = {}): Promise<{ readonly tokenId: string; readonly token: string }> {
  const role: Role = change.role ?? 'viewer';
  const given = { tokenId: randomUUID(), tenantId, name: 'a token', role, scopes: null, expiresAt: null, ...change };
  const token = await createToken(directory, given, NOW);
  return { tokenId: given.tokenId, token: token.reveal() };
}

it('knows the holder of a token, what it may do and for whom, and keeps nothing by which it could be told again', async () => {
  const { token, tokenId } = await made({ role: 'operator' });
  expect(token).toMatch(/^mw_[\w-]{43}$/);
  expect(await callerOf(directory, token, NOW)).toMatchObject({ tokenId, tenantId, scopes: new Set(ROLES.operator) });
  const { rows } = await test.owner.query<{ row: string }>('select t::text as row from access_tokens t');
  expect(rows.length).toBeGreaterThan(0);
  for (const { row } of rows) expect(row).not.toContain(token.slice(3));
});

it('knows nobody by another, a damaged, an expired or a revoked one', async () => {
  const { token, tokenId } = await made({ expiresAt: NOW + DAY });
  const last = token.endsWith('A') ? 'B' : 'A';
  for (const wrong of ['', 'mw_', `${token}x`, token.slice(0, -1) + last, `mw_${'x'.repeat(43)}`])
    expect(await callerOf(directory, wrong, NOW)).toBeUndefined();
  expect(await callerOf(directory, token, NOW + DAY - 1)).toBeDefined();
  expect(await callerOf(directory, token, NOW + DAY)).toBeUndefined();
  expect(await revokeToken(directory, other, tokenId, NOW)).toBe(false);
  expect(await callerOf(directory, token, NOW)).toBeDefined();
  expect(await revokeToken(directory, tenantId, tokenId, NOW)).toBe(true);
  expect(await callerOf(directory, token, NOW)).toBeUndefined();
  expect(await revokeToken(directory, tenantId, tokenId, NOW)).toBe(false);
});

it('gives a token fewer scopes than its role, and never more', async () => {
  const { token } = await made({ role: 'owner', scopes: ['records:read'] });
  expect((await callerOf(directory, token, NOW))?.scopes).toEqual(new Set(['records:read']));
  await expect(made({ role: 'viewer', scopes: ['tokens:write'] })).rejects.toMatchObject({ code: 'request-invalid' });
  await expect(made({ role: 'admin' })).rejects.toMatchObject({ code: 'request-invalid' });
  await expect(made({ role: 'owner', tenantId: null })).rejects.toMatchObject({ code: 'request-invalid' });
  await expect(made({ expiresAt: NOW })).rejects.toMatchObject({ code: 'request-invalid' });
});

it('notes when it was last used, to the minute', async () => {
  const { token, tokenId } = await made();
  const lastUse = async (): Promise<number | null | undefined> =>
    (await listTokens(directory, tenantId)).find((one) => one.tokenId === tokenId)?.lastUsedAt;
  expect(await lastUse()).toBeNull();
  await callerOf(directory, token, NOW);
  await callerOf(directory, token, NOW + 59_000);
  expect(await lastUse()).toBe(NOW);
  await callerOf(directory, token, NOW + 61_000);
  expect(await lastUse()).toBe(NOW + 61_000);
});

it('shows a tenant its own tokens alone', async () => {
  const { tokenId } = await made({ tenantId: other, name: 'of the other' });
  expect((await listTokens(directory, tenantId)).map((one) => one.tokenId)).not.toContain(tokenId);
  expect((await listTokens(directory, other)).map((one) => one.tokenId)).toEqual([tokenId]);
});

it('makes a first token for the administrator, once, and again when none works any more', async () => {
  const first = (): Promise<Secret | undefined> =>
    test.database.inDirectory((tx) => firstAdminToken(tx, randomUUID(), NOW));
  const found = (await Promise.all([first(), first(), first()])).filter((one) => one !== undefined);
  expect(found).toHaveLength(1);
  const caller = await callerOf(directory, found[0]?.reveal() ?? '', NOW);
  expect(caller).toMatchObject({ role: 'admin', tenantId: null });
  await revokeToken(directory, null, caller?.tokenId ?? '', NOW);
  expect(await first()).toBeDefined();
});

it('takes the environment’s token for the administrator’s, until another stands there', async () => {
  const token = (letter: string): Secret => new Secret(`mw_${letter.repeat(43)}`);
  const admit = (secret: Secret): Promise<void> => admitEnvironmentToken(directory, secret, randomUUID(), NOW);
  const roleBy = async (secret: Secret): Promise<Role | undefined> =>
    (await callerOf(directory, secret.reveal(), NOW))?.role;
  await admit(token('a'));
  await admit(token('a'));
  expect(await roleBy(token('a'))).toBe('admin');
  await admit(token('b'));
  expect([await roleBy(token('a')), await roleBy(token('b'))]).toEqual([undefined, 'admin']);
  await admit(token('a'));
  expect([await roleBy(token('a')), await roleBy(token('b'))]).toEqual(['admin', undefined]);
});
