import { parseStored, type Json } from '../base/json.ts';
import { raise } from '../errors.ts';
import type { TenantTransaction } from '../postgres/index.ts';

/** A request that names a key for itself, so that it can be sent again when its answer was lost. */
export interface Repeatable {
  readonly tokenId: string;
  readonly key: string;
  /** Of all that the request says. */
  readonly hash: Buffer;
  /** Its answer tells a secret, which is told once. */
  readonly isSecret: boolean;
}

const KEPT_MS = 24 * 3_600_000;

interface Row {
  request_hash: Buffer;
  answer: string | null;
}

/**
 * The answer that this request had before; undefined: it is new, and from here to the commit nobody else has its key. Rejects
 * with `request-key-used` when the key was another request's, or the answer was a secret.
 */
export async function answerBefore(
  tx: TenantTransaction,
  request: Repeatable | undefined,
  now: number,
): Promise<Json | undefined> {
  if (request === undefined) return undefined;
  const id = [tx.tenantId, request.tokenId, request.key];
  await tx.query('delete from repeatable_requests where tenant_id = $1 and made_at < $2', [
    tx.tenantId,
    new Date(now - KEPT_MS),
  ]);
  // Waits for another transaction that has the same key.
  const mine = await tx.query(
    `insert into repeatable_requests (tenant_id, token_id, request_key, request_hash, made_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning request_key`,
    [...id, request.hash, new Date(now)],
  );
  if (mine.length > 0) return undefined;
  const [row] = await tx.query<Row>(
    `select request_hash, answer from repeatable_requests where tenant_id = $1 and token_id = $2 and request_key = $3`,
    id,
  );
  if (row === undefined || !row.request_hash.equals(request.hash))
    throw raise('request-key-used', 'this Idempotency-Key was used for another request; take a new one');
  if (row.answer === null)
    throw raise('request-key-used', 'this request was done; its answer told a secret and is told once');
  return parseStored(row.answer);
}

/** Keeps the answer, for whoever sends the request again within a day. */
export async function keepAnswer(tx: TenantTransaction, request: Repeatable | undefined, answer: Json): Promise<void> {
  if (request === undefined || request.isSecret) return;
  await tx.query(
    'update repeatable_requests set answer = $4 where tenant_id = $1 and token_id = $2 and request_key = $3',
    [tx.tenantId, request.tokenId, request.key, JSON.stringify(answer)],
  );
}
