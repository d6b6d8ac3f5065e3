import type { FastifyRequest } from 'fastify';
import { callerOf, type Caller, type Scope } from '../access/index.ts';
import type { Clock } from '../base/clock.ts';
import { raise } from '../errors.ts';
import type { Database } from '../postgres/index.ts';
import { tenantByName } from '../tenants/index.ts';
import type { Strangers } from './strangers.ts';

/** What it takes to know who is at the door. */
export interface Doorkeeping {
  readonly database: Database;
  readonly clock: Clock;
  readonly strangers: Strangers;
}

export const TENANT_HEADER = 'millwright-tenant';

/**
 * Who calls. Rejects with `unauthenticated`, whatever is wrong with the token; and with `too-many-requests`, without a look at it,
 * whoever has come with wrong ones again and again.
 */
export async function authenticated(
  { database, clock, strangers }: Doorkeeping,
  request: FastifyRequest,
): Promise<Caller> {
  const [, token] = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (strangers.isTiresome(request.ip, token))
    throw raise('too-many-requests', 'too many requests without a valid token came from this address; wait a minute');
  const caller = token === undefined ? undefined : await callerOf(database.directory, token, clock.now());
  if (token === undefined || caller === undefined) {
    strangers.note(request.ip);
    throw raise('unauthenticated', 'this needs a token that is valid: Authorization: Bearer …');
  }
  strangers.vouchFor(token);
  return caller;
}

/** Rejects with `forbidden` unless the token may do it. */
export function allow({ scopes }: Caller, scope: Scope | null): void {
  if (scope !== null && !scopes.has(scope)) throw raise('forbidden', `this needs a token with the scope ${scope}`);
}

/** Only the installation's own may: a scope alone is not enough. */
export function allowInstallation(caller: Caller): void {
  if (caller.tenantId !== null) throw raise('forbidden', 'this needs a token of the installation');
}

/** The tenant that the call acts for: the token's, or the one that an administrator names. */
export async function actingFor(database: Database, caller: Caller, request: FastifyRequest): Promise<string> {
  const named = request.headers[TENANT_HEADER];
  if (caller.tenantId !== null) {
    if (named === undefined) return caller.tenantId;
    throw raise('forbidden', 'this token belongs to one tenant: leave the header Millwright-Tenant out');
  }
  if (typeof named !== 'string')
    throw raise('request-invalid', 'name the tenant to act for in the header Millwright-Tenant');
  const { tenantId, state } = await tenantByName(database, named);
  if (state === 'erasing') throw raise('tenant-erasing', `the tenant "${named}" is being erased`);
  return tenantId;
}
