/** What is mutated, and which tests judge it; survivors of these are given to the simulation. */
export interface Target {
  readonly file: string;
  readonly tests: readonly string[];
}

export const TARGETS: readonly Target[] = [
  { file: 'src/records/judge.ts', tests: ['src/records'] },
  { file: 'src/records/observe.ts', tests: ['src/records'] },
  { file: 'src/inbound/watermark.ts', tests: ['src/inbound/watermark.test.ts'] },
  { file: 'src/inbound/suspects.ts', tests: ['src/inbound/suspects.test.ts'] },
  { file: 'src/inbound/absence.ts', tests: ['test/pull/absence.test.ts'] },
];

/** Enough for what happens often. */
export const SEEDS_OF_THE_SIMULATION = 25;
