import { isObject } from '../../src/base/json.ts';
import { objectsOf, type Operation } from './document.ts';
import { jsonIn, type Exchange } from './exchange.ts';

/** The only deviation that is accepted, counted apart from the violations. */
const LIMIT_OUT_OF_RANGE = 'list limit out of range is answered 400 {errors:[…]} (FACTS 2.3), documented {error}';

/**
 * What MaintainX was seen to do against its own document (FACTS 2.3): `limit=250` is answered
 * `{"errors":[{"error":"must be <= 200","fieldPath":"limit","fieldValue":250}]}` where the document says `{error}`.
 */
export function acceptedDeviation(
  operation: Operation,
  query: URLSearchParams,
  { status, answerBody }: Exchange,
): string | undefined {
  if (status !== 400 || operation.method !== 'GET' || !/^-?\d+$/.test(query.get('limit') ?? '')) return undefined;
  const json = jsonIn(answerBody);
  const errors = isObject(json) ? objectsOf(json['errors']) : [];
  const isIt = errors.length === 1 && errors[0]?.['fieldPath'] === 'limit' && typeof errors[0]['error'] === 'string';
  return isIt ? LIMIT_OUT_OF_RANGE : undefined;
}
