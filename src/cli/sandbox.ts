import { Command } from 'commander';
import { startSandbox } from '../sandbox/index.ts';
import { aborted, untilStopped } from './context.ts';
import { integerFrom, numberFrom } from './numbers.ts';
import { writeJson, writeLine } from './output.ts';

export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description(
      'Run a local MaintainX: a seeded plant, people at work in it, signed webhooks. Nothing is kept on disk.',
    )
    .option('--port <port>', 'port to listen on; 0 takes a free one', integerFrom(0), 4010)
    .option('--seed <number>', 'the same seed gives the same plant and the same life', integerFrom(0), 1)
    .option('--rate <changes>', 'changes a second that people make', numberFrom(0), 1)
    .option('--requests-per-minute <number>', 'rate limit of a user; 0 lifts it', numberFrom(0), 100)
    .option(
      '--organisation-requests-per-minute <number>',
      'rate limit of the organisation; 0 lifts it',
      numberFrom(0),
      500,
    )
    .option('--json', 'print where it is as JSON')
    .action(async (options: SandboxArguments) => {
      const signal = untilStopped();
      const sandbox = await startSandbox(options);
      const { url, controlUrl, apiKey, organizationId } = sandbox;
      if (options.json === true) await writeJson({ url, controlUrl, apiKey, organizationId });
      else {
        await writeLine(`MaintainX sandbox: ${url}`);
        await writeLine(`  API key ${apiKey}, organisation ${organizationId}, ${options.rate} changes a second`);
        await writeLine(`  control: ${controlUrl}/stats, /records, /changes, /subscriptions, /rate`);
      }
      await aborted(signal);
      await sandbox.close();
    });
}

interface SandboxArguments {
  readonly port: number;
  readonly seed: number;
  readonly rate: number;
  readonly requestsPerMinute: number;
  readonly organisationRequestsPerMinute: number;
  readonly json?: true;
}
