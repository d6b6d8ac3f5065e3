import type { Answer } from './answer.ts';

/** FACTS 2.1: what MaintainX says to a key that it does not know. */
export const INVALID_TOKEN: Answer = { status: 401, json: { error: 'Invalid token' } };

/** FACTS 2.1: what it says when there is no usable token at all. */
export const NO_TOKEN: Answer = { status: 401, text: 'Invalid authentication token' };

/** FACTS 2.2. */
export const tooMany = (seconds: number | string): Answer => ({
  status: 429,
  json: { error: `Too many requests. Please retry in ${seconds} seconds` },
});
