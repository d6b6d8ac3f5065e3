import { Command } from 'commander';
import { INSTALLATION, markRestored, releaseRestored } from '../administration/index.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { uuidv7 } from '../base/uuid.ts';
import { restoredAt } from '../postgres/index.ts';
import { change, withInstallation } from './context.ts';
import { iso, writeJson, writeLine } from './output.ts';

interface Options {
  readonly json?: true;
}

export function restoredCommand(): Command {
  return new Command('restored')
    .description('After a backup was restored: nothing is written to MaintainX until a person releases it.')
    .addCommand(
      new Command('status')
        .description('Whether the database is known to be a restored backup.')
        .option('--json', 'print JSON')
        .action((options: Options) => withInstallation(({ database }) => tell(database.directory, options))),
    )
    .addCommand(
      new Command('mark')
        .description('Say that it is one: a backup that was restored in place cannot be told by itself.')
        .option('--json', 'print JSON')
        .action((options: Options) =>
          withInstallation(async (installation) => {
            await change(installation, INSTALLATION, 'markRestored', markRestored(true));
            await tell(installation.database.directory, options);
          }),
        ),
    )
    .addCommand(
      new Command('release')
        .description('Let it write again: each tenant looks its subscriptions up and sweeps everything once.')
        .option('--json', 'print JSON')
        .action((options: Options) =>
          withInstallation(async (installation) => {
            await releaseRestored(
              installation.database,
              () => uuidv7(systemClock.now(), systemRandom),
              (tenantId, work) => change(installation, tenantId, 'releaseRestored', work),
            );
            await tell(installation.database.directory, options);
          }),
        ),
    );
}

async function tell(directory: Parameters<typeof restoredAt>[0], { json }: Options): Promise<void> {
  const at = await restoredAt(directory);
  if (json === true) return void (await writeJson({ restoredAt: iso(at) }));
  await writeLine(
    at === null
      ? 'it is no restored backup, or was released'
      : `restored, noticed at ${iso(at) ?? ''}: nothing is written to MaintainX until \`millwright restored release\``,
  );
}
