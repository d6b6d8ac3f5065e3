import { Command } from 'commander';
import { erase, eraseFurther } from '../administration/index.ts';
import { systemClock } from '../base/clock.ts';
import { endSubscriptions } from '../clients.ts';
import { raise } from '../errors.ts';
import type { Installation } from '../server.ts';
import { tenantByName } from '../tenants/index.ts';
import { change, shellActor, untilStopped, withInstallation } from './context.ts';
import { writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant: string;
  readonly yes: string;
  readonly json?: true;
}

export function eraseCommand(): Command {
  return new Command('erase')
    .description('Erase a tenant for good: its secrets are dead at once, its rows and files follow.')
    .requiredOption('--tenant <name>', 'which tenant')
    .requiredOption('--yes <name>', 'the same name once more')
    .option('--json', 'print JSON')
    .action((options: Options) => withInstallation((installation) => eraseTenant(installation, options)));
}

async function eraseTenant(installation: Installation, options: Options): Promise<void> {
  const { tenantId, name, state } = await tenantByName(installation.database, options.tenant);
  if (state !== 'erasing') {
    if (options.yes !== name) throw raise('usage', `to erase it, say its name: --yes ${name}`);
    const { ended, left } = await endSubscriptions(installation, tenantId);
    if (options.json !== true)
      await writeLine(
        `${ended} webhook subscriptions ended at MaintainX${left > 0 ? `; ${left} may still be there` : ''}`,
      );
    await change(installation, tenantId, 'eraseTenant', erase(options.yes));
  }
  if (options.json !== true) await writeLine('its secrets are dead; its last rows go in about a minute');
  const isGone = await followErasure(installation, name);
  if (options.json === true) return void (await writeJson({ tenant: name, erased: isGone }));
  await writeLine(isGone ? `${name} is erased` : 'a running server, or this command once more, does the rest');
}

/** Goes on until nothing of the tenant is left, or until it is stopped; a running server does the same. */
async function followErasure(installation: Installation, name: string): Promise<boolean> {
  const { database, blobs } = installation;
  const signal = untilStopped();
  while (!signal.aborted) {
    const { underWay } = await eraseFurther({ database, clock: systemClock }, blobs, shellActor());
    if (!underWay.includes(name)) return true;
    await systemClock.sleep(2_000, signal);
  }
  return false;
}
