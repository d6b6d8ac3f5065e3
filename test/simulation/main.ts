/**
 * The engine in virtual time, against a plant that is at work and a world in which everything goes wrong; one seed decides
 * all of it. Exit code 1 when a seed does not hold.
 *
 *     npm run simulation                                  2,000 seeds on the memory store
 *     npm run simulation -- --store postgres --seeds 100  on PostgreSQL
 *     npm run simulation -- --from 17 --seeds 1 --trace   the whole course of one seed
 */
import { parseArgs } from 'node:util';
import { memoryBacking } from './memory-backing.ts';
import { postgresBacking } from './postgres-backing.ts';
import { runSeeds } from './run-seeds.ts';
import { makeDatabase, openAsRuntime } from './server.ts';
import { simulate, type Backing, type SeedResult } from './simulate.ts';
import { missedIn, summaryOf, tableOf, type Summary } from './summary.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    store: { type: 'string', default: 'memory' },
    workers: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
});

const options = { seeds: Number(values.seeds), from: Number(values.from), workers: Number(values.workers) };
const database = values.store === 'postgres' ? await makeDatabase() : null;
try {
  if (values.trace) await traceOne(options.from);
  else await runAll();
} finally {
  await database?.drop();
}

async function traceOne(seed: number): Promise<void> {
  const opened = database === null ? undefined : openAsRuntime(database.ownerUrl, database.name);
  const backing: Backing = opened === undefined ? memoryBacking() : postgresBacking(opened);
  tell(await simulate(seed, backing, (line) => console.log(line)));
  await opened?.close();
}

async function runAll(): Promise<void> {
  const began = performance.now();
  const results = await runSeeds({ ...options, database, onResult });
  const seconds = Math.round((performance.now() - began) / 1000);
  const summary = summaryOf(results);
  const isWhole = options.seeds >= 2000;
  const missed = isWhole ? missedIn(summary) : [];
  if (values.json) console.log(JSON.stringify({ ...summary, missed, seconds }));
  else printSummary(summary, missed, seconds);
  if (summary.failed.length > 0 || missed.length > 0) process.exitCode = 1;
}

function onResult(result: SeedResult, done: number): void {
  if (values.json) return;
  if (result.violations.length > 0) tell(result);
  if (done % 100 === 0) console.log(`${done} seeds`);
}

function tell({ seed, violations, trace }: SeedResult): void {
  if (violations.length === 0) return console.log(`seed ${seed} holds, trace ${trace}`);
  process.exitCode = 1;
  console.log(`seed ${seed} DOES NOT HOLD; npm run simulation -- --from ${seed} --seeds 1 --trace`);
  for (const violation of violations.slice(0, 10)) console.log(`  ${violation}`);
  if (violations.length > 10) console.log(`  and ${violations.length - 10} more`);
}

function printSummary(summary: Summary, missed: readonly string[], seconds: number): void {
  const { seeds, failed, virtualHours, requests, events, records, missedRate } = summary;
  console.log(tableOf(summary));
  console.log(`${seeds} seeds on ${values.store} in ${seconds} s: ${virtualHours} h of virtual time`);
  console.log(`${requests} requests, ${events} events, ${records} records; ${failed.length} seeds do not hold`);
  if (missedRate.records > 0) console.log(`webhooks that never came: ${JSON.stringify(missedRate)}`);
  if (missed.length > 0) console.log(`never met: ${missed.join(', ')}`);
}
