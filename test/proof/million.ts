import { readConfig } from '../../src/config.ts';
import { syncStatus } from '../../src/inbound/index.ts';
import { kindEntry, KINDS } from '../../src/maintainx/index.ts';
import { createLogger, openInstallation, type Installation } from '../../src/server.ts';
import { tenantByName } from '../../src/tenants/index.ts';
import { linesOf, megabytesOf, runCommand, startCommand, stop } from './gateway.ts';
import { idsOf, pause, startPlant, type Plant } from './plant.ts';
import { keepResult } from './result.ts';
import { numberIn, objectIn, objectsIn, textIn } from './shapes.ts';

export interface MillionOptions {
  readonly kills: number;
  /** Of the sandbox's plants. */
  readonly size: string;
}

const MOST_MEGABYTES = 350;
/** Kinds whose lists come in pages; the others are told whole by one request for each part. */
const IN_PAGES = KINDS.filter((kind) => kindEntry(kind).paging !== 'none');
/** Kinds that are listed at once: a kill may cost the page under way of each. */
const SIDE_BY_SIDE = 3;

/**
 * A plant of a million records is copied, list rows alone, with nothing to limit it, by a gateway that is killed again and
 * again. Every record is there once, no page that was stored is read again, and the gateway stays small.
 */
export async function proveMillion(options: MillionOptions): Promise<void> {
  const plant = await startPlant({
    seed: 1,
    requestsPerMinute: 0,
    webhooks: false,
    serves: false,
    sandbox: ['--plant', options.size, '--request-log', '100000'],
    sandboxHeap: 12_000,
    env: { MILLWRIGHT_LEASE_MS: '1000', LOG_LEVEL: 'fatal' },
  });
  // Open all the time, so that an embedded database outlives the gateway's kills.
  const installation = await openInstallation(readConfig({ ...process.env, ...plant.env }), createLogger('silent'));
  try {
    const { tenantId } = await tenantByName(installation.database, 'plant');
    const watched: Watched = { plant, installation, tenantId };
    const planned = await planOf(plant);
    const course = await copyUnderFire(watched, options.kills, planned.records);
    await judge(watched, options, planned, course);
  } finally {
    await installation.close();
    await plant.stop();
  }
}

interface Watched {
  readonly plant: Plant;
  readonly installation: Installation;
  readonly tenantId: string;
}

interface Planned {
  readonly records: number;
  readonly requests: number;
}

/** Chooses list rows alone, has the cost told, and leaves the work to the gateway. */
async function planOf({ env }: Plant): Promise<Planned> {
  const said = await runCommand(['sync', 'backfill', '--details', 'none', '--detach', '--json'], env);
  const plan = objectIn(
    linesOf(said)
      .map(objectIn)
      .find((line) => line['plan'] !== undefined)?.['plan'],
  );
  return {
    records: objectsIn(plan['perKind']).reduce((sum, one) => sum + numberIn(one, 'records'), 0),
    requests: numberIn(plan, 'requests'),
  };
}

interface Course {
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly kills: number;
}

/** Kills are spread over the copy by the rows that were read, with some chance. */
async function copyUnderFire(watched: Watched, kills: number, records: number): Promise<Course> {
  const { plant, installation, tenantId } = watched;
  const marks = Array.from({ length: kills }, (_, nth) => (records * (nth + 0.2 + 0.6 * Math.random())) / (kills + 1));
  const began = performance.now();
  let [peak, killed, told] = [0, 0, 0];
  plant.gateway = await startCommand(['start'], plant.env);
  for (;;) {
    const { run, backfilledAt } = await syncStatus(installation.store, tenantId);
    peak = Math.max(peak, megabytesOf(plant.gateway.process.pid, 'VmHWM'));
    if (backfilledAt !== null) break;
    const rows = run?.progress.reduce((sum, part) => sum + part.rows, 0) ?? 0;
    if (rows >= (marks[killed] ?? Infinity)) {
      await stop(plant.gateway, 'SIGKILL');
      killed++;
      plant.gateway = await startCommand(['start'], plant.env);
    }
    if (performance.now() - told > 15_000) {
      told = performance.now();
      console.log(`${rows} rows, ${killed} kills, peak ${Math.round(peak)} MB`);
    }
    await pause(100);
  }
  return { seconds: (performance.now() - began) / 1000, peakMegabytes: Math.round(peak), kills: killed };
}

