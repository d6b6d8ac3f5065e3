import { Command } from 'commander';
import { rotateHooks } from '../administration/index.ts';
import { change, chosenTenant, withInstallation } from './context.ts';
import { writeJson, writeLine } from './output.ts';

export function rotateHooksCommand(): Command {
  return new Command('rotate-hooks')
    .description('Put new webhook subscriptions, with new addresses and secrets, in place of the ones there are.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--json', 'print JSON')
    .action(async (options: { readonly tenant?: string; readonly json?: true }) => {
      const { name, retiring } = await withInstallation(async (installation) => {
        const { tenantId, name: chosen } = await chosenTenant(installation, options.tenant);
        return { name: chosen, ...(await change(installation, tenantId, 'rotateHooks', rotateHooks)) };
      });
      if (options.json === true) return void (await writeJson({ tenant: name, retiring }));
      await writeLine(`${retiring} webhook subscriptions of ${name} are replaced by a running server`);
      await writeLine('the old ones deliver until the new ones do; `millwright doctor` shows how far it is');
    });
}
