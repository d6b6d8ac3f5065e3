import type { JsonObject } from '../base/json.ts';
import { raise } from '../errors.ts';
import { forgetBodies } from '../inbound/index.ts';
import { readStream, recordStream, redactEvent } from '../log/index.ts';
import { REDACTED, redactedEvents, type RecordKey } from '../records/index.ts';
import type { Change } from './office.ts';

/** How much was forgotten. */
export interface Redaction {
  readonly [name: string]: number;
  /** Events in which something became `[redacted]`. */
  readonly events: number;
  /** Webhooks whose bodies are gone. */
  readonly webhooks: number;
}

/**
 * Forgets the values that a field of a record had, in its events and in the bodies of the webhooks that told of it. What the field has now
 * is MaintainX's and stays, unless the record is deleted: then that goes too. For good.
 */
export const redactField =
  (key: RecordKey, field: string, reason: string): Change<Redaction> =>
  async (tx) => {
    const [held] = (await tx.inbound.records.lock([key])).values();
    const stream = recordStream(key.kind, key.organizationId, key.recordId);
    const events = await readStream(tx.inbound.log, stream);
    if (held === undefined && events.length === 0)
      throw raise('not-found', `nothing was ever seen of ${key.kind}/${key.recordId}`);
    const isLiving = held?.deletedAt === null;
    const redacted = redactedEvents(events, field, isLiving);
    for (const { seq, data } of redacted) await redactEvent(tx.whole, seq, data);
    if (held !== undefined && !isLiving)
      await tx.inbound.records.write([{ ...held, state: hidden(held.state, field), kept: hidden(held.kept, field) }]);
    const factKeys = events.flatMap(({ factKey }) => factKey ?? []);
    const webhooks = factKeys.length === 0 ? 0 : await forgetBodies(tx.whole, key.organizationId, factKeys);
    const answer = { events: redacted.length, webhooks };
    const target = `${key.kind}/${key.recordId} ${field}`;
    return { target, before: null, after: { ...answer, reason }, answer };
  };

const hidden = (fields: JsonObject, field: string): JsonObject =>
  (fields[field] ?? null) === null ? fields : { ...fields, [field]: REDACTED };
