import { Command, InvalidArgumentError, Option } from 'commander';
import {
  EVENT_TYPE_IN_HOOKS,
  faultPlanFrom,
  MOST_CHANGES_PER_SECOND,
  MOST_ORGANIZATIONS,
  MOST_SEED,
  PLANT_SIZES,
  startSandbox,
  WINDOW_KINDS,
  type EventTypeInHooks,
  type FaultPlan,
  type PlantSize,
  type Sandbox,
  type WindowKind,
} from '../sandbox/index.ts';
import { aborted, untilStopped } from './context.ts';
import { integerFrom, numberFrom } from './numbers.ts';
import { writeJson, writeLine } from './output.ts';

export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description(
      'Run a local MaintainX: a seeded plant, people at work in it, signed webhooks. Nothing is kept on disk.',
    )
    .option('--port <port>', 'port to listen on; 0 takes a free one', integerFrom(0), 4010)
    .addOption(
      new Option('--plant <size>', 'all but small have three years of history; large has 200,000 work orders')
        .choices(PLANT_SIZES)
        .default('small'),
    )
    .option('--seed <number>', 'the same seed gives the same plant and the same life', integerFrom(0, MOST_SEED), 1)
    .option('--rate <changes>', 'changes a second that people make', numberFrom(0, MOST_CHANGES_PER_SECOND), 1)
    .option('--now <time>', 'start at this time (ISO 8601) and run on from there; default the real time', timeFrom)
    .option('--requests-per-minute <number>', 'rate limit of a user; 0 lifts it', integerFrom(0), 100)
    .option(
      '--organisation-requests-per-minute <number>',
      'rate limit of the organisation; 0 lifts it',
      integerFrom(0),
      500,
    )
    .option('--window-ms <ms>', 'length of a rate window', integerFrom(1), 60_000)
    .addOption(
      new Option('--windows <kind>', 'whether rate windows are fixed, or slide').choices(WINDOW_KINDS).default('fixed'),
    )
    .option(
      '--request-log <number>',
      'how many of the last requests GET /_sandbox/requests tells',
      integerFrom(0),
      10_000,
    )
    .option(
      '--window-phase-ms <ms>',
      'rate windows begin at this phase; default with the first request',
      integerFrom(0),
    )
    .option(
      '--organizations <number>',
      'each with a plant, a key and webhooks of its own',
      integerFrom(1, MOST_ORGANIZATIONS),
      1,
    )
    .option('--strict-organization-header', 'refuse x-organization-id from keys of one organisation')
    .addOption(
      new Option('--event-type-in-hooks <how>', 'whether webhooks name their event')
        .choices(EVENT_TYPE_IN_HOOKS)
        .default('never'),
    )
    .option(
      '--no-approve-subscriptions',
      'new webhook subscriptions wait for POST /_sandbox/subscriptions/{id}/approve',
    )
    .option('--faults <json>', 'what goes wrong, e.g. {"latency":{"ms":200}}; see docs/sandbox.md', faultsFrom)
    .option('--json', 'print where it is as JSON')
    .action(async ({ json, ...options }: SandboxArguments) => {
      const signal = untilStopped();
      const sandbox = await startSandbox(options);
      if (json === true) await writeJson(placeOf(sandbox));
      else await tellPlace(sandbox, options.rate);
      await aborted(signal);
      await sandbox.close();
    });
}

const placeOf = ({
  url,
  controlUrl,
  apiKey,
  organizationId,
  organizations,
  multiOrganizationKey,
}: Sandbox): object => ({
  url,
  controlUrl,
  apiKey,
  organizationId,
  ...(organizations.length > 1 ? { organizations, multiOrganizationKey } : {}),
});

async function tellPlace(sandbox: Sandbox, rate: number): Promise<void> {
  const { url, controlUrl, apiKey, organizationId, organizations, multiOrganizationKey } = sandbox;
  await writeLine(`MaintainX sandbox: ${url}`);
  await writeLine(`  API key ${apiKey}, organisation ${organizationId}, ${rate} changes a second`);
  if (organizations.length > 1)
    await writeLine(
      `  ${organizations.length} organisations: ${controlUrl}/organizations; key of all: ${multiOrganizationKey}`,
    );
  await writeLine(`  control: ${controlUrl}/stats, /records, /changes, /subscriptions, /rate, /hooks, /faults`);
}

function faultsFrom(text: string): FaultPlan {
  try {
    return faultPlanFrom(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function timeFrom(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('must be a time such as 2026-09-14T12:00:00Z');
  return time;
}

interface SandboxArguments {
  readonly port: number;
  readonly plant: PlantSize;
  readonly now?: number;
  readonly seed: number;
  readonly rate: number;
  readonly requestsPerMinute: number;
  readonly organisationRequestsPerMinute: number;
  readonly windowMs: number;
  readonly windows: WindowKind;
  readonly requestLog: number;
  readonly windowPhaseMs?: number;
  readonly organizations: number;
  readonly strictOrganizationHeader?: boolean;
  readonly eventTypeInHooks: EventTypeInHooks;
  readonly approveSubscriptions: boolean;
  readonly faults?: FaultPlan;
  readonly json?: true;
}
