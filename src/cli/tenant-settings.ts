import { Command, InvalidArgumentError, Option } from 'commander';
import { changeSettings, settingsAsJson } from '../administration/index.ts';
import { WRITES, type Writes } from '../inbound/index.ts';
import { change, chosenTenant, withInstallation } from './context.ts';
import { writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly writes?: Writes;
  readonly quotaShare?: OrDefault;
  readonly fairPerSecond?: OrDefault;
  readonly connections?: OrDefault;
  readonly workers?: OrDefault;
  readonly json?: true;
}

export function settingsCommand(): Command {
  return new Command('settings')
    .description('Show what was chosen for a tenant, or change whether it is written for and how much it may take.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .addOption(
      new Option(
        '--writes <mode>',
        'whether anything is written to MaintainX; dry-run: the log says what would be',
      ).choices(WRITES),
    )
    .option('--quota-share <percent>', 'of what its user may send, or "default"', orDefault(100))
    .option(
      '--fair-per-second <count>',
      'so many webhooks a second trouble no other tenant and are never held back, or "default"',
      orDefault(100_000),
    )
    .option(
      '--connections <count>',
      'so many database connections of a process work for it at once, at most, or "default"',
      orDefault(20),
    )
    .option(
      '--workers <count>',
      'for so many of its organisations a lane is at work at once, or "default"',
      orDefault(100),
    )
    .option('--json', 'print JSON')
    .action((options: Options) =>
      withInstallation(async (installation) => {
        const { tenantId } = await chosenTenant(installation, options.tenant);
        const { writes, quotaShare, fairPerSecond, connections, workers } = options;
        const given = {
          ...(writes === undefined ? {} : { writes }),
          ...(quotaShare === undefined ? {} : { quotaShare: chosen(quotaShare) }),
          ...(fairPerSecond === undefined ? {} : { fairPerSecond: chosen(fairPerSecond) }),
          ...(connections === undefined ? {} : { connections: chosen(connections) }),
          ...(workers === undefined ? {} : { workers: chosen(workers) }),
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
type OrDefault = number | 'default';

const chosen = (given: OrDefault): number | null => (given === 'default' ? null : given);

const orDefault =
  (most: number) =>
  (text: string): OrDefault => {
    if (text === 'default') return text;
    const count = Number(text);
    if (!Number.isInteger(count) || count < 1 || count > most)
      throw new InvalidArgumentError(`Must be a whole number from 1 to ${most}, or "default".`);
    return count;
  };
