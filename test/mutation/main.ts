/**
 * Does anybody notice? Judge, observe, watermark and delete logic are changed in one small place at a time, and their tests
 * are run; what survives them is given to the simulation. Survivors are listed.
 *
 *     npm run mutation                                   all targets; the result is kept in bench/results
 *     npm run mutation -- --only src/records/judge.ts    one of them
 *     npm run mutation -- --list                         the mutants, without running anything
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { keepResult } from '../proof/result.ts';
import { inWords, mutantsOf, mutated, type Mutant } from './mutants.ts';
import { SEEDS_OF_THE_SIMULATION, TARGETS, type Target } from './targets.ts';
import { openWorkbench, type Outcome, type Workbench } from './workbench.ts';

const LEAST_SCORE = 0.85;
const BENCHES = 2;
const TESTS_MS = 60_000;
const SIMULATION_MS = 180_000;

const { values } = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean', default: false } } });

interface Job {
  readonly target: Target;
  readonly source: string;
  readonly mutant: Mutant;
}

interface Verdict extends Job {
  readonly outcome: Outcome;
  readonly by: 'tests' | 'simulation' | 'nobody';
}

const jobs: readonly Job[] = TARGETS.filter(({ file }) => values.only === undefined || file === values.only).flatMap(
  (target) => {
    const source = readFileSync(target.file, 'utf8');
    return mutantsOf(target.file, source).map((mutant) => ({ target, source, mutant }));
  },
);
async function tryAll(all: readonly Job[]): Promise<readonly Verdict[]> {
  const left = [...all];
  const verdicts: Verdict[] = [];
  const bench = async (): Promise<void> => {
    const workbench = openWorkbench();
    await mustPass(workbench, all);
    for (let job = left.shift(); job !== undefined; job = left.shift()) {
      verdicts.push(await tryOne(workbench, job));
      if (verdicts.length % 25 === 0) console.log(`${verdicts.length} of ${all.length}`);
    }
    workbench.close();
  };
  await Promise.all(Array.from({ length: BENCHES }, bench));
  return verdicts;
}

/** Tests that fail without a mutant would kill all of them. */
async function mustPass(workbench: Workbench, all: readonly Job[]): Promise<void> {
  for (const tests of new Set(all.map(({ target }) => target.tests)))
    if ((await workbench.run(testsOf(tests), TESTS_MS)) !== 'survived')
      throw new Error(`the tests fail without a mutant: ${tests.join(', ')}`);
}

async function tryOne(workbench: Workbench, job: Job): Promise<Verdict> {
  const { target, source, mutant } = job;
  workbench.put(target.file, mutated(source, mutant));
  try {
    const byTests = await workbench.run(testsOf(target.tests), TESTS_MS);
    if (byTests !== 'survived') return { ...job, outcome: byTests, by: 'tests' };
    const bySimulation = await workbench.run(SIMULATION, SIMULATION_MS);
    return { ...job, outcome: bySimulation, by: bySimulation === 'survived' ? 'nobody' : 'simulation' };
  } finally {
    workbench.put(target.file, source);
  }
}

const testsOf = (tests: readonly string[]): readonly string[] => [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--config',
  'test/mutation/vitest.config.ts',
  ...tests,
];
const SIMULATION: readonly string[] = [
  'test/simulation/main.ts',
  '--seeds',
  String(SEEDS_OF_THE_SIMULATION),
  '--workers',
  '1',
];

function tell(verdicts: readonly Verdict[]): void {
  const isKilled = ({ outcome }: Verdict): boolean => outcome !== 'survived';
  const files = Map.groupBy(verdicts, ({ target }) => target.file);
  const rows = [...files].map(([file, those]) => ({
    file,
    mutants: those.length,
    killed: those.filter(isKilled).length,
    bySimulation: those.filter(({ by }) => by === 'simulation').length,
    timeouts: those.filter(({ outcome }) => outcome === 'timeout').length,
    score: rounded(those.filter(isKilled).length / those.length),
  }));
  const operators = [...Map.groupBy(verdicts, ({ mutant }) => mutant.operator)].map(([operator, those]) => ({
    operator,
    mutants: those.length,
    killed: those.filter(isKilled).length,
  }));
  const survivors = verdicts
    .filter((one) => !isKilled(one))
    .map((one) => inWords(one.target.file, one.source, one.mutant));
  console.table(rows);
  console.table(operators);
  for (const survivor of survivors.toSorted()) console.log(survivor);
  const score = verdicts.filter(isKilled).length / verdicts.length;
  const figures = { mutants: verdicts.length, score: rounded(score), files: rows, operators, survivors };
  if (values.only === undefined) keepResult('mutation', score >= LEAST_SCORE, figures);
  else console.log(`score ${rounded(score)}`);
}

function rounded(share: number): number {
  return Math.round(share * 1000) / 1000;
}

if (values.list) for (const { target, source, mutant } of jobs) console.log(inWords(target.file, source, mutant));
else tell(await tryAll(jobs));
