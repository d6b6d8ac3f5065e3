import { Command, Option } from 'commander';
import { changeState, setApiKey } from '../administration/index.ts';
import { systemClock } from '../base/clock.ts';
import type { Secret } from '../base/secret.ts';
import { onboard, onboardAll, withClients } from '../clients.ts';
import { tryKey, type AddedTenant } from '../onboarding/index.ts';
import type { Installation } from '../server.ts';
import { listTenants } from '../tenants/index.ts';
import { change, chosenTenant, ORGANIZATION, shellActor, withInstallation } from './context.ts';
import { connectCommand, connectionsCommand, disconnectCommand } from './connections.ts';
import { eraseCommand } from './erase.ts';
import { costOf, tellCost } from './sync-cost.ts';
import { rotateHooksCommand } from './rotate-hooks.ts';
import { settingsCommand } from './tenant-settings.ts';
import { readSecret } from './secret-input.ts';
import { iso, table, writeJson, writeLine } from './output.ts';

export function tenantCommand(): Command {
  return new Command('tenant')
    .description('The organisations that this installation serves.')
    .addCommand(add())
    .addCommand(tryOut())
    .addCommand(setKey())
    .addCommand(connectionsCommand())
    .addCommand(connectCommand())
    .addCommand(disconnectCommand())
    .addCommand(settingsCommand())
    .addCommand(rotateHooksCommand())
    .addCommand(state('pause', 'Do no work for a tenant; it keeps its data, and its webhooks are taken in.', 'paused'))
    .addCommand(state('resume', 'Work for a paused tenant again.', 'active'))
    .addCommand(eraseCommand())
    .addCommand(list());
}

interface AddOptions {
  readonly name: string;
  readonly apiKey?: string;
  readonly apiKeyFile?: string;
  readonly organization?: string;
  readonly allOrganizations?: true;
  readonly principal?: string;
  readonly detach?: true;
  readonly json?: true;
}

function add(): Command {
  return new Command('add')
    .description(
      'Try an API key, add its organisation and tell what copying it costs. A running server then subscribes webhooks and backfills.',
    )
    .requiredOption('--name <name>', 'lower-case letters, digits and dashes')
    .option('--api-key-file <file>', 'file that holds the MaintainX API key; "-" reads standard input')
    .option('--api-key <key>', 'the key itself; other users of this machine can see it while the command runs')
    .option('--organization <id>', 'which organisation, when the key sees several')
    .addOption(
      new Option(
        '--all-organizations',
        'a tenant for each organisation that the key sees, called after --name and its id; may be repeated',
      ).conflicts('organization'),
    )
    .option('--principal <name>', 'a name for the user whose quota the key uses: keys of one name share one window')
    .option('--detach', 'do not find out the cost')
    .option('--json', 'print JSON')
    .action(async (options: AddOptions) => {
      const apiKey = readSecret({ secret: options.apiKey, secretFile: options.apiKeyFile }, 'API key', '--api-key');
      if (options.allOrganizations === true) return addAll(options, apiKey);
      await withInstallation(async (installation) => {
        const added = await addTo(installation, options, apiKey);
        const { tenantId, name, organization } = added;
        if (options.json !== true)
          await writeLine(`added ${name}: organisation ${organization.id} (${organization.name})`);
        if (options.json !== true) await tellClock(added.clockAheadMs);
        const plan = options.detach === true ? undefined : await costOf(installation, tenantId, organization.id);
        if (options.json === true) return void (await writeJson({ ...added, plan: plan ?? null }));
        await tellCost(plan);
      });
    });
}

async function addAll({ name, principal, json }: AddOptions, apiKey: Secret): Promise<void> {
  const given = { prefix: name, apiKey, principal, actor: shellActor() };
  const all = await withInstallation((installation) => onboardAll(installation, given));
  for (const one of all) {
    if (json === true) await writeJson(one);
    else
      await writeLine(
        `${one.isNew ? 'added' : 'there already:'} ${one.name}: organisation ${one.organization.id} (${one.organization.name})`,
      );
  }
}

function state(name: string, description: string, to: 'active' | 'paused'): Command {
  return new Command(name)
    .description(description)
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--reason <text>', 'why')
    .option('--json', 'print JSON')
    .action((options: { readonly tenant?: string; readonly reason?: string; readonly json?: true }) =>
      withInstallation(async (installation) => {
        const { tenantId } = await chosenTenant(installation, options.tenant);
        const work = changeState(to, options.reason ?? null);
        const tenant = await change(installation, tenantId, 'setTenantState', work);
        if (options.json === true) return void (await writeJson(tenant));
        await writeLine(`${tenant.name} is ${tenant.state}`);
      }),
    );
}

function tryOut(): Command {
  return new Command('try-key')
    .description('Ask MaintainX what an API key is good for, before a tenant is added. Nothing is kept of it.')
    .option('--api-key-file <file>', 'file that holds the MaintainX API key; "-" reads standard input')
    .option('--api-key <key>', 'the key itself; other users of this machine can see it while the command runs')
    .option('--json', 'print JSON')
    .action(async (options: Pick<AddOptions, 'apiKey' | 'apiKeyFile' | 'json'>) => {
      const apiKey = readSecret({ secret: options.apiKey, secretFile: options.apiKeyFile }, 'API key', '--api-key');
      const trial = await withInstallation((installation) =>
        withClients(installation, {}, (clientWith) => tryKey(clientWith, apiKey, systemClock)),
      );
      if (options.json === true) return void (await writeJson(trial));
      for (const { id, name } of trial.organizations) await writeLine(`organisation ${id} (${name})`);
      await tellClock(trial.clockAheadMs);
    });
}

async function tellClock(aheadMs: number | null): Promise<void> {
  if (aheadMs === null) return;
  await writeLine(aheadMs === 0 ? 'the clocks agree' : `our clock is ${aheadMs} ms ahead of MaintainX's`);
}

interface SetKeyOptions extends Omit<AddOptions, 'name' | 'principal' | 'allOrganizations' | 'detach'> {
  readonly tenant?: string;
}

function setKey(): Command {
  return new Command('set-key')
    .description('Put another API key in place of the one there is; work that rested for it goes on.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option(...ORGANIZATION)
    .option('--api-key-file <file>', 'file that holds the MaintainX API key; "-" reads standard input')
    .option('--api-key <key>', 'the key itself; other users of this machine can see it while the command runs')
    .option('--json', 'print JSON')
    .action(async (options: SetKeyOptions) => {
      const apiKey = readSecret({ secret: options.apiKey, secretFile: options.apiKeyFile }, 'API key', '--api-key');
      await withInstallation(async (installation) => {
        const { tenantId, name } = await chosenTenant(installation, options.tenant);
        await withClients(installation, {}, async (clientWith) => {
          const { database, vault } = installation;
          const replaced = await setApiKey({ database, vault, clientWith }, tenantId, apiKey, options.organization);
          await change(installation, tenantId, 'setApiKey', replaced);
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
  onboard(installation, {
    name: given.name,
    apiKey,
    organizationId: given.organization,
    principal: given.principal,
    actor: shellActor(),
  });

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
