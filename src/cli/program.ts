import { Command, CommanderError } from 'commander';
import { isCoded } from '../base/coded-error.ts';
import { VERSION } from '../base/version.ts';
import { auditCommand } from './audit.ts';
import { contractCommand } from './contract.ts';
import { coverageCommand } from './coverage.ts';
import { deliveriesCommand } from './deliveries.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { eventsCommand } from './events.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { filesCommand } from './files.ts';
import { healthCommand } from './health.ts';
import { keysCommand } from './keys.ts';
import { parkedCommand } from './parked.ts';
import { quotaCommand } from './quota.ts';
import { redactCommand } from './redact.ts';
import { restoredCommand } from './restored.ts';
import { sandboxCommand } from './sandbox.ts';
import { startCommand } from './start.ts';
import { syncCommand } from './sync.ts';
import { tenantCommand } from './tenant.ts';
import { tokenCommand } from './token.ts';
import { verifySignatureCommand } from './verify-signature.ts';

const SUCCESS = 0;
const FAILURE = 1;
const WRONG_USAGE = 2;

/** Runs one command; resolves with the exit code: 0 success, 1 failure, 2 wrong usage. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  endWithTheReader();
  const program = new Command('millwright')
    .description(
      'A self-hosted integration platform for MaintainX: a complete, current, historical copy of your plant, kept true within the quota.',
    )
    .version(VERSION)
    .showHelpAfterError('(--help shows how)')
    .addHelpText('after', '\nSettings come from the environment: see docs/configuration.md.');
  for (const command of [
    demoCommand(),
    startCommand(),
    sandboxCommand(),
    tenantCommand(),
    tokenCommand(),
    keysCommand(),
    restoredCommand(),
    auditCommand(),
    syncCommand(),
    coverageCommand(),
    quotaCommand(),
    eventsCommand(),
    explainCommand(),
    exportCommand(),
    filesCommand(),
    redactCommand(),
    deliveriesCommand(),
    parkedCommand(),
    healthCommand(),
    doctorCommand(),
    contractCommand(),
    verifySignatureCommand(),
  ])
    program.addCommand(command);
  inheritExit(program);
  try {
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? SUCCESS);
  } catch (error) {
    return exitCodeOf(error);
  }
}

/** `millwright … | head -1`: when nobody reads any more, there is nothing left to do and nothing wrong. */
function endWithTheReader(): void {
  process.stdout.on('error', (error: Error) => {
    if ('code' in error && error.code === 'EPIPE') process.exit(SUCCESS);
    throw error;
  });
}

/** Makes every command throw instead of exiting, so that what is open gets closed. */
function inheritExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) inheritExit(child);
}

/** Errors that end with 2. Of `contract`: all, since its 1 says that something differs. */
const AS_WRONG_USAGE: ReadonlySet<string> = new Set([
  'usage',
  'config-invalid',
  'specification-invalid',
  'specification-log-unusable',
  'specification-unreadable',
]);

function exitCodeOf(error: unknown): number {
  // Commander has said what is wrong already; --help and --version end here too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? SUCCESS : WRONG_USAGE;
  if (isCoded(error)) {
    process.stderr.write(`error [${error.code}]: ${error.message}\n`);
    return AS_WRONG_USAGE.has(error.code) ? WRONG_USAGE : FAILURE;
  }
  process.stderr.write(`error [internal]: ${error instanceof Error ? error.message : String(error)}\n`);
  return FAILURE;
}