async function judge(watched: Watched, options: MillionOptions, planned: Planned, course: Course): Promise<void> {
  const copy = await copyOf(watched);
  const missing = await missingIn(watched, copy.workOrders);
  const pages = await pagesRead(watched);
  const seconds = Math.round(course.seconds);
  const repeats = pages.asked - pages.different;
  const holds =
    course.peakMegabytes < MOST_MEGABYTES &&
    course.kills === options.kills &&
    missing.here + missing.there + copy.doubled + copy.gaps === 0 &&
    pages.different === copy.pages &&
    repeats <= SIDE_BY_SIDE * course.kills;
  keepResult('million', holds, {
    plant: options.size,
    records: copy.records,
    seconds,
    recordsPerSecond: Math.round(copy.records / course.seconds),
    peakMegabytes: course.peakMegabytes,
    kills: course.kills,
    lost: missing.here,
    strangers: missing.there,
    doubled: copy.doubled,
    gapsInTheLog: copy.gaps,
    pagesStored: copy.pages,
    pagesDifferent: pages.different,
    pagesAskedTwiceBecauseOfAKill: repeats,
    plannedRequests: planned.requests,
  });
}

interface Copied {
  readonly records: number;
  readonly workOrders: ReadonlySet<string>;
  /** Records that appeared twice. */
  readonly doubled: number;
  readonly gaps: number;
  /** Pages of lists that the run stored; not those of the first copy, whose place it took. */
  readonly pages: number;
}

function copyOf({ installation, tenantId }: Watched): Promise<Copied> {
  return installation.database.withTenant(tenantId, async (tx) => {
    const counts = await tx.query<{ records: number; doubled: number; gaps: number; pages: number }>(
      `select (select count(*) from records) as records,
              (select count(*) - count(distinct stream) from events where family = 'state' and version = 1) as doubled,
              (select max(seq) - count(*) from events) as gaps,
              (select sum(pages)::int8 from sync_run_kinds join sync_runs using (tenant_id, run_id)
               where rows > 0 and kind = any($1) and finished_at is not null) as pages`,
      [IN_PAGES],
    );
    const rows = await tx.query<{ record_id: string }>("select record_id from records where kind = 'work-order'");
    const [row] = counts;
    if (row === undefined) throw new Error('nothing was counted');
    return { ...row, workOrders: new Set(rows.map((one) => one.record_id)) };
  });
}

/** Work orders that are there and not here, and the other way round. */
async function missingIn(
  { plant }: Watched,
  here: ReadonlySet<string>,
): Promise<{ readonly here: number; readonly there: number }> {
  const there = new Set((await idsOf(plant.controlUrl, 'work-order')).map(String));
  return {
    here: [...there].filter((id) => !here.has(id)).length,
    there: [...here].filter((id) => !there.has(id)).length,
  };
}

/** Pages of lists that were asked for, without polls and the survey's looks for the end of a list. */
async function pagesRead({ plant }: Watched): Promise<{ readonly asked: number; readonly different: number }> {
  const listed: unknown = await (await fetch(`${plant.controlUrl}/requests`)).json();
  const pages = objectsIn(Array.isArray(listed) ? listed : [])
    .filter((one) => one['status'] === 200)
    .map((one) => new URL(textIn(one, 'path'), 'http://sandbox'))
    .filter(({ searchParams }) => searchParams.get('limit') === '200' && !searchParams.has('updatedAt[gte]'))
    .map(({ pathname, searchParams }) => `${pathname} ${searchParams.get('cursor') ?? ''}`);
  return { asked: pages.length, different: new Set(pages).size };
}
