import { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import type { Secret } from '../base/secret.ts';
import { undiciHttp } from '../maintainx/index.ts';
import { addTenant, type AddedTenant } from '../onboarding/index.ts';
import { clientFor, type Installation } from '../server.ts';
import { listTenants } from '../tenants/index.ts';
import { withInstallation } from './context.ts';
import { readSecret } from './secret-input.ts';
import { iso, table, writeJson, writeLine } from './output.ts';

export function tenantCommand(): Command {
  return new Command('tenant')
    .description('The organisations that this installation serves.')
    .addCommand(add())
    .addCommand(list());
}

interface AddOptions {
  readonly name: string;
  readonly apiKey?: string;
  readonly apiKeyFile?: string;
  readonly organization?: string;
  readonly json?: true;
}

function add(): Command {
  return new Command('add')
    .description('Try an API key and add its organisation. A running server then subscribes webhooks and backfills.')
    .requiredOption('--name <name>', 'lower-case letters, digits and dashes')
    .option('--api-key-file <file>', 'file that holds the MaintainX API key; "-" reads standard input')
    .option('--api-key <key>', 'the key itself; other users of this machine can see it while the command runs')
    .option('--organization <id>', 'which organisation, when the key sees several')
    .option('--json', 'print JSON')
    .action(async (options: AddOptions) => {
      const apiKey = readSecret({ secret: options.apiKey, secretFile: options.apiKeyFile }, 'API key', '--api-key');
      const added = await withInstallation((installation) => addTo(installation, options, apiKey));
      if (options.json === true) return void (await writeJson(added));
      await writeLine(`added ${added.name}: organisation ${added.organization.id} (${added.organization.name})`);
      await writeLine('a running server backfills it now; `millwright sync status` shows how far it is');
    });
}

/** Adds a tenant to an open installation. */
export async function addTo(
  installation: Installation,
  given: { readonly name: string; readonly organization?: string },
  apiKey: Secret,
): Promise<AddedTenant> {
  const http = undiciHttp();
  try {
    const { database, vault, config } = installation;
    const clientWith = (key: Secret): ReturnType<typeof clientFor> =>
      clientFor(
        config,
        {
          apiKey: key,
          organizationId: given.organization ?? '',
          sendsOrganization: given.organization !== undefined,
        },
        http,
      );
    const ports = { database, vault, clock: systemClock, random: systemRandom, clientWith };
    return await addTenant(ports, { name: given.name, apiKey, organizationId: given.organization });
  } finally {
    await http.close();
  }
}

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
