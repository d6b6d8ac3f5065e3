import { canonicalJson } from '../base/canonical-json.ts';
import { sha256 } from '../base/hash.ts';
import type { Json } from '../base/json.ts';

/** Who acts, and from where. */
export interface Actor {
  /** E.g. `token 0191… (BI)` or `user root`. */
  readonly actor: string;
  /** E.g. `api 10.0.0.7` or `cli plant-server`. */
  readonly origin: string;
}

/** Something that was done. */
export interface Deed extends Actor {
  /** What, by the name of the operation. */
  readonly action: string;
  /** To what, by its id or name. */
  readonly target: string;
  /** As it was before and is after; null: there was nothing, or there is nothing. Only hashes of them are kept. */
  readonly before: Json;
  readonly after: Json;
}

/** One entry of a chain. Times are epoch milliseconds, hashes SHA-256. */
export interface AuditEntry extends Actor {
  readonly seq: number;
  readonly at: number;
  readonly action: string;
  readonly target: string;
  readonly beforeHash: Buffer | null;
  readonly afterHash: Buffer | null;
  /** Of all of the above and the entry before. */
  readonly hash: Buffer;
}

/** What the first entry of a chain follows. */
export const START: Buffer = Buffer.alloc(32);

/** Null for nothing: what is not there has no hash. */
const stateHash = (state: Json): Buffer | null => (state === null ? null : sha256(canonicalJson(state)));

/** The hash that the entry has to have after the one before it, in the chain of this tenant. */
export function hashAfter(previous: Buffer, tenantId: string, entry: Omit<AuditEntry, 'hash'>): Buffer {
  const { seq, at, actor, origin, action, target, beforeHash, afterHash } = entry;
  const texts = [tenantId, String(seq), String(at), actor, origin, action, target];
  return sha256(previous, ...texts, beforeHash ?? '', afterHash ?? '');
}

/** The entry that follows another one; undefined: the chain is empty. */
export function nextEntry(
  last: Pick<AuditEntry, 'seq' | 'hash'> | undefined,
  tenantId: string,
  deed: Deed,
  at: number,
): AuditEntry {
  const { actor, origin, action, target } = deed;
  const beforeHash = stateHash(deed.before);
  const afterHash = stateHash(deed.after);
  const entry = { seq: (last?.seq ?? 0) + 1, at, actor, origin, action, target, beforeHash, afterHash };
  return { ...entry, hash: hashAfter(last?.hash ?? START, tenantId, entry) };
}
