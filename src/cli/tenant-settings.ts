import { Command, InvalidArgumentError, Option } from 'commander';
import { changeSettings, settingsAsJson } from '../administration/index.ts';
import { WRITES, type Writes } from '../inbound/index.ts';
import { change, chosenTenant, withInstallation } from './context.ts';
import { writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly writes?: Writes;
  readonly quotaShare?: number | 'default';
  readonly json?: true;
}

export function settingsCommand(): Command {
  return new Command('settings')
    .description('Show what was chosen for a tenant, or change whether it is written for and how much quota it has.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .addOption(
      new Option(
        '--writes <mode>',
        'whether anything is written to MaintainX; dry-run: the log says what would be',
      ).choices(WRITES),
    )
    .option('--quota-share <percent>', 'of what its user may send, or "default"', shareFrom)
    .option('--json', 'print JSON')
    .action((options: Options) =>
      withInstallation(async (installation) => {
        const { tenantId } = await chosenTenant(installation, options.tenant);
        const { writes, quotaShare } = options;
        const given = {
          ...(writes === undefined ? {} : { writes }),
          ...(quotaShare === undefined ? {} : { quotaShare: quotaShare === 'default' ? null : quotaShare }),
        };
        const settings =
          Object.keys(given).length > 0
            ? await change(installation, tenantId, 'changeSettings', changeSettings(given))
            : settingsAsJson(await installation.store.transact(tenantId, (tx) => tx.settings.read()));
        if (options.json === true) return void (await writeJson(settings));
        for (const [name, value] of Object.entries(settings))
          await writeLine(`${name.padEnd(16)} ${value === null ? 'default' : JSON.stringify(value)}`);
      }),
    );
}

/** Commander takes null for nothing. */
function shareFrom(text: string): number | 'default' {
  if (text === 'default') return text;
  const share = Number(text);
  if (!Number.isInteger(share) || share < 1 || share > 100)
    throw new InvalidArgumentError('Must be a whole number from 1 to 100, or "default".');
  return share;
}
