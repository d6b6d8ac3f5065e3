import { isObject, objectOf, parseStored, type Json } from '../base/json.ts';
import { isKind, type Kind } from '../maintainx/index.ts';

/** What a backfill costs, told before it is done. */
export interface BackfillPlan {
  /** All requests: survey, pages, single reads, and what polling takes meanwhile. */
  readonly requests: number;
  /** Of them made already, to find out the rest. What they read is stored: no page is read twice. */
  readonly surveyRequests: number;
  /** Of them for polling meanwhile. */
  readonly pollRequests: number;
  /** How long the rest takes at `requestsPerMinute`; null: nothing limits it. */
  readonly minutes: number | null;
  /** 0: no limit. */
  readonly requestsPerMinute: number;
  readonly perKind: readonly KindPlan[];
}

export interface KindPlan {
  readonly kind: Kind;
  readonly records: number;
  /** Pages of the list, survey included. */
  readonly pages: number;
  /** Single reads of records whose list row is a stub. */
  readonly details: number;
  /** The end of the list was not seen: it may be more. */
  readonly atLeast: boolean;
}

export function parsePlan(text: string): BackfillPlan {
  const stored = objectOf(parseStored(text));
  const perKind = Array.isArray(stored['perKind']) ? stored['perKind'] : [];
  return {
    requests: Number(stored['requests']),
    surveyRequests: Number(stored['surveyRequests']),
    pollRequests: Number(stored['pollRequests']),
    minutes: typeof stored['minutes'] === 'number' ? stored['minutes'] : null,
    requestsPerMinute: Number(stored['requestsPerMinute']),
    perKind: perKind.flatMap(kindPlanFrom),
  };
}

function kindPlanFrom(value: Json): readonly KindPlan[] {
  if (!isObject(value)) return [];
  const { kind, records, pages, details, atLeast } = value;
  if (typeof kind !== 'string' || !isKind(kind)) return [];
  return [
    { kind, records: Number(records), pages: Number(pages), details: Number(details), atLeast: atLeast === true },
  ];
}
