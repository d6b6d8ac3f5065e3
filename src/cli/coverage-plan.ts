import { durationInWords, shareInWords } from '../base/amounts.ts';
import {
  GROUPS,
  planBudget,
  tradesOf,
  type BudgetPlan,
  type CoverageInput,
  type Goal,
  type Trade,
  type Verdict,
} from '../inbound/index.ts';
import { mapTable, totalsInWords } from './coverage-words.ts';
import { table, writeJson, writeLine } from './output.ts';

/** Shares of the quota whose worth is shown. */
export const SHARES = [0.05, 0.1, 0.2, 0.4];

/** Shows what shares of the quota buy and what is planned for the goal, if there is one. */
export async function showPlan(
  input: CoverageInput,
  goal: Goal | undefined,
  json: boolean,
): Promise<BudgetPlan | undefined> {
  const trades = tradesOf(input, SHARES);
  const plan = goal === undefined ? undefined : planBudget(input, goal);
  if (json) await writeJson({ trades: trades.map(tradeAsJson), plan: plan === undefined ? null : planAsJson(plan) });
  else {
    await writeLine(tradeTable(trades));
    if (plan !== undefined) await writePlan(plan);
  }
  return plan;
}

export const tradeTable = (trades: readonly Trade[]): string =>
  table(
    ['share', 'sweep after', 're-read after', ...GROUPS],
    trades.map(({ share, verdict, intervals, staleness }) => [
      shareInWords(share),
      ...(intervals === null
        ? [VERDICTS[verdict]]
        : [
            durationInWords(intervals.sweepMs),
            longest([...intervals.rereadMs.values()]),
            ...GROUPS.map((group) => longest([staleness[group]].filter((ms) => ms !== undefined))),
          ]),
    ]),
  );

const longest = (all: readonly number[]): string => (all.length === 0 ? '–' : durationInWords(Math.max(...all)));

const VERDICTS: Readonly<Record<Verdict, string>> = {
  planned: 'planned',
  'polling alone': 'not enough for polling',
  'too little': 'not enough for the longest intervals',
  'out of reach': 'out of reach, whatever the share',
  'beyond the quota': 'more than there is',
  'no limit': 'nothing limits requests, so there is no quota to share',
};

async function writePlan(plan: BudgetPlan): Promise<void> {
  const { verdict, share, settings, after } = plan;
  await writeLine('');
  if (settings === null || after === null) {
    const takes = share === null ? '' : `; it would take ${shareInWords(share)} of the quota`;
    return void (await writeLine(`${VERDICTS[verdict]}${takes}`));
  }
  await writeLine(mapTable(after));
  for (const line of totalsInWords(after)) await writeLine(line);
}

/** The map as JSON has it: intervals of re-reads as an object. */
export const coverageAsJson = (coverage: BudgetPlan['before']): Readonly<Record<string, unknown>> => ({
  ...coverage,
  intervals: { ...coverage.intervals, rereadMs: Object.fromEntries(coverage.intervals.rereadMs) },
});

const tradeAsJson = ({ intervals, ...trade }: Trade): Readonly<Record<string, unknown>> => ({
  ...trade,
  intervals: intervals === null ? null : { ...intervals, rereadMs: Object.fromEntries(intervals.rereadMs) },
});

const planAsJson = ({ before, after, ...plan }: BudgetPlan): Readonly<Record<string, unknown>> => ({
  ...plan,
  before: coverageAsJson(before),
  after: after === null ? null : coverageAsJson(after),
});
