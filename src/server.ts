import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import pino, { type DestinationStream, type Logger } from 'pino';
import { eraseFurther, outlookOf } from './administration/index.ts';
import { createApp, type RoutePorts } from './api/index.ts';
import { systemClock } from './base/clock.ts';
import { isCoded } from './base/coded-error.ts';
import { systemRandom } from './base/random.ts';
import { Secret } from './base/secret.ts';
import { uuidv7 } from './base/uuid.ts';
import { admitEnvironmentToken, firstAdminToken } from './access/index.ts';
import { openBlobStore, type BlobStore } from './blobs/index.ts';
import {
  connect,
  endSubscriptions,
  onboard,
  onboardAll,
  principalsOf,
  requestsPerMinuteOf,
  userRuleOf,
  withClients,
} from './clients.ts';
import type { Config, Role } from './config.ts';
import { raise } from './errors.ts';
import {
  cachedHookTargets,
  createIntake,
  deliverWork,
  guardianWork,
  hydrateWork,
  postgresSettings,
  pullWork,
  turnDays,
  type EnginePorts,
  type InboundStore,
  type Intake,
  type Situation,
} from './inbound/index.ts';
import { createHints, createShares, runLane, type Hints, type LaneWork, type WorkLane } from './jobs/index.ts';
import { undiciHttp } from './maintainx/index.ts';
import { attachEmbedded, connect as connectDatabase, type Database, type TenantTransaction } from './postgres/index.ts';
import { figuresWork } from './projections/index.ts';
import type { QuotaUse } from './quota/index.ts';
import { createSites } from './sites.ts';
import { connectionTo, organizationIdsOf } from './tenants/index.ts';
import { postgresStore } from './store/index.ts';
import { loginKeysOf, openKeyring, openVault, type Keyring, type Vault } from './vault/index.ts';

