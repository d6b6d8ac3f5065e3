import { HANDLERS } from '../operations/handlers.ts';
import { isCustomField } from '../operations/custom-field.ts';
import type { World } from '../world.ts';
import { noRoute, Refused, refusalAnswer, type Answer } from './answer.ts';
import { checkRequest } from './check-request.ts';
import { matchOperation, type Matched } from './operation.ts';
import { jsonFrom, type ApiRequest, type RawRequest } from './request.ts';

/** Answers a request that passed the gate. */
export function answerOf(world: World, raw: RawRequest): Answer {
  const matched = matchOperation(raw.method, raw.path.replace(/^\/v1/, ''));
  if (matched === undefined) return noRoute(raw.method, raw.path);
  try {
    return HANDLERS[matched.name](world, checkedRequest(world, raw, matched));
  } catch (error) {
    if (error instanceof Refused) return refusalAnswer(error, matched.name);
    throw error;
  }
}

function checkedRequest(world: World, raw: RawRequest, matched: Matched): ApiRequest {
  const takesJson = matched.shape.body !== undefined && 'json' in matched.shape.body;
  const body = takesJson ? jsonFrom(raw.bytes) : undefined;
  checkRequest(matched, { query: raw.query, body }, (label) => isCustomField(world.plant, matched.shape.path, label));
  return { ...raw, params: matched.params, body };
}
