import { Command } from 'commander';
import { adoptMasterKey, rotateDataKey } from '../administration/index.ts';
import { systemClock } from '../base/clock.ts';
import { raise } from '../errors.ts';
import type { Installation } from '../server.ts';
import { listTenants } from '../tenants/index.ts';
import { addKey, dropOlderKeys } from '../vault/index.ts';
import { change, chosenTenant, shellActor, withInstallation } from './context.ts';
import { writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly all?: true;
  readonly json?: true;
}

export function keysCommand(): Command {
  const rotate = new Command('rotate')
    .description(
      'Put a new master key in place of the one there is, while everything goes on; killed, it goes on when run again.',
    )
    .option('--json', 'print JSON')
    .action((options: Options) => withInstallation((installation) => rotateMaster(installation, options)));
  const rotateData = new Command('rotate-data')
    .description('Seal a tenant’s secrets with a new data key, while everything goes on.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--all', 'every tenant, one after the other')
    .option('--json', 'print JSON, one line a tenant')
    .action((options: Options) => withInstallation((installation) => rotateDataKeys(installation, options)));
  return new Command('keys')
    .description('The keys that secrets are sealed with.')
    .addCommand(rotate)
    .addCommand(rotateData);
}

/**
 * In a file: a new key is put before the old one, wraps everything, and the old one is taken away. In the environment: people have
 * put the new one there already, and take the old one away afterwards.
 */
async function rotateMaster({ database, keyring }: Installation, options: Options): Promise<void> {
  const { file } = keyring;
  // More than one: an earlier rotation did not come to its end.
  if (file !== null && keyring.keys().length === 1) await addKey(file);
  keyring.refresh();
  if (keyring.keys().length === 1)
    throw raise(
      'usage',
      'set MILLWRIGHT_MASTER_KEY to the new key and MILLWRIGHT_MASTER_KEY_OLD to the one it replaces',
    );
  const report = await adoptMasterKey({ database, clock: systemClock }, keyring, shellActor());
  if (file !== null) await dropOlderKeys(file);
  if (options.json === true) return void (await writeJson({ ...report, file }));
  await writeLine(
    `${report.rewrapped} data keys of ${report.tenants} tenants are wrapped by the master key ${report.keyId}`,
  );
  await writeLine(
    file === null
      ? 'MILLWRIGHT_MASTER_KEY_OLD is needed no more: take it out of the environment of every process'
      : `the old one is no longer in ${file}; keep a copy of this file where your backups are not`,
  );
}

async function rotateDataKeys(installation: Installation, options: Options): Promise<void> {
  const { database, vault, keyring } = installation;
  const tenants =
    options.all === true ? await listTenants(database) : [await chosenTenant(installation, options.tenant)];
  for (const { tenantId, name, state } of tenants) {
    if (state === 'erasing') continue;
    const { sealed } = await change(installation, tenantId, 'rotateDataKey', rotateDataKey(vault, keyring));
    if (options.json === true) await writeJson({ tenant: name, sealed });
    else await writeLine(`${sealed} secrets of ${name} are sealed with a new key`);
  }
}