/** Structured logs on standard error; keys that name secrets are redacted wherever they stand. */
export function createLogger(level: string, destination: DestinationStream = pino.destination(2)): Logger {
  const secrets = ['authorization', 'apiKey', 'api_key', 'secret', 'password', 'hookKey', 'masterKey', 'token', 'url'];
  const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const redact = { paths: [...paths, 'req.headers', 'req.url'], censor: '[redacted]' };
  return pino({ level, redact, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

/** An open installation: the database, migrated, and what its secrets are opened with. */
export interface Installation {
  readonly config: Config;
  readonly logger: Logger;
  readonly database: Database;
  readonly store: InboundStore;
  /** Where the bytes of files are stored. */
  readonly blobs: BlobStore;
  readonly keyring: Keyring;
  readonly vault: Vault;
  close(): Promise<void>;
}

/** Most database connections of one process; each tenant may have half of them at once, unless it was chosen otherwise. */
const CONNECTIONS = 20;

export async function openInstallation(config: Config, logger: Logger): Promise<Installation> {
  const log = (message: string, details: Record<string, unknown> = {}): void => logger.info(details, message);
  const dataDir = resolve(config.dataDir);
  const keyring = openKeyring({ ...config, dataDir });
  const vault = openVault(keyring);
  const embedded = config.databaseUrl === undefined ? await attachEmbedded({ dataDir, log }) : undefined;
  const url = config.databaseUrl ?? new Secret(embedded?.url ?? '');
  try {
    const keys = loginKeysOf(keyring);
    const mostOf = async (tx: TenantTransaction): Promise<number | null> =>
      (await postgresSettings(tx).read()).connections;
    const options = {
      url,
      migrateUrl: config.migrateUrl,
      keys,
      connections: CONNECTIONS,
      folder: embedded?.folder ?? null,
      mostOf,
      log,
    };
    const database = await connectDatabase(options);
    const close = async (): Promise<void> => {
      await database.close();
      await embedded?.release();
    };
    const blobs = blobsOf(config, dataDir);
    return { config, logger, database, store: postgresStore(database), blobs, keyring, vault, close };
  } catch (error) {
    await embedded?.release();
    throw error;
  }
}

function blobsOf({ blobs }: Config, dataDir: string): BlobStore {
  try {
    return openBlobStore(blobs ?? join(dataDir, 'files'));
  } catch (error) {
    throw raise('config-invalid', `MILLWRIGHT_BLOBS ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The strands of work of one process. */
export interface Engine {
  readonly hints: Hints;
  readonly ports: EnginePorts;
  /** Requests to MaintainX in the last minute, of the connections that this process used. */
  readonly quota: () => readonly QuotaUse[];
  /** The same for one tenant; undefined before its first request from here. */
  readonly quotaOf: (tenantId: string) => QuotaUse | undefined;
  /** The rarer moments since this process started, and how often each came. */
  readonly situations: ReadonlyMap<Situation, number>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly lanes: readonly WorkLane[];
  /** Only this tenant's work; null: everybody's. */
  readonly tenantId: string | null;
}

/** How many tenants a process serves at once, per lane. */
const WIDTH: Readonly<Record<WorkLane, number>> = { deliver: 4, hydrate: 8, pull: 8, guard: 2, figures: 2 };

/** So many webhooks or reads of one tenant in about a second trouble nobody. */
const TROUBLES_NOBODY = 50;

/** Which strands a role does; intake and API are none. */
const LANES_OF: Readonly<Record<Role, readonly WorkLane[]>> = {
  intake: [],
  worker: ['deliver', 'hydrate', 'figures'],
  puller: ['pull', 'guard'],
  api: [],
};

export function startEngine(installation: Installation, options: EngineOptions): Engine {
  const { config, logger, store, blobs } = installation;
  const stopping = new AbortController();
  const http = undiciHttp({ signal: stopping.signal });
  const sites = createSites({ ...installation, http, signal: stopping.signal });
  const hints = createHints();
  const situations = new Map<Situation, number>();
  const ports: EnginePorts = {
    store,
    clock: systemClock,
    random: systemRandom,
    blobs,
    siteOf: sites.siteOf,
    // Whatever the engine has to say is something that somebody should look at.
    log: (message, details = {}) => logger.warn(details, message),
    alarm: (message, details = {}) => logger.error(details, message),
    noticed: (situation) => void situations.set(situation, (situations.get(situation) ?? 0) + 1),
  };
  const work: Readonly<Record<WorkLane, LaneWork>> = {
    deliver: deliverWork(ports, () => hints.give('hydrate')),
    hydrate: hydrateWork(ports, config),
    pull: pullWork(ports, config),
    figures: figuresWork({
      database: installation.database,
      clock: systemClock,
      outlookOf: (tenantId, now) => outlookOf(outlookOptions(installation), tenantId, now),
      principalOf: (tenantId) => firstPrincipal(installation, tenantId),
    }),
    guard: guardianWork({
      ports,
      database: installation.database,
      vault: installation.vault,
      publicUrl: config.publicUrl,
      intervalMs: config.guardianIntervalMs,
    }),
  };
  const loops = options.lanes.flatMap((lane) => {
    const shares = createShares(systemClock.now, TROUBLES_NOBODY);
    return Array.from({ length: WIDTH[lane] }, () =>
      runLane(
        {
          leases: store.leases,
          lane,
          holder: `${hostname()}/${process.pid}`,
          tenantId: options.tenantId,
          // Who works for one tenant alone takes nothing from others.
          mostOfOne: options.tenantId === null ? WIDTH[lane] / 2 : WIDTH[lane],
          work: work[lane],
          clock: systemClock,
          random: systemRandom,
          leaseMs: config.leaseMs,
          idleMs: config.idleIntervalMs,
          shares,
          leastOf: sites.fairPerSecondOf,
          hint: hints.next,
          foundWork: hints.give,
          onError: (failed, tenantId, error) => logTrouble(logger, failed, tenantId, error),
        },
        stopping.signal,
      ),
    );
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await Promise.all(loops);
    await http.close();
  };
  return { hints, ports, quota: sites.quota, quotaOf: sites.quotaOf, situations, stop };
}

/** Whose quota the tenant's oldest connection uses; null: it has none. */
async function firstPrincipal({ database, vault }: Installation, tenantId: string): Promise<string | null> {
  return database.withTenant(tenantId, async (tx) => {
    const [organizationId] = await organizationIdsOf(tx);
    const connection = organizationId === undefined ? undefined : await connectionTo(tx, vault, organizationId);
    return connection === undefined ? null : principalsOf(connection).user;
  });
}

const outlookOptions = ({ database, config }: Installation) => ({
  database,
  times: config,
  requestsPerMinute: (share: number | null) => requestsPerMinuteOf(config, share),
});

function logTrouble(logger: Logger, lane: WorkLane, tenantId: string | undefined, error: unknown): void {
  if (isCoded(error)) logger.warn({ lane, tenantId, code: error.code, reason: error.message }, 'work was put off');
  else logger.error({ lane, tenantId, err: error }, 'work failed');
}

/** A running gateway. */
export interface Server {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly address: string;
  readonly installation: Installation;
  readonly engine: Engine;
  readonly intake: Intake | undefined;
  /** The administrator's token, when none worked and this process made one: shown now or never. */
  readonly madeToken: Secret | undefined;
  /** Stops intake first, then the work, then lets the database go. */
  stop(): Promise<void>;
}

const DAYS_LOOKED_AT_MS = 3_600_000;

/** Makes room for the webhooks of the coming days and lets old ones go, until `signal` aborts. Never rejects. */
async function turnDaysOf({ config, logger, database }: Installation, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const trouble = await turnDays(database.directory, systemClock.now(), config.deliveryDays).then(
      () => null,
      (error: unknown) => error,
    );
    if (trouble !== null) logger.warn({ err: trouble }, 'days of webhooks could not be made or dropped');
    await systemClock.sleep(trouble === null ? DAYS_LOOKED_AT_MS : 60_000, signal);
  }
}

const ERASURES_LOOKED_AT_MS = 15_000;

/** Goes on with tenants that are being erased, until `signal` aborts. Never rejects. */
async function keepErasing({ database, blobs, logger }: Installation, signal: AbortSignal): Promise<void> {
  const by = { actor: 'millwright', origin: `server ${hostname()}` };
  while (!signal.aborted) {
    const { gone } = await eraseFurther({ database, clock: systemClock }, blobs, by).catch((error: unknown) => {
      logger.warn({ err: error }, 'a tenant could not be erased further');
      return { gone: [] };
    });
    for (const tenant of gone) logger.warn({ tenant }, 'a tenant is erased');
    await systemClock.sleep(ERASURES_LOOKED_AT_MS, signal);
  }
}

const routePorts = (installation: Installation): RoutePorts => ({
  ...installation,
  clock: systemClock,
  random: systemRandom,
  upkeep: {
    times: installation.config,
    requestsPerMinute: (share) => requestsPerMinuteOf(installation.config, share),
  },
  quotaRule: (share) => userRuleOf(installation.config, share),
  whoseQuota: principalsOf,
  requestsPerMinute: installation.config.apiRequestsPerMinute,
  addTenant: (given) => onboard(installation, given),
  addTenantsOfKey: (given) => onboardAll(installation, given),
  connect: (given) => connect(installation, given),
  endSubscriptions: (tenantId, organizationId) => endSubscriptions(installation, tenantId, organizationId),
  withClients: (work) => withClients(installation, {}, work),
});

/** How long requests under way may take once we are told to stop. */
const SENDERS_MAY_FINISH_MS = 3_000;

/** Sees to it that there is a token for the administrator: the environment's, or one that is made and shown once. */
async function adminToken({ config, database }: Installation): Promise<Secret | undefined> {
  const [now, tokenId] = [systemClock.now(), uuidv7(systemClock.now(), systemRandom)];
  const given = config.adminToken;
  if (given === undefined) return database.inDirectory((tx) => firstAdminToken(tx, tokenId, now));
  await database.inDirectory((tx) => admitEnvironmentToken(tx, given, tokenId, now));
  return undefined;
}

/** Starts to serve; from then on the installation is the server's to close. */
export async function startServer(installation: Installation): Promise<Server> {
  const { config, logger, database, store, vault } = installation;
  const lanes = config.roles.flatMap((role) => LANES_OF[role]);
  const engine = startEngine(installation, { lanes, tenantId: null });
  const intake = config.roles.includes('intake')
    ? createIntake({
        ports: engine.ports,
        targets: cachedHookTargets(database, vault, systemClock.now),
        requireUriSignature: config.requireUriSignature,
        waitingBytes: config.waitingBytes,
        onStored: () => engine.hints.give('deliver'),
      })
    : undefined;
  const ready = async (): Promise<void> => void (await store.nextTicket());
  const health = (): Promise<Readonly<Record<string, unknown>>> =>
    Promise.resolve({
      roles: config.roles,
      intake: intake?.counts ?? null,
      quota: engine.quota(),
      situations: Object.fromEntries(engine.situations),
    });
  const ending = new AbortController();
  const turning = intake === undefined ? undefined : turnDaysOf(installation, ending.signal);
  const erasing = config.roles.includes('worker') ? keepErasing(installation, ending.signal) : undefined;
  const servesApi = config.roles.includes('api');
  const routes = servesApi ? routePorts(installation) : undefined;
  const app = await createApp({ logger, intake, publicUrl: config.publicUrl, ready, health, routes });
  const stop = async (): Promise<void> => {
    // A sender that never ends its request must not keep us from ending.
    const patience = setTimeout(() => app.server.closeAllConnections(), SENDERS_MAY_FINISH_MS);
    ending.abort();
    await Promise.all([app.close(), engine.stop(), turning, erasing]);
    clearTimeout(patience);
    await installation.close();
  };
  try {
    const madeToken = servesApi ? await adminToken(installation) : undefined;
    const address = await app.listen({ host: config.host, port: config.port });
    return { address, installation, engine, intake, madeToken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
