import { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import type { Secret } from '../base/secret.ts';
import { onboard, withClients } from '../clients.ts';
import { keyChanged } from '../inbound/index.ts';
import { replaceKey, type AddedTenant } from '../onboarding/index.ts';
import type { Installation } from '../server.ts';
import { listTenants } from '../tenants/index.ts';
import { chosenTenant, withInstallation } from './context.ts';
import { rotateHooksCommand } from './rotate-hooks.ts';
import { readSecret } from './secret-input.ts';
import { iso, table, writeJson, writeLine } from './output.ts';

export function tenantCommand(): Command {
  return new Command('tenant')
    .description('The organisations that this installation serves.')
    .addCommand(add())
    .addCommand(setKey())
    .addCommand(rotateHooksCommand())
    .addCommand(list());
}

interface AddOptions {
  readonly name: string;
  readonly apiKey?: string;
  readonly apiKeyFile?: string;
  readonly organization?: string;
  readonly principal?: string;
  readonly json?: true;
}

function add(): Command {
  return new Command('add')
    .description('Try an API key and add its organisation. A running server then subscribes webhooks and backfills.')
    .requiredOption('--name <name>', 'lower-case letters, digits and dashes')
    .option('--api-key-file <file>', 'file that holds the MaintainX API key; "-" reads standard input')
    .option('--api-key <key>', 'the key itself; other users of this machine can see it while the command runs')
    .option('--organization <id>', 'which organisation, when the key sees several')
    .option('--principal <name>', 'a name for the user whose quota the key uses: keys of one name share one window')
    .option('--json', 'print JSON')
    .action(async (options: AddOptions) => {
      const apiKey = readSecret({ secret: options.apiKey, secretFile: options.apiKeyFile }, 'API key', '--api-key');
      const added = await withInstallation((installation) => addTo(installation, options, apiKey));
      if (options.json === true) return void (await writeJson(added));
      await writeLine(`added ${added.name}: organisation ${added.organization.id} (${added.organization.name})`);
      await writeLine('a running server backfills it now; `millwright sync status` shows how far it is');
    });
}

interface SetKeyOptions extends Omit<AddOptions, 'name' | 'organization' | 'principal'> {
  readonly tenant?: string;
}

function setKey(): Command {
  return new Command('set-key')
    .description('Put another API key in place of the one there is; work that rested for it goes on.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--api-key-file <file>', 'file that holds the MaintainX API key; "-" reads standard input')
    .option('--api-key <key>', 'the key itself; other users of this machine can see it while the command runs')
    .option('--json', 'print JSON')
    .action(async (options: SetKeyOptions) => {
      const apiKey = readSecret({ secret: options.apiKey, secretFile: options.apiKeyFile }, 'API key', '--api-key');
      await withInstallation(async (installation) => {
        const { tenantId, name } = await chosenTenant(installation, options.tenant);
        await withClients(installation, {}, async (clientWith) => {
          const { database, vault, store } = installation;
          const organizationId = await replaceKey({ database, vault, clientWith }, tenantId, apiKey);
          await store.transact(tenantId, (tx) => keyChanged(tx, organizationId, systemClock.now()));
        });
        if (options.json === true) return void (await writeJson({ tenant: name }));
        await writeLine(`${name} has the new key; a running server takes it within a minute`);
        await writeLine('for a day nothing counts as deleted: what the new key may not see may still be there');
      });
    });
}

/** Adds a tenant to an open installation. */
export const addTo = (
  installation: Installation,
  given: { readonly name: string; readonly organization?: string; readonly principal?: string },
  apiKey: Secret,
): Promise<AddedTenant> =>
  onboard(installation, { name: given.name, apiKey, organizationId: given.organization, principal: given.principal });

function list(): Command {
  return new Command('list')
    .description('All tenants.')
    .option('--json', 'print JSON, one line a tenant')
    .action(async (options: { json?: true }) => {
      const tenants = await withInstallation(({ database }) => listTenants(database));
      const shown = tenants.map((tenant) => ({ ...tenant, createdAt: iso(tenant.createdAt) }));
      if (options.json === true) for (const tenant of shown) await writeJson(tenant);
      else
        await writeLine(
          table(
            ['name', 'state', 'reason', 'created'],
            shown.map((tenant) => [tenant.name, tenant.state, tenant.stateReason ?? '', tenant.createdAt ?? '']),
          ),
        );
    });
}
