import { canonicalJson } from '../base/canonical-json.ts';
import { sha256 } from '../base/hash.ts';
import { isObject, objectOf, parseJson, type Json, type JsonObject } from '../base/json.ts';
import { recordStream, type NewEvent } from '../log/index.ts';
import { HOOK_EVENTS, type EventEntry } from '../maintainx/index.ts';
import { isRecordId, timeOf, type RecordKey } from '../records/index.ts';
import type { Delivery } from './delivery.ts';
import { withoutHookKeys } from './hook-url.ts';

/** What a delivery says: a fact, and the records to look at. Or why it cannot be used. */
export type Interpretation =
  | { readonly fact: Omit<NewEvent, 'eventId' | 'recordedAt'>; readonly records: readonly RecordKey[] }
  | { readonly parked: string };

/**
 * Reads a delivery. The subscription, not the body, tells the event type; the body is a stranger's word and may be
 * anything. `organizationId` is the connection's.
 */
export function interpret(delivery: Delivery, organizationId: string): Interpretation {
  const text = utf8(delivery.body);
  if (text === undefined) return { parked: 'the body is not UTF-8' };
  const parsed = parseJson(text);
  if ('refused' in parsed) return { parked: `the body is ${parsed.refused}` };
  if (!isObject(parsed.value)) return { parked: 'the body is not a JSON object' };
  const body = parsed.value;
  const entry = HOOK_EVENTS[delivery.eventType];
  const records = recordsIn(body, entry, organizationId);
  if (records.length < entry.records.length)
    return { parked: `the body lacks ${entry.records.map((one) => one.id).join(', ')}` };
  const own = ownOrganization(body, organizationId) ? records : [];
  return { fact: factOf(delivery, body, entry, records[0], organizationId), records: own };
}

function factOf(
  delivery: Delivery,
  body: JsonObject,
  entry: EventEntry,
  about: RecordKey | undefined,
  organizationId: string,
): Omit<NewEvent, 'eventId' | 'recordedAt'> {
  return {
    stream:
      about === undefined
        ? `organisation/${organizationId}`
        : recordStream(about.kind, about.organizationId, about.recordId),
    family: 'fact',
    type: entry.fact,
    version: null,
    // Part transfers say triggeredAt (FACTS 1.3).
    occurredAt: timeOf(body['occurredAt']) ?? timeOf(body['triggeredAt']) ?? delivery.signedAt,
    data: canonicalJson(withoutHookKeys(body)),
    explainedBy: [],
    actor: actorOf(body),
    factKey: sha256(organizationId, delivery.eventType, delivery.body),
  };
}

function recordsIn(body: JsonObject, entry: EventEntry, organizationId: string): readonly RecordKey[] {
  return entry.records
    .map(({ kind, id }) => ({ organizationId, kind, recordId: idText(at(body, id)) }))
    .filter((key): key is RecordKey => key.recordId !== undefined);
}

/** Another organisation's records cannot be read over this connection. */
function ownOrganization(body: JsonObject, organizationId: string): boolean {
  const told = idText(body['orgId']);
  return told === undefined || told === organizationId;
}

const at = (body: JsonObject, path: string): Json | undefined =>
  path.split('.').reduce<Json | undefined>((value, key) => objectOf(value)[key], body);

const idText = (value: Json | undefined): string | undefined => (isRecordId(value) ? String(value) : undefined);

function actorOf(body: JsonObject): string | null {
  const id = idText(body['userId']) ?? idText(body['actorId']);
  return id === undefined ? null : `user/${id}`;
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
