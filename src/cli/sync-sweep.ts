import { Command } from 'commander';
import { chosenTenant, ORGANIZATION, withInstallation } from './context.ts';
import { report, workOff } from './sync-run.ts';

interface SweepOptions {
  readonly tenant?: string;
  readonly organization?: string;
  readonly deep?: true;
  readonly shallow?: true;
  readonly releaseBrake?: true;
  readonly json?: true;
}

export function sweepCommand(): Command {
  return new Command('sweep')
    .description('List everything and find what neither webhooks nor polling told, deletes included.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option(...ORGANIZATION)
    .option('--deep', 'also read again, one by one, every record whose list row is a stub')
    .option('--shallow', 'read no record again that its list row does not ask for')
    .option('--release-brake', 'believe it when very many records are missing at once')
    .option('--json', 'print progress as JSON, one line a step')
    .action((options: SweepOptions) =>
      withInstallation(async (installation) => {
        const tenant = await chosenTenant(installation, options.tenant);
        const json = options.json === true;
        const reread = options.deep === true ? 'all' : options.shallow === true ? 'none' : 'untimed';
        const releaseBrake = options.releaseBrake === true;
        const run = await workOff(installation, tenant, {
          organization: options.organization,
          what: 'sweep',
          options: { reread, releaseBrake, planOnly: false },
          json,
        });
        await report(run, json);
      }),
    );
}
