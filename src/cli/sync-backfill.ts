import { Command, InvalidArgumentError } from 'commander';
import { changeSettings } from '../administration/index.ts';
import { systemClock } from '../base/clock.ts';
import { DEFAULT_KINDS, PLAIN_RUN, type BackfillPlan, type PullSettings, type Run } from '../inbound/index.ts';
import { isKind, kindEntry, KINDS, type Kind } from '../maintainx/index.ts';
import type { Installation } from '../server.ts';
import type { Tenant } from '../tenants/index.ts';
import { change, chosenTenant, ORGANIZATION, withInstallation } from './context.ts';
import { table, writeJson, writeLine } from './output.ts';
import { minutesInWords } from './sync-progress.ts';
import { report, requestBackfill, workOff } from './sync-run.ts';

interface BackfillOptions {
  readonly tenant?: string;
  readonly organization?: string;
  readonly plan?: true;
  readonly detach?: true;
  readonly kinds?: PullSettings['kinds'];
  readonly since?: PullSettings['since'];
  readonly details?: PullSettings['details'];
  readonly files?: PullSettings['files'];
  readonly json?: true;
}

export function backfillCommand(): Command {
  return new Command('backfill')
    .description('Copy everything, newest first; tells the cost, and goes on where an interrupted one stopped.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option(...ORGANIZATION)
    .option('--plan', 'tell the cost in requests and time, and do not begin')
    .option('--kinds <list>', KINDS_HELP, kindsFrom)
    .option('--since <date>', 'work orders and purchase orders from this day on, or "ever"', sinceFrom)
    .option('--details <which>', 'what list rows lack: "all" reads each such record, "none" leaves it', allOrNone)
    .option('--files <which>', 'bytes of attachments and pictures: "all" stores them, "none" does not', allOrNone)
    .option('--detach', 'leave the work to the running server and return once the cost is known')
    .option('--json', 'print the cost and the progress as JSON, one line a step')
    .action((options: BackfillOptions) =>
      withInstallation(async (installation) => {
        const tenant = await chosenTenant(installation, options.tenant);
        const json = options.json === true;
        const { organization } = options;
        await choose(installation, tenant.tenantId, options);
        const surveyed = await survey(installation, tenant, organization, { json });
        if (surveyed.plan !== null) await showPlan(surveyed.plan, json);
        if (options.plan === true) return;
        if (options.detach === true) return requestBackfill(installation, tenant.tenantId, organization);
        const task = { organization, what: 'backfill', options: PLAIN_RUN, json } as const;
        await report(await workOff(installation, tenant, task), json);
      }),
    );
}

/** Finds out what a first copy costs; nothing of it is read a second time. It is over when that is known, or `until` (epoch ms). */
export const survey = (
  installation: Installation,
  tenant: Pick<Tenant, 'tenantId'>,
  organization: string | undefined,
  how: { readonly json: boolean; readonly silent?: boolean },
  until = Infinity,
): Promise<Run> =>
  workOff(installation, tenant, {
    ...how,
    organization,
    what: 'backfill',
    options: { ...PLAIN_RUN, planOnly: true },
    isOver: (run) => isSurveyed(run) || systemClock.now() > until,
  });

const isSurveyed = (run: Run): boolean => run.surveyedAt !== null || run.state === 'done';

/** What is chosen holds from now on, for sweeps too. */
async function choose(installation: Installation, tenantId: string, options: BackfillOptions): Promise<void> {
  const { kinds, since, details, files } = options;
  const given = {
    ...(kinds === undefined ? {} : { kinds }),
    ...(since === undefined ? {} : { since }),
    ...(details === undefined ? {} : { details }),
    ...(files === undefined ? {} : { files }),
  };
  if (Object.keys(given).length > 0) await change(installation, tenantId, 'changeSettings', changeSettings(given));
}

export async function showPlan(plan: BackfillPlan, json: boolean): Promise<void> {
  if (json) return void (await writeJson({ plan }));
  await writeLine(
    table(
      ['kind', 'records', 'pages', 'single reads'],
      plan.perKind.map((one) => {
        const records = `${one.atLeast ? 'at least ' : ''}${one.records}`;
        return kindEntry(one.kind).nesting === undefined
          ? [one.kind, records, one.pages, one.details]
          : [one.kind, '', '', `at most ${one.details}`];
      }),
    ),
  );
  const time = plan.minutes === null ? 'nothing limits them' : `about ${minutesInWords(plan.minutes)}`;
  await writeLine(
    `${plan.requests} requests in all: ${plan.surveyRequests} made to find this out (nothing of it is read again), ${plan.pollRequests} for polling meanwhile; ${time}`,
  );
}

const OPTIONAL = KINDS.filter((kind) => !DEFAULT_KINDS.includes(kind));

const KINDS_HELP =
  `what to copy, from now on, separated by commas: "all" (${DEFAULT_KINDS.join(', ')}), ` +
  `what is copied only when it is named (${OPTIONAL.join(', ')}), or "everything"`;

function kindsFrom(text: string): readonly Kind[] | null {
  const names = text.split(',').map((name) => name.trim());
  if (names.length === 1 && names[0] === 'all') return null;
  return [...new Set(names.flatMap(kindsNamed))];
}

function kindsNamed(name: string): readonly Kind[] {
  if (name === 'all') return DEFAULT_KINDS;
  if (name === 'everything') return KINDS;
  if (!isKind(name)) throw new InvalidArgumentError(`"${name}" is no kind of record; --help names them.`);
  return [name];
}

function sinceFrom(text: string): number | null {
  if (text === 'ever') return null;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('Must be a date such as 2026-01-31, or "ever".');
  return time;
}

function allOrNone(text: string): 'all' | 'none' {
  if (text !== 'all' && text !== 'none') throw new InvalidArgumentError('Must be "all" or "none".');
  return text;
}
