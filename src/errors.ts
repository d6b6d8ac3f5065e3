import { errorsOf, type ErrorTable } from './base/coded-error.ts';

/** Every error code of the gateway, in alphabetical order. docs/errors.md is made from this table. */
export const ERRORS = {
  'audit-broken': {
    status: 500,
    retryable: false,
    meaning:
      'An entry of the audit is not what was written, or is missing: somebody with rights on the database changed it. `detail` names the entry.',
  },
  'backlog-full': {
    status: 503,
    retryable: true,
    meaning:
      'More webhooks of this organisation wait to be processed than `MILLWRIGHT_WAITING_BYTES` allows. Nothing of this one was stored; send it again later, and see `millwright health` for what holds the others up.',
  },
  'blob-key-invalid': {
    status: 500,
    retryable: false,
    meaning:
      'A file was to be stored under a name that could lead out of its folder. This is a fault of ours: report it.',
  },
  'blobs-unavailable': {
    status: 503,
    retryable: true,
    meaning:
      'The folder or bucket for files cannot be used. The message says why; MILLWRIGHT_BLOBS names it. What was not stored is tried again.',
  },
  'body-too-large': {
    status: 413,
    retryable: false,
    meaning: 'The request body is larger than 1 MiB. Send less in one request.',
  },
  'changed-meanwhile': {
    status: 412,
    retryable: false,
    meaning:
      'What the request means to change is not what `If-Match` names: somebody else changed it. Read it again, then decide.',
  },
  'config-invalid': {
    status: 500,
    retryable: false,
    meaning: 'A setting has a value that cannot be used. Correct the environment variable that the message names.',
  },
  'database-not-ours': {
    status: 500,
    retryable: false,
    meaning:
      'The database was migrated by a newer version, or a migration was changed after it ran. Start the version that fits, or restore a backup.',
  },
  'database-role-missing': {
    status: 500,
    retryable: false,
    meaning:
      'The runtime role does not exist and this login may not create it. Have an administrator run the SQL that the message prints.',
  },
  'database-unavailable': {
    status: 503,
    retryable: true,
    meaning: 'PostgreSQL does not answer. Nothing was accepted; the same call works once it is back.',
  },
  'embedded-postgres-failed': {
    status: 500,
    retryable: false,
    meaning:
      'The embedded PostgreSQL could not be set up or started. The message says why; DATABASE_URL names a server of your own instead.',
  },
  forbidden: {
    status: 403,
    retryable: false,
    meaning:
      'The token is good, but may not do this: `detail` names the scope that is missing, or what else stands against it.',
  },
  'hook-key-unknown': {
    status: 404,
    retryable: false,
    meaning: 'No webhook subscription has this key. Check the URL of the subscription at MaintainX.',
  },
  'hook-not-ready': {
    status: 503,
    retryable: true,
    meaning: 'The subscription was just made and its secret is not known yet. What it told is found by the next poll.',
  },
  'intake-full': {
    status: 503,
    retryable: true,
    meaning:
      'More webhooks wait to be stored than fit into memory: the database is too slow for what comes in. Nothing of this one was stored; send it again later.',
  },
  internal: {
    status: 500,
    retryable: false,
    meaning: 'Something failed that should not. The log has the details under the same request id.',
  },
  'lease-lost': {
    status: 409,
    retryable: true,
    meaning: 'Another process took over this work while this one was paused; what it had not committed is done there.',
  },
  'not-found': {
    status: 404,
    retryable: false,
    meaning: 'There is nothing at this address.',
  },
  'request-invalid': {
    status: 400,
    retryable: false,
    meaning: 'The request is not one that this address takes. The message says what is wrong with it.',
  },
  'request-key-used': {
    status: 409,
    retryable: false,
    meaning:
      'The `Idempotency-Key` belongs to another request, or to one that was done and told a secret, which is told once.',
  },
  'secret-unreadable': {
    status: 500,
    retryable: false,
    meaning:
      'A stored secret cannot be decrypted: the master key is not the one it was stored with, or the row was changed. Start with the right master key.',
  },
  'signature-invalid': {
    status: 401,
    retryable: false,
    meaning:
      'The signature of the webhook does not fit its body, secret or time. `millwright verify-signature` says which step failed.',
  },
  'specification-invalid': {
    status: 400,
    retryable: false,
    meaning: 'The file or answer is not an OpenAPI 3 document in JSON, or is too deep or too large for one.',
  },
  'specification-log-unusable': {
    status: 500,
    retryable: false,
    meaning:
      'The log of specifications, or the last shape kept beside it, cannot be read or written. Correct its folder, or name another with --log.',
  },
  'specification-unreadable': {
    status: 502,
    retryable: true,
    meaning: 'The specification could not be read from its file or fetched from its address. The message says why.',
  },
  'tenant-erasing': {
    status: 409,
    retryable: false,
    meaning:
      'The tenant is being erased; nothing can be done with it any more, and its name is free again when that is over.',
  },
  'tenant-exists': {
    status: 409,
    retryable: false,
    meaning: 'A tenant of this name exists. Choose another name, or work with the one that is there.',
  },
  'tenant-unknown': {
    status: 404,
    retryable: false,
    meaning: 'There is no tenant of this name. `millwright tenant list` shows those that there are.',
  },
  'too-many-requests': {
    status: 429,
    retryable: true,
    meaning:
      'This token, or this address, asked more often than `MILLWRIGHT_API_REQUESTS_PER_MINUTE` allows. `Retry-After` tells how many seconds to wait.',
  },
  unauthenticated: {
    status: 401,
    retryable: false,
    meaning:
      'There is no token, or one that nobody has, that has expired or was revoked. Send `Authorization: Bearer <token>`; `millwright token create` makes one.',
  },
  usage: {
    status: 400,
    retryable: false,
    meaning: 'The command was called wrongly. `millwright <command> --help` shows how.',
  },
} as const satisfies ErrorTable;

/** Makes a coded error of the gateway: `throw raise('tenant-unknown', 'no tenant is called "x"')`. */
export const raise = errorsOf(ERRORS);
