import { errorsOf, type ErrorTable } from '../base/coded-error.ts';

/** Every error code of the MaintainX client. docs/errors.md is made from this table. */
export const MAINTAINX_ERRORS = {
  'maintainx-call-invalid': {
    status: 400,
    retryable: false,
    meaning:
      'The call does not fit the operation; nothing was sent. `details.problems` says where: correct these places.',
  },
  'maintainx-forbidden': {
    status: 502,
    retryable: false,
    meaning: 'MaintainX refused the call with 403: the key lacks a permission or the plan lacks the feature.',
  },
  'maintainx-legacy-stock': {
    status: 400,
    retryable: false,
    meaning:
      'The body writes a deprecated stock field, which switches off multi-location parts for the whole organisation; nothing was sent. Write `locations` or `fulfillments` instead, or pass allowLegacyStock.',
  },
  'maintainx-link-refused': {
    status: 502,
    retryable: false,
    meaning:
      'The link to a file is no http(s) address, or its server refused it. Links of MaintainX hold an hour: read the record again for a fresh one.',
  },
  'maintainx-not-found': {
    status: 502,
    retryable: false,
    meaning: 'MaintainX has no such record, or this key may not see it (404 with its error envelope).',
  },
  'maintainx-options-invalid': {
    status: 500,
    retryable: false,
    meaning: 'createClient was given an option that cannot be, or no key. `details.option` names it: correct it.',
  },
  'maintainx-organization-headers': {
    status: 400,
    retryable: false,
    meaning:
      'One call takes one organisation or several, never both; nothing was sent. Leave organizationId away from the client that passes organizationIds.',
  },
  'maintainx-rate-limited': {
    status: 503,
    retryable: true,
    meaning: 'MaintainX answered 429. `details.retryAfterMs` says when its window ends.',
  },
  'maintainx-reading-too-old': {
    status: 400,
    retryable: false,
    meaning:
      'A meter reading is more than three days old, which MaintainX refuses for sensors; nothing was sent. Leave it out, or pass allowOldReadings for a manual meter.',
  },
  'maintainx-readings-used-up': {
    status: 429,
    retryable: false,
    meaning:
      'A manual meter takes ten readings a day, and they were sent; nothing was sent. `details.retryAt` (epoch milliseconds) says when the next may go.',
  },
  'maintainx-rejected': {
    status: 502,
    retryable: false,
    meaning: 'MaintainX found the request wrong (400). `details.problems` holds its field errors.',
  },
  'maintainx-start-without-due': {
    status: 400,
    retryable: false,
    meaning: 'A work order has a startDate only together with a dueDate; nothing was sent. Send both, or neither.',
  },
  'maintainx-status-not-settable': {
    status: 400,
    retryable: false,
    meaning:
      'The status of a work order cannot be set this way; nothing was sent. Call updateWorkOrderStatus with OPEN, IN_PROGRESS, ON_HOLD, DONE or CANCELED.',
  },
  'maintainx-statuses-combined': {
    status: 400,
    retryable: false,
    meaning:
      'CANCELED and SKIPPED in one filter give an empty list, whatever there is; nothing was sent. Ask for them in two calls.',
  },
  'maintainx-timeout': {
    status: 504,
    retryable: true,
    meaning:
      'MaintainX did not answer within the deadline. A write may have been done all the same: it is not retryable then, and `details.mayBeDone` is true.',
  },
  'maintainx-tokens-in-webhooks': {
    status: 400,
    retryable: false,
    meaning: 'includeOAuthTokensInPayload would send secrets with every webhook; nothing was sent. Leave it away.',
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
    meaning:
      'MaintainX could not be reached or answered with 5xx. A write may have been done all the same: it is not retryable then, and `details.mayBeDone` is true.',
  },
  'maintainx-unreadable': {
    status: 502,
    retryable: true,
    meaning:
      'The answer was not what this call promises: no JSON, another envelope, or cut off. A write may have been done all the same: it is not retryable then, and `details.mayBeDone` is true.',
  },
  'maintainx-webhook-parsed': {
    status: 500,
    retryable: false,
    meaning:
      'A body parser read the webhook before its handler, so that the signed bytes are gone. Mount the handler before the parser.',
  },
} as const satisfies ErrorTable;

export const raiseMaintainx = errorsOf(MAINTAINX_ERRORS);
