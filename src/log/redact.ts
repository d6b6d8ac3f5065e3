import { raise } from '../errors.ts';
import type { TenantTransaction } from '../postgres/index.ts';

/**
 * Puts `data` in the place of an event's, in which nothing may be another than it was but for values that are `[redacted]` now: the
 * database sees to that.
 */
export async function redactEvent(tx: TenantTransaction, seq: number, data: string): Promise<void> {
  const [row] = await tx.query<{ done: boolean }>('select redact_event($1, $2::json) as done', [seq, data]);
  if (row?.done !== true) throw raise('internal', `event ${seq} cannot be redacted as it was to be`);
}
