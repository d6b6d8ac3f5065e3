import { Command } from 'commander';
import { addConnection, connectionAsJson, endOneConnection, mayEnd } from '../administration/index.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { connect, endSubscriptions } from '../clients.ts';
import { newId } from '../inbound/index.ts';
import { listConnections } from '../tenants/index.ts';
import { change, chosenTenant, withInstallation } from './context.ts';
import { table, writeJson, writeLine } from './output.ts';
import { readSecret } from './secret-input.ts';
import { costOf, tellCost } from './sync-cost.ts';

interface Options {
  readonly tenant?: string;
  readonly json?: true;
}

export function connectionsCommand(): Command {
  return new Command('connections')
    .description('The organisations of a tenant, and how the connection to each stands.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--json', 'print JSON, one line a connection')
    .action((options: Options) =>
      withInstallation(async (installation) => {
        const { tenantId } = await chosenTenant(installation, options.tenant);
        const found = await installation.database.withTenant(tenantId, listConnections);
        const shown = found.map(connectionAsJson);
        if (options.json === true) return void (await Promise.all(shown.map((one) => writeJson(one))));
        await writeLine(
          table(
            ['organisation', 'name', 'state', 'reason', 'quota of'],
            shown.map((one) => [
              one.organizationId,
              one.organizationName,
              one.state,
              one.reason ?? '',
              one.principal ?? 'its key',
            ]),
          ),
        );
      }),
    );
}

interface ConnectOptions extends Options {
  readonly apiKey?: string;
  readonly apiKeyFile?: string;
  readonly organization?: string;
  readonly principal?: string;
  readonly detach?: true;
}

export function connectCommand(): Command {
  return new Command('connect')
    .description('Try an API key, add its organisation to a tenant and tell what copying it costs.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--api-key-file <file>', 'file that holds the MaintainX API key; "-" reads standard input')
    .option('--api-key <key>', 'the key itself; other users of this machine can see it while the command runs')
    .option('--organization <id>', 'which organisation, when the key sees several')
    .option('--principal <name>', 'a name for the user whose quota the key uses: keys of one name share one window')
    .option('--detach', 'do not find out the cost')
    .option('--json', 'print JSON')
    .action(async (options: ConnectOptions) => {
      const apiKey = readSecret({ secret: options.apiKey, secretFile: options.apiKeyFile }, 'API key', '--api-key');
      await withInstallation(async (installation) => {
        const { tenantId, name } = await chosenTenant(installation, options.tenant);
        const given = { apiKey, organizationId: options.organization, principal: options.principal };
        const runId = newId({ clock: systemClock, random: systemRandom });
        const work = addConnection(
          installation.vault,
          await connect(installation, given),
          runId,
          options.detach !== true,
        );
        const added = await change(installation, tenantId, 'addConnection', work);
        const { organizationId, organizationName } = added;
        if (options.json !== true) await writeLine(`${name} has organisation ${organizationId} (${organizationName})`);
        const plan = options.detach === true ? undefined : await costOf(installation, tenantId, organizationId);
        if (options.json === true) return void (await writeJson({ ...added, plan: plan ?? null }));
        await tellCost(plan);
      });
    });
}

interface DisconnectOptions extends Options {
  readonly organization: string;
}

export function disconnectCommand(): Command {
  return new Command('disconnect')
    .description('End a connection: its key is forgotten and nothing more is read. What was copied stays.')
    .requiredOption('--organization <id>', 'which organisation')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--json', 'print JSON')
    .action((options: DisconnectOptions) =>
      withInstallation(async (installation) => {
        const { tenantId, name } = await chosenTenant(installation, options.tenant);
        await installation.database.withTenant(tenantId, (tx) => mayEnd(tx, options.organization));
        const { ended, left } = await endSubscriptions(installation, tenantId, options.organization);
        const work = endOneConnection(options.organization);
        const done = await change(installation, tenantId, 'endConnection', work);
        if (options.json === true) return void (await writeJson({ ...done, ended, left }));
        await writeLine(
          `${name} is no longer connected to organisation ${options.organization}: ${ended} webhook subscriptions ended at MaintainX${left > 0 ? `; ${left} may still be there` : ''}`,
        );
      }),
    );
}
