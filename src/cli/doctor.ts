import { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { isCoded } from '../base/coded-error.ts';
import { listConnections, listTenants, type Tenant } from '../tenants/index.ts';
import type { Installation } from '../server.ts';
import { chosenTenant, withInstallation } from './context.ts';
import { checkConnection, checkInstallation, checkState, type Finding } from './doctor-checks.ts';
import { writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly json?: true;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Looks at the installation and each tenant, and says what is wrong and what to do. Exits 1 when something is.',
    )
    .option('--tenant <name>', 'only this tenant; default: all')
    .option('--json', 'print JSON, one line a finding')
    .action((options: Options) =>
      withInstallation(async (installation) => {
        const tenants = await tenantsIn(installation, options.tenant);
        let failures = 0;
        const tell = async (of: string, finding: Finding): Promise<void> => {
          if (finding.state === 'failed') failures++;
          if (options.json === true) await writeJson({ of, ...finding });
          else await writeLine(inWords(of, finding));
        };
        for (const finding of await checkInstallation(installation)) await tell('installation', finding);
        for (const tenant of tenants) {
          await tell(tenant.name, await outcomeOf(checkState(tenant)));
          const all = await installation.database.withTenant(tenant.tenantId, listConnections);
          const living = all.filter(({ endedAt }) => endedAt === null);
          for (const connection of living) {
            const of = living.length === 1 ? tenant.name : `${tenant.name}, organisation ${connection.organizationId}`;
            for (const check of checkConnection(installation, tenant, connection))
              await tell(of, await outcomeOf(check));
          }
        }
        if (options.json !== true) await writeLine(failures === 0 ? 'nothing is broken' : `${failures} broken`);
        if (failures > 0) process.exitCode = 1;
      }),
    );
}

const tenantsIn = async (installation: Installation, name: string | undefined): Promise<readonly Tenant[]> =>
  name === undefined ? listTenants(installation.database) : [await chosenTenant(installation, name)];

/** A check that cannot be made has failed, and its reason is the finding. */
async function outcomeOf(check: { readonly about: string; run(): Promise<Finding> }): Promise<Finding> {
  const from = systemClock.now();
  try {
    return await check.run();
  } catch (error) {
    const says = isCoded(error) ? `${error.code}: ${error.message}` : String(error);
    return { about: check.about, state: 'failed', says: `${says} (after ${systemClock.now() - from} ms)`, advice: '' };
  }
}

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' };

const inWords = (of: string, { about, state, says, advice }: Finding): string =>
  `${MARKS[state]}  ${of}: ${about}: ${says}${advice === '' ? '' : `\n         ${advice}`}`;
