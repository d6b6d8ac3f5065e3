import { hostname, userInfo } from 'node:os';
import { carryOut, type Change } from '../administration/index.ts';
import type { Actor } from '../audit/index.ts';
import { systemClock } from '../base/clock.ts';
import type { Json } from '../base/json.ts';
import { readConfig } from '../config.ts';
import { raise } from '../errors.ts';
import { createLogger, openInstallation, type Installation } from '../server.ts';
import { listTenants, tenantByName, type Tenant } from '../tenants/index.ts';

/** Opens the installation for one command and closes it whatever happens. Logs only warnings unless LOG_LEVEL is set. */
export async function withInstallation<Result>(work: (installation: Installation) => Promise<Result>): Promise<Result> {
  const config = readConfig();
  const quiet = config.logLevel === 'info' ? 'warn' : config.logLevel;
  const installation = await openInstallation(config, createLogger(quiet));
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}

/** The named tenant; without a name the only one there is. */
export async function chosenTenant(installation: Installation, name: string | undefined): Promise<Tenant> {
  if (name !== undefined) return tenantByName(installation.database, name);
  const tenants = await listTenants(installation.database);
  const only = tenants[0];
  if (only === undefined) throw raise('tenant-unknown', 'there is no tenant yet; make one with: millwright tenant add');
  if (tenants.length > 1)
    throw raise('usage', `choose a tenant with --tenant: ${tenants.map((tenant) => tenant.name).join(', ')}`);
  return only;
}

/** The option of commands that are about one organisation of a tenant. */
export const ORGANIZATION = ['--organization <id>', 'which organisation of the tenant; default: the only one'] as const;

/** Who sits at this command line, as the audit names them. */
export function shellActor(): Actor {
  return { actor: `user ${userName()}`, origin: `cli ${hostname()}` };
}

/** Some containers have users without a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** Does a change in one transaction with its line in the audit; `tenantId` INSTALLATION: of no tenant. */
export const change = <Answer extends Json>(
  { database }: Installation,
  tenantId: string,
  action: string,
  work: Change<Answer>,
): Promise<Answer> => carryOut({ database, clock: systemClock }, { ...shellActor(), tenantId, action }, work);

/** Aborts at the first SIGINT or SIGTERM; at the second the process ends at once. */
export function untilStopped(): AbortSignal {
  const stopped = new AbortController();
  const stop = (): void => {
    if (stopped.signal.aborted) process.exit(1);
    stopped.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return stopped.signal;
}

/** Resolves when `signal` aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
