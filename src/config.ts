import { Secret } from './base/secret.ts';
import { raise } from './errors.ts';

/** One setting: where it comes from, what it means, how its text is read. */
interface Setting<Value> {
  readonly env: string;
  /** Shown in docs/configuration.md. */
  readonly type: string;
  /** Text used when the variable is absent; undefined: the setting may be absent. */
  readonly default?: string;
  readonly description: string;
  readonly parse: (text: string) => Value;
}

type Parsed<S> = S extends { default: string; parse: (text: string) => infer Value }
  ? Value
  : S extends { parse: (text: string) => infer Value }
    ? Value | undefined
    : never;

const text = (value: string): string => value;
const secret = (value: string): Secret => new Secret(value);

function integer(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most)
      throw new Error(`must be a whole number from ${least} to ${most}`);
    return number;
  };
}

/** Milliseconds, at most a year. */
const duration = integer(1, 366 * 24 * 3_600_000);

function httpUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new Error('must be an http(s) URL');
  if (url.username !== '' || url.password !== '') throw new Error('must not carry a user or password');
  return value.replace(/\/+$/, '');
}

function postgresUrl(value: string): Secret {
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) throw new Error('must be a postgres:// URL');
  return new Secret(value);
}

export const ROLES = ['intake', 'worker', 'puller', 'api'] as const;
export type Role = (typeof ROLES)[number];
const isRole = (name: string): name is Role => ROLES.some((role) => role === name);

function roles(value: string): readonly Role[] {
  if (value === 'all') return ROLES;
  const named = value.split(',').map((name) => name.trim());
  if (!named.every(isRole)) throw new Error(`must be "all" or a list of ${ROLES.join(', ')}`);
  return named;
}

