import { randomBytes } from 'node:crypto';
import { sha256 } from '../base/hash.ts';
import { Secret } from '../base/secret.ts';
import { raise } from '../errors.ts';
import type { Queries } from '../postgres/index.ts';
import { isRole, ROLES, scopesOf, type Role, type Scope } from './roles.ts';

/** A token as it may be shown: never the token itself. Times are epoch milliseconds. */
export interface Token {
  readonly tokenId: string;
  /** Null: the installation's. */
  readonly tenantId: string | null;
  readonly name: string;
  readonly role: Role;
  /** What it may do. */
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** To the minute. */
  readonly lastUsedAt: number | null;
}

/** Who calls, as its token says. */
export interface Caller {
  readonly tokenId: string;
  readonly name: string;
  readonly role: Role;
  readonly scopes: ReadonlySet<Scope>;
  readonly tenantId: string | null;
}

export interface NewToken {
  readonly tokenId: string;
  readonly tenantId: string | null;
  readonly name: string;
  readonly role: Role;
  /** Fewer than the role gives; null: all of them. */
  readonly scopes: readonly string[] | null;
  readonly expiresAt: number | null;
}

/** So that a token is known for one wherever it turns up. */
const PREFIX = 'mw_';
/** Longer than any that can be ours: not worth a look. */
const MOST_CHARACTERS = 200;
/** Use is noted to the minute: not every call is to write a row. */
const NOTED_EVERY_MS = 60_000;

/** Makes a token of 256 random bits and answers it, for this once: only its hash is kept. */
export async function createToken(directory: Queries, token: NewToken, now: number): Promise<Secret> {
  const made = new Secret(`${PREFIX}${randomBytes(32).toString('base64url')}`);
  await keepToken(directory, token, made, now);
  return made;
}

async function keepToken(directory: Queries, token: NewToken, secret: Secret, now: number): Promise<void> {
  const { tokenId, tenantId, name, role, scopes, expiresAt } = checked(token, now);
  await directory.query(
    `insert into access_tokens (token_id, token_hash, tenant_id, name, role, scopes, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [tokenId, sha256(secret.reveal()), tenantId, name, role, scopes, new Date(now), dateOf(expiresAt)],
  );
}

function checked(token: NewToken, now: number): NewToken {
  const { role, tenantId, scopes, name, expiresAt } = token;
  if ((role === 'admin') !== (tenantId === null))
    throw raise(
      'request-invalid',
      'a token of a tenant has the role viewer, operator or owner; one of the installation, admin',
    );
  const given: readonly string[] = ROLES[role];
  const beyond = scopes?.filter((scope) => !given.includes(scope)) ?? [];
  if (beyond.length > 0) throw raise('request-invalid', `the role ${role} does not give ${beyond.join(', ')}`);
  if (name.length < 1 || name.length > 100) throw raise('request-invalid', 'a name has 1 to 100 characters');
  if (expiresAt !== null && expiresAt <= now) throw raise('request-invalid', 'the token would have expired already');
  return token;
}

/** Whose token it is; undefined: nobody's, or it has expired or was revoked. Asked anew each time, so that revoking works at once. */
export async function callerOf(directory: Queries, presented: string, now: number): Promise<Caller | undefined> {
  if (presented.length > MOST_CHARACTERS) return undefined;
  const [row] = await directory.query<TokenRow>(
    `select ${COLUMNS} from access_tokens
     where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > $2)`,
    [sha256(presented), new Date(now)],
  );
  if (row === undefined) return undefined;
  const token = tokenOf(row);
  if ((token.lastUsedAt ?? 0) < now - NOTED_EVERY_MS)
    await directory.query('update access_tokens set last_used_at = $2 where token_id = $1', [
      token.tokenId,
      new Date(now),
    ]);
  return { ...token, scopes: new Set(token.scopes) };
}

/** The tokens of a tenant, or with null of the installation; newest first. */
export async function listTokens(directory: Queries, tenantId: string | null): Promise<readonly Token[]> {
  const rows = await directory.query<TokenRow>(
    `select ${COLUMNS} from access_tokens where tenant_id is not distinct from $1 order by created_at desc, token_id`,
    [tenantId],
  );
  return rows.map(tokenOf);
}

/** Ends a token of a tenant, or with null of the installation. False: there is none of that id, or it had ended. */
export async function revokeToken(
  directory: Queries,
  tenantId: string | null,
  tokenId: string,
  now: number,
): Promise<boolean> {
  const rows = await directory.query(
    `update access_tokens set revoked_at = $3
     where token_id = $2 and tenant_id is not distinct from $1 and revoked_at is null returning token_id`,
    [tenantId, tokenId, new Date(now)],
  );
  return rows.length > 0;
}

/** Ends all tokens of a tenant. */
export async function revokeAllTokens(directory: Queries, tenantId: string, now: number): Promise<void> {
  await directory.query('update access_tokens set revoked_at = $2 where tenant_id = $1 and revoked_at is null', [
    tenantId,
    new Date(now),
  ]);
}

const ENVIRONMENT = 'MILLWRIGHT_ADMIN_TOKEN';

/** Has the environment's token, and none that it named earlier, stand for the administrator. */
export async function admitEnvironmentToken(
  directory: Queries,
  secret: Secret,
  tokenId: string,
  now: number,
): Promise<void> {
  const hash = sha256(secret.reveal());
  await directory.query(
    `update access_tokens set revoked_at = $3
     where tenant_id is null and name = $1 and revoked_at is null and token_hash <> $2`,
    [ENVIRONMENT, hash, new Date(now)],
  );
  await directory.query(
    `insert into access_tokens (token_id, token_hash, tenant_id, name, role, created_at) values ($1, $2, null, $3, 'admin', $4)
     on conflict (token_hash) do update set revoked_at = null where access_tokens.name = excluded.name`,
    [tokenId, hash, ENVIRONMENT, new Date(now)],
  );
}

/** The installation's first token, when it has none that works; undefined: it has. One of several processes makes it. */
export async function firstAdminToken(tx: Queries, tokenId: string, now: number): Promise<Secret | undefined> {
  await tx.query('select pg_advisory_xact_lock($1)', [FIRST_TOKEN_LOCK]);
  const living = (await listTokens(tx, null)).filter((one) => isLiving(one, now));
  if (living.length > 0) return undefined;
  const token = { tokenId, tenantId: null, name: 'first', role: 'admin', scopes: null, expiresAt: null } as const;
  return createToken(tx, token, now);
}

/** Any number that no other lock has. */
const FIRST_TOKEN_LOCK = 7_311_401;

const isLiving = ({ revokedAt, expiresAt }: Token, now: number): boolean =>
  revokedAt === null && (expiresAt === null || expiresAt > now);

interface TokenRow {
  token_id: string;
  tenant_id: string | null;
  name: string;
  role: string;
  scopes: readonly string[] | null;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
}

const COLUMNS = 'token_id, tenant_id, name, role, scopes, created_at, expires_at, revoked_at, last_used_at';

function tokenOf(row: TokenRow): Token {
  if (!isRole(row.role)) throw new Error('a token has a role that nobody knows');
  return {
    tokenId: row.token_id,
    tenantId: row.tenant_id,
    name: row.name,
    role: row.role,
    scopes: [...scopesOf(row.role, row.scopes)],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}

const dateOf = (time: number | null): Date | null => (time === null ? null : new Date(time));
