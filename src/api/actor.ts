import type { FastifyRequest } from 'fastify';
import type { Caller } from '../access/index.ts';
import type { Office } from '../administration/index.ts';
import { note, type Actor } from '../audit/index.ts';

/** Whom the audit names. */
export const actorOf = ({ tokenId, name }: Pick<Caller, 'tokenId' | 'name'>, { ip }: FastifyRequest): Actor => ({
  actor: `token ${tokenId} (${name})`,
  origin: `api ${ip}`,
});

/** Notes that an administrator acts for a tenant. */
export type Visits = (tenantId: string, actor: Actor, operationId: string) => Promise<void>;

/** A tenant need not be told each page that an administrator turns. */
const TOLD_EVERY_MS = 3_600_000;
const MOST_REMEMBERED = 10_000;

/** Each administrator's use of each operation for a tenant is noted in that tenant's audit, once an hour. */
export function noteVisits({ database, clock }: Office): Visits {
  const told = new Map<string, number>();
  return async (tenantId, actor, operationId) => {
    const now = clock.now();
    const key = `${tenantId} ${actor.actor} ${actor.origin} ${operationId}`;
    if ((told.get(key) ?? -Infinity) > now - TOLD_EVERY_MS) return;
    await database.withTenant(tenantId, (tx) =>
      note(tx, { ...actor, action: 'actFor', target: operationId, before: null, after: null }, now),
    );
    if (told.size >= MOST_REMEMBERED) told.clear();
    told.set(key, now);
  };
}