function adminToken(value: string): Secret {
  if (!/^[\x21-\x7e]{32,200}$/.test(value)) throw new Error('must be 32 to 200 characters, without spaces');
  return new Secret(value);
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
function logLevel(value: string): string {
  if (!LEVELS.some((level) => level === value)) throw new Error(`must be one of ${LEVELS.join(', ')}`);
  return value;
}

const setting = <Value, const Rest extends Omit<Setting<Value>, 'parse'>>(
  rest: Rest,
  parse: (text: string) => Value,
): Rest & { readonly parse: (text: string) => Value } => ({ ...rest, parse });

/** Every setting. docs/configuration.md is made from this table. */
export const SETTINGS = {
  databaseUrl: setting(
    {
      env: 'DATABASE_URL',
      type: 'postgres URL',
      description:
        'PostgreSQL 15 to 18. Absent: an embedded server in `MILLWRIGHT_DATA_DIR`, for trying, not for production. The login may be an owner: start-up migrates, makes the runtime role and reconnects as it.',
    },
    postgresUrl,
  ),
  migrateUrl: setting(
    {
      env: 'MILLWRIGHT_MIGRATE_URL',
      type: 'postgres URL',
      description: 'Owner login for migrations, when `DATABASE_URL` is the runtime role itself.',
    },
    postgresUrl,
  ),
  dataDir: setting(
    {
      env: 'MILLWRIGHT_DATA_DIR',
      type: 'path',
      default: '.millwright',
      description: 'Folder of the embedded PostgreSQL and of the generated master key.',
    },
    text,
  ),
  blobs: setting(
    {
      env: 'MILLWRIGHT_BLOBS',
      type: 'folder or bucket',
      description:
        'Where the bytes of files are stored, if a tenant wants them: a folder, or `s3://bucket/prefix?region=…&endpoint=…&pathStyle=true` (needs the package `@aws-sdk/client-s3`; credentials as the AWS SDK finds them). Absent: the folder `files` in `MILLWRIGHT_DATA_DIR`.',
    },
    text,
  ),
  masterKey: setting(
    {
      env: 'MILLWRIGHT_MASTER_KEY',
      type: 'secret',
      description:
        '32 bytes in base64 or hex; wraps the data keys of all tenants. Absent: made once and kept in `MILLWRIGHT_DATA_DIR/master.key`.',
    },
    secret,
  ),
  oldMasterKeys: setting(
    {
      env: 'MILLWRIGHT_MASTER_KEY_OLD',
      type: 'secrets',
      description:
        'Master keys that `MILLWRIGHT_MASTER_KEY` replaces, with commas between: they open, and wrap nothing more. Until `millwright keys rotate` has run.',
    },
    (value) => value.split(',').map((one) => new Secret(one.trim())),
  ),
  masterKeyFile: setting(
    {
      env: 'MILLWRIGHT_MASTER_KEY_FILE',
      type: 'path',
      description: 'File that holds the master key; older ones may stand below it, one a line.',
    },
    text,
  ),
  host: setting({ env: 'HOST', type: 'address', default: '127.0.0.1', description: 'Address to listen on.' }, text),
  port: setting(
    { env: 'PORT', type: 'integer', default: '8080', description: 'Port to listen on; 0 takes any free one.' },
    integer(0, 65_535),
  ),
  publicUrl: setting(
    {
      env: 'MILLWRIGHT_PUBLIC_URL',
      type: 'URL',
      description:
        'Where MaintainX reaches this server. Absent: no webhook subscriptions are made and changes come by polling alone.',
    },
    httpUrl,
  ),
  roles: setting(
    {
      env: 'MILLWRIGHT_ROLES',
      type: 'list',
      default: 'all',
      description:
        'What this process does: `all`, or some of `intake` (webhooks), `worker` (deliveries and reads), `puller` (poll, sweep, backfill), `api` (`/api/v1`, `/docs`).',
    },
    roles,
  ),
  apiRequestsPerMinute: setting(
    {
      env: 'MILLWRIGHT_API_REQUESTS_PER_MINUTE',
      type: 'integer',
      default: '1200',
      description: 'Requests that one token may send to the API of one process in a minute.',
    },
    integer(1, 1_000_000),
  ),
  adminToken: setting(
    {
      env: 'MILLWRIGHT_ADMIN_TOKEN',
      type: 'secret',
      description:
        'Token of the administrator, at least 32 characters. Absent: one is made at the first start and shown once. Another value takes the earlier one’s place at the next start.',
    },
    adminToken,
  ),
  maintainxBaseUrl: setting(
    {
      env: 'MAINTAINX_BASE_URL',
      type: 'URL',
      default: 'https://api.getmaintainx.com/v1',
      description: 'MaintainX API, for the operator only: point it at a sandbox for tests.',
    },
    httpUrl,
  ),
  requestsPerMinute: setting(
    {
      env: 'MILLWRIGHT_REQUESTS_PER_MINUTE',
      type: 'integer',
      default: '100',
      description:
        "Most requests of a user, over all his keys, in any minute; 0: no limit. MaintainX's headers tighten it, never loosen it.",
    },
    integer(0, 1_000_000),
  ),
  organisationRequestsPerMinute: setting(
    {
      env: 'MILLWRIGHT_ORGANISATION_REQUESTS_PER_MINUTE',
      type: 'integer',
      default: '500',
      description:
        'Most requests of all users of an organisation together in any minute, at least those of one user; 0: no limit.',
    },
    integer(0, 1_000_000),
  ),
  quotaShare: setting(
    {
      env: 'MILLWRIGHT_QUOTA_SHARE',
      type: 'percent',
      default: '100',
      description: 'The part of both limits that Millwright may use; people and other tools share them.',
    },
    integer(1, 100),
  ),
  quotaWindowMs: setting(
    {
      env: 'MILLWRIGHT_QUOTA_WINDOW_MS',
      type: 'milliseconds',
      default: '60000',
      description:
        "Length of MaintainX's rate window. Shorter only for tests against a sandbox: the limits above are scaled to it.",
    },
    integer(100, 3_600_000),
  ),
  pollIntervalMs: setting(
    {
      env: 'MILLWRIGHT_POLL_INTERVAL_MS',
      type: 'milliseconds',
      default: '60000',
      description: 'How often the kinds with a change filter are polled.',
    },
    duration,
  ),
  pollOverlapMs: setting(
    {
      env: 'MILLWRIGHT_POLL_OVERLAP_MS',
      type: 'milliseconds',
      default: '120000',
      description: 'How far each poll reaches back behind its watermark, for records that become visible late.',
    },
    duration,
  ),
  sweepIntervalMs: setting(
    {
      env: 'MILLWRIGHT_SWEEP_INTERVAL_MS',
      type: 'milliseconds',
      default: '3600000',
      description: 'How often every record is listed, to find what neither webhook nor poll told.',
    },
    duration,
  ),
  rereadIntervalMs: setting(
    {
      env: 'MILLWRIGHT_REREAD_INTERVAL_MS',
      type: 'milliseconds',
      default: '86400000',
      description:
        'Oldest that the last single read of a record may be when its list row neither tells all fields nor when it changed.',
    },
    duration,
  ),
  upkeepShare: setting(
    {
      env: 'MILLWRIGHT_UPKEEP_SHARE',
      type: 'percent',
      default: '25',
      description:
        'The part of the quota that polls, sweeps and re-reads of a tenant may take. Where the intervals above would take more, sweeps and re-reads come more seldom; a tenant with intervals of its own keeps them.',
    },
    integer(1, 100),
  ),
  catchUpAfterMs: setting(
    {
      env: 'MILLWRIGHT_CATCH_UP_AFTER_MS',
      type: 'milliseconds',
      default: '600000',
      description: 'After polling was interrupted for so long, by whatever cause, everything is swept once.',
    },
    duration,
  ),
  deliveryDays: setting(
    {
      env: 'MILLWRIGHT_DELIVERY_DAYS',
      type: 'integer',
      default: '30',
      description: 'For how many days webhooks are kept as they came. What they told stays in the log for ever.',
    },
    integer(1, 3_650),
  ),
  tombstoneHoldMs: setting(
    {
      env: 'MILLWRIGHT_TOMBSTONE_HOLD_MS',
      type: 'milliseconds',
      default: '86400000',
      description:
        'After the key or a permission changed, nothing counts as deleted for so long: what cannot be seen any more may still be there.',
    },
    duration,
  ),
  surgeRecords: setting(
    {
      env: 'MILLWRIGHT_SURGE_RECORDS',
      type: 'integer',
      default: '40',
      description:
        'When webhooks told of so many records of a kind that none has been read yet, pages of its list are read instead of each record; what lists do not show is completed five minutes later.',
    },
    integer(2, 1_000),
  ),
  waitingBytes: setting(
    {
      env: 'MILLWRIGHT_WAITING_BYTES',
      type: 'integer',
      default: '1073741824',
      description:
        'Most bytes of one tenant’s webhooks that may wait to be processed, about a million webhooks by default; beyond that its webhooks are answered 503 until some were processed. Other tenants notice nothing.',
    },
    integer(1_048_576, Number.MAX_SAFE_INTEGER),
  ),
  guardianIntervalMs: setting(
    {
      env: 'MILLWRIGHT_GUARDIAN_INTERVAL_MS',
      type: 'milliseconds',
      default: '300000',
      description: 'How often the wanted webhook subscriptions are compared with those that exist.',
    },
    duration,
  ),
  idleIntervalMs: setting(
    {
      env: 'MILLWRIGHT_IDLE_INTERVAL_MS',
      type: 'milliseconds',
      default: '500',
      description: 'How often an idle worker looks for work that no notification announced.',
    },
    duration,
  ),
  leaseMs: setting(
    {
      env: 'MILLWRIGHT_LEASE_MS',
      type: 'milliseconds',
      default: '10000',
      description: 'How long a worker may hold a tenant without renewing; after that another takes over.',
    },
    integer(100, 3_600_000),
  ),
  requestTimeoutMs: setting(
    {
      env: 'MILLWRIGHT_REQUEST_TIMEOUT_MS',
      type: 'milliseconds',
      default: '20000',
      description: 'Deadline of one request to MaintainX.',
    },
    duration,
  ),
  requireUriSignature: setting(
    {
      env: 'MILLWRIGHT_REQUIRE_URI_SIGNATURE',
      type: 'boolean',
      default: 'false',
      description: 'Whether a webhook whose URI signature does not verify is refused; otherwise it is only counted.',
    },
    (value) => {
      if (value !== 'true' && value !== 'false') throw new Error('must be true or false');
      return value === 'true';
    },
  ),
  logLevel: setting(
    { env: 'LOG_LEVEL', type: 'level', default: 'info', description: `One of ${LEVELS.join(', ')}.` },
    logLevel,
  ),
} as const;

export type Config = { readonly [Name in keyof typeof SETTINGS]: Parsed<(typeof SETTINGS)[Name]> };

/** Reads and checks all settings; the first bad one is named with what it must be. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const read = <Value>(one: Setting<Value>): Value | undefined => {
    const given = env[one.env] === '' ? undefined : env[one.env];
    const source = given ?? one.default;
    if (source === undefined) return undefined;
    try {
      return one.parse(source);
    } catch (error) {
      throw raise('config-invalid', `${one.env} ${error instanceof Error ? error.message : 'is invalid'}`);
    }
  };
  const entries = Object.entries(SETTINGS).map(([name, one]) => [name, read<unknown>(one)] as const);
  return Object.fromEntries(entries) as unknown as Config;
}

/** What may be shown of the configuration: secrets are replaced. */
export function redactedSummary(config: Config): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)]));
}
