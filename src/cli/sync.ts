import { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import {
  brakedKinds,
  newId,
  syncStatus,
  type KindProgress,
  type Run,
  type RunKind,
  type RunOptions,
  type SyncStatus,
} from '../inbound/index.ts';
import { startEngine, type Engine, type Installation } from '../server.ts';
import type { Tenant } from '../tenants/index.ts';
import { chosenTenant, untilStopped, withInstallation } from './context.ts';
import { iso, table, writeJson, writeLine } from './output.ts';
import { numberFrom } from './numbers.ts';

export function syncCommand(): Command {
  return new Command('sync')
    .description('How far the copy is, and making it whole.')
    .addCommand(status())
    .addCommand(backfill())
    .addCommand(sweep());
}

interface StatusOptions {
  readonly tenant?: string;
  readonly wait?: true;
  readonly timeout: number;
  readonly json?: true;
}

function status(): Command {
  return new Command('status')
    .description('What is still waiting, and how many records there are. "quiet" means: nothing waits.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--wait', 'wait until it is quiet; exit 1 if that does not happen in time')
    .option('--timeout <seconds>', 'how long to wait', numberFrom(0), 600)
    .option('--json', 'print JSON')
    .action(async (options: StatusOptions) => {
      await withInstallation(async (installation) => {
        const tenant = await chosenTenant(installation, options.tenant);
        const deadline = Date.now() + (options.wait === true ? options.timeout * 1000 : 0);
        let now = await syncStatus(installation.store, tenant.tenantId);
        while (!isSettled(now) && Date.now() < deadline) {
          await systemClock.sleep(250);
          now = await syncStatus(installation.store, tenant.tenantId);
        }
        await printStatus(tenant, now, options.json === true);
        if (options.wait === true && !isSettled(now)) process.exitCode = 1;
      });
    });
}

/** Quiet, and copied at least once. */
const isSettled = (now: SyncStatus): boolean => now.quiet && now.backfilledAt !== null;

interface RunCommandOptions {
  readonly tenant?: string;
  readonly deep?: true;
  readonly shallow?: true;
  readonly releaseBrake?: true;
  readonly json?: true;
}

function backfill(): Command {
  return runCommand('backfill', 'Copy everything, newest first; goes on where an interrupted one stopped.', () => ({
    reread: 'due',
    releaseBrake: false,
  }));
}

function sweep(): Command {
  return runCommand(
    'sweep',
    'List everything and find what neither webhooks nor polling told, deletes included.',
    (options) => ({
      reread: options.deep === true ? 'all' : options.shallow === true ? 'due' : 'untimed',
      releaseBrake: options.releaseBrake === true,
    }),
  )
    .option('--deep', 'also read again, one by one, every record whose list row is a stub')
    .option('--shallow', 'read again only records whose last single read is old')
    .option('--release-brake', 'believe it when very many records are missing at once');
}

function runCommand(
  what: RunKind,
  description: string,
  runOptions: (options: RunCommandOptions) => RunOptions,
): Command {
  return new Command(what)
    .description(description)
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--json', 'print progress as JSON, one line a step')
    .action((options: RunCommandOptions) =>
      withInstallation(async (installation) => {
        const tenant = await chosenTenant(installation, options.tenant);
        await runToTheEnd(installation, tenant, what, runOptions(options), options.json === true);
      }),
    );
}

/**
 * Requests the run and works for this tenant until it is done and all that it found was read; a server that is running
 * meanwhile does whatever part it holds the lease of.
 */
async function runToTheEnd(
  installation: Installation,
  tenant: Tenant,
  what: RunKind,
  options: RunOptions,
  json: boolean,
): Promise<void> {
  const signal = untilStopped();
  const engine = startEngine(installation, { lanes: ['deliver', 'hydrate', 'pull'], tenantId: tenant.tenantId });
  try {
    let requested = await request(installation, engine, tenant.tenantId, what, options);
    while (!signal.aborted && !sameOptions(requested.options, options)) {
      // One that somebody else asked for is under way, with other options: ours comes after it.
      await follow(installation, tenant.tenantId, requested, json, signal);
      requested = await request(installation, engine, tenant.tenantId, what, options);
    }
    const done = await follow(installation, tenant.tenantId, requested, json, signal);
    await report(done, json);
    if (done.state !== 'done' || done.reason !== null || brakedKinds(done).length > 0) process.exitCode = 1;
  } finally {
    await engine.stop();
  }
}

const sameOptions = (left: RunOptions, right: RunOptions): boolean =>
  left.reread === right.reread && left.releaseBrake === right.releaseBrake;

async function request(
  installation: Installation,
  engine: Engine,
  tenantId: string,
  what: RunKind,
  options: RunOptions,
): Promise<Run> {
  const now = systemClock.now();
  const run = await installation.store.transact(tenantId, async (tx) => {
    tx.leases.wake('pull', now);
    return tx.runs.request({ runId: newId(engine.ports), what, options, requestedAt: now });
  });
  engine.hints.give('pull');
  return run;
}

async function follow(
  { store }: Installation,
  tenantId: string,
  requested: Run,
  json: boolean,
  signal: AbortSignal,
): Promise<Run> {
  let shown = '';
  for (;;) {
    const run = (await store.transact(tenantId, (tx) => tx.runs.find(requested.runId))) ?? requested;
    const now = await syncStatus(store, tenantId);
    const line = json
      ? JSON.stringify({ run: run.state, waiting: now.waiting, progress: run.progress })
      : `${progressInWords(run.progress)}; ${now.waiting.reads} records to read`;
    if (line !== shown) await writeLine(line);
    shown = line;
    const ended = run.state === 'done' && now.waiting.reads === 0 && now.waiting.deliveries === 0;
    if (ended || signal.aborted) return run;
    await systemClock.sleep(500, signal);
  }
}

function progressInWords(progress: readonly KindProgress[]): string {
  const current = progress.find((part) => part.state === 'listing');
  const done = progress.filter((part) => part.state === 'done').length;
  const rows = progress.reduce((sum, part) => sum + part.rows, 0);
  return `${done} of ${progress.length} kinds, ${rows} rows${current === undefined ? '' : `, listing ${current.kind}`}`;
}

async function report(run: Run, json: boolean): Promise<void> {
  if (json) return void (await writeJson(run));
  await writeLine(
    table(
      ['kind', 'pages', 'rows', 'missing'],
      run.progress.map((part) => [
        part.kind,
        part.pages,
        part.rows,
        `${part.suspects}${part.braked ? ' (held back)' : ''}`,
      ]),
    ),
  );
  const braked = brakedKinds(run);
  if (braked.length > 0) await writeLine(brakeInWords(braked));
  if (run.reason !== null) await writeLine(`not listed: ${run.reason}`);
}

const brakeInWords = (kinds: readonly string[]): string =>
  `very many records are missing (${kinds.join(', ')}); if that is right: millwright sync sweep --release-brake`;

async function printStatus(tenant: Tenant, now: SyncStatus, json: boolean): Promise<void> {
  const times = { backfilledAt: iso(now.backfilledAt), sweptAt: iso(now.sweptAt), polledAt: iso(now.polledAt) };
  if (json)
    return void (await writeJson({
      tenant: tenant.name,
      tenantId: tenant.tenantId,
      state: tenant.state,
      ...now,
      ...times,
    }));
  const { waiting, parked } = now;
  await writeLine(`${tenant.name}: ${now.quiet ? 'quiet' : 'busy'}, ${now.lastSeq} events`);
  await writeLine(`  waiting: ${waiting.deliveries} webhooks, ${waiting.reads} reads, ${waiting.runs} runs`);
  await writeLine(`  parked: ${parked.deliveries} webhooks, ${parked.reads} reads`);
  await writeLine(
    `  backfilled ${times.backfilledAt ?? 'never'}, swept ${times.sweptAt ?? 'never'}, polled ${times.polledAt ?? 'never'}`,
  );
  if (now.braked.length > 0) await writeLine(`  ${brakeInWords(now.braked)}`);
  if (now.run !== null) await writeLine(`  ${now.run.what}: ${progressInWords(now.run.progress)}`);
  await writeLine(
    table(
      ['kind', 'records', 'deleted'],
      now.records.map((count) => [count.kind, count.living, count.deleted]),
    ),
  );
}
