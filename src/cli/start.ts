import { Command } from 'commander';
import { readConfig, redactedSummary } from '../config.ts';
import { restoredAt } from '../postgres/index.ts';
import { createLogger, openInstallation, startServer } from '../server.ts';
import { aborted, untilStopped } from './context.ts';
import { writeJson, writeLine } from './output.ts';

export function startCommand(): Command {
  return new Command('start')
    .description('Run the gateway: take webhooks in, work them off, poll and sweep, for all tenants.')
    .option('--json', 'say on standard output, as JSON, where it listens')
    .action(async (options: { json?: true }) => {
      const config = readConfig();
      const logger = createLogger(config.logLevel);
      logger.info({ config: redactedSummary(config) }, 'starting');
      const signal = untilStopped();
      const server = await startServer(await openInstallation(config, logger));
      logger.info({ address: server.address }, 'listening');
      const adminToken = server.madeToken?.reveal();
      if (options.json === true) await writeJson({ address: server.address, adminToken });
      else if (adminToken !== undefined) await writeLine(`the administrator's token, shown this once: ${adminToken}`);
      if (config.publicUrl === undefined)
        logger.warn('MILLWRIGHT_PUBLIC_URL is not set: no webhooks are subscribed, changes come by polling alone');
      if ((await restoredAt(server.installation.database.directory)) !== null)
        logger.warn(
          'the database is a restored backup: nothing is written to MaintainX until `millwright restored release`',
        );
      await aborted(signal);
      logger.info('stopping');
      await server.stop();
    });
}
