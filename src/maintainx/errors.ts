import { errorsOf, type ErrorTable } from '../base/coded-error.ts';

/** Every error code of the MaintainX client. docs/errors.md is made from this table. */
export const MAINTAINX_ERRORS = {
  'maintainx-forbidden': {
    status: 502,
    retryable: false,
    meaning: 'MaintainX refused the call with 403: the key lacks a permission or the plan lacks the feature.',
  },
  'maintainx-not-found': {
    status: 502,
    retryable: false,
    meaning: 'MaintainX has no such record, or this key may not see it (404 with its error envelope).',
  },
  'maintainx-rate-limited': {
    status: 503,
    retryable: true,
    meaning: 'MaintainX answered 429. `details.retryAfterMs` says when its window ends.',
  },
  'maintainx-rejected': {
    status: 502,
    retryable: false,
    meaning: 'MaintainX found the request wrong (400). `details.problems` holds its field errors.',
  },
  'maintainx-timeout': {
    status: 504,
    retryable: true,
    meaning: 'MaintainX did not answer within the deadline. A write may have happened all the same.',
  },
  'maintainx-too-large': {
    status: 502,
    retryable: false,
    meaning: 'The answer was larger than the client takes in; it was cut off.',
  },
  'maintainx-unauthorized': {
    status: 502,
    retryable: false,
    meaning: 'MaintainX does not accept the API key (401). Check the key and, for several organisations, the header.',
  },
  'maintainx-unavailable': {
    status: 503,
    retryable: true,
    meaning: 'MaintainX could not be reached or answered with 5xx.',
  },
  'maintainx-unreadable': {
    status: 502,
    retryable: true,
    meaning: 'The answer was not what this call promises: no JSON, another envelope, or cut off.',
  },
} as const satisfies ErrorTable;

export const raiseMaintainx = errorsOf(MAINTAINX_ERRORS);
