import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KINDS, type Kind } from '../maintainx/index.ts';
import { GROUPS, planBudget, tradesOf, type BudgetPlan } from './budget.ts';
import { coverageOf, type CoverageInput } from './coverage.ts';
import { effectiveSettings, effectiveSweepInterval, REREAD_BOUNDS, SWEEP_BOUNDS } from './intervals.ts';
import { DEFAULT_SETTINGS, type PullSettings } from './settings.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const TIMES = { pollIntervalMs: MINUTE, sweepIntervalMs: HOUR, rereadIntervalMs: DAY, upkeepShare: 25 };

const plant = (records: Partial<Record<Kind, number>>, change: Partial<CoverageInput> = {}): CoverageInput => ({
  settings: DEFAULT_SETTINGS,
  times: TIMES,
  records: new Map(KINDS.map((kind) => [kind, records[kind] ?? 0])),
  hooks: [],
  requestsPerMinute: 100,
  ...change,
});

const MIDDLING = plant({ 'work-order': 20_000, asset: 2_000, part: 3_000, vendor: 400, meter: 900, user: 150 });
const LARGE = plant({ 'work-order': 200_000, asset: 10_000, part: 5_000, vendor: 2_000, meter: 30_000, user: 400 });

const anyInput = fc
  .record({
    records: fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: KINDS.length, maxLength: KINDS.length }),
    requestsPerMinute: fc.integer({ min: 1, max: 1_000 }),
    pollIntervalMs: fc.integer({ min: 1_000, max: HOUR }),
    hooks: fc.constantFrom([], ['NEW_ASSET', 'WORK_ORDER_CHANGE'] as const),
  })
  .map(({ records, requestsPerMinute, pollIntervalMs, hooks }): CoverageInput => ({
    settings: DEFAULT_SETTINGS,
    times: { ...TIMES, pollIntervalMs },
    records: new Map(KINDS.map((kind, index) => [kind, records[index] ?? 0])),
    hooks,
    requestsPerMinute,
  }));

const intervalsIn = ({ settings }: BudgetPlan): readonly number[] =>
  settings === null ? [] : [settings.sweepIntervalMs ?? 0, ...KINDS.map((kind) => settings.rereadMs[kind] ?? 0)];

describe('a plan for a share', () => {
  it('never takes more than the share, and keeps within its bounds', () => {
    fc.assert(
      fc.property(anyInput, fc.double({ min: 0.001, max: 1, noNaN: true }), (input, share) => {
        const plan = planBudget(input, { share });
        if (plan.settings === null) return;
        expect(plan.after?.idleShare ?? Infinity).toBeLessThanOrEqual(share + 1e-9);
        expect(plan.share ?? Infinity).toBeCloseTo(plan.after?.idleShare ?? -1, 9);
        const { sweepIntervalMs, rereadMs } = plan.settings;
        expect(sweepIntervalMs).toBeGreaterThanOrEqual(SWEEP_BOUNDS.least);
        expect(sweepIntervalMs).toBeLessThanOrEqual(SWEEP_BOUNDS.most);
        for (const ms of Object.values(rereadMs)) {
          expect(ms).toBeGreaterThanOrEqual(REREAD_BOUNDS.least);
          expect(ms).toBeLessThanOrEqual(REREAD_BOUNDS.most);
        }
      }),
    );
  });

  it('never gives anything more stale for more of the quota', () => {
    const share = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyInput, share, share, (input, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        const [poor, rich] = [planBudget(input, { share: less }), planBudget(input, { share: more })];
        if (poor.settings === null) return;
        const rest = intervalsIn(poor);
        intervalsIn(rich).forEach((interval, index) => expect(interval).toBeLessThanOrEqual(rest[index] ?? -1));
        const worst = new Map(poor.after?.kinds.map(({ kind, notices }) => [kind, notices]));
        for (const { kind, notices } of rich.after?.kinds ?? [])
          notices.forEach(({ withoutWebhooksMs }, index) =>
            expect(withoutWebhooksMs ?? Infinity).toBeLessThanOrEqual(
              worst.get(kind)?.[index]?.withoutWebhooksMs ?? Infinity,
            ),
          );
        expect(rich.settings).not.toBeNull();
      }),
    );
  });

  it('spends what it may while an interval can still be shorter', () => {
    const plan = planBudget(LARGE, { share: 0.3 });
    expect(plan.verdict).toBe('planned');
    expect(plan.share ?? 0).toBeGreaterThan(0.29);
  });

  it('says when polling alone takes more, and how much that is', () => {
    const plan = planBudget(MIDDLING, { share: 0.03 });
    expect([plan.verdict, plan.settings, plan.share]).toEqual(['polling alone', null, 0.04]);
  });

  it('says when not even the longest intervals fit, and what they would take', () => {
    const plan = planBudget(plant({ meter: 10_000_000 }), { share: 0.06 });
    expect([plan.verdict, plan.settings]).toEqual(['too little', null]);
    expect(plan.share ?? 0).toBeGreaterThan(0.06);
  });

  it('has nothing to share where nothing limits', () => {
    expect(planBudget({ ...MIDDLING, requestsPerMinute: 0 }, { share: 0.2 }).verdict).toBe('no limit');
  });
});

describe('a plan for a staleness', () => {
  it('says the share that it needs, and keeps what was wanted', () => {
    const plan = planBudget(MIDDLING, { stalenessMs: 8 * HOUR });
    expect(plan.verdict).toBe('planned');
    const worst = plan.after?.kinds.flatMap(({ notices }) => notices.map((one) => one.withoutWebhooksMs ?? 0)) ?? [];
    expect(Math.max(...worst)).toBeLessThanOrEqual(8 * HOUR);
    expect(Math.max(...worst)).toBeGreaterThan(7.9 * HOUR);
    expect(plan.share).toBeCloseTo(plan.after?.idleShare ?? -1, 9);
  });

  it('needs no more for less', () => {
    const shares = [4 * HOUR, 8 * HOUR, DAY, 7 * DAY].map((stalenessMs) => planBudget(MIDDLING, { stalenessMs }).share);
    expect(shares).toEqual(shares.toSorted((left, right) => (right ?? 0) - (left ?? 0)));
  });

  it('says what cannot be had', () => {
    expect(planBudget(LARGE, { stalenessMs: 5 * MINUTE }).verdict).toBe('out of reach');
    expect(planBudget(LARGE, { stalenessMs: 3 * HOUR }).verdict).toBe('beyond the quota');
  });
});

describe('the trade', () => {
  it('shows every group of kinds, staler for less', () => {
    const trades = tradesOf(LARGE, [0.1, 0.2, 0.4]);
    expect(trades.map(({ verdict }) => verdict)).toEqual(['planned', 'planned', 'planned']);
    for (const group of GROUPS) {
      const ages = trades.map(({ staleness }) => staleness[group] ?? NaN);
      expect(ages).toEqual(ages.toSorted((left, right) => right - left));
    }
    expect(trades[0]?.staleness.polled).toBe(3 * MINUTE);
    expect(trades[0]?.staleness.swept ?? 0).toBeGreaterThan(trades[2]?.staleness.swept ?? Infinity);
  });
});

describe('what the engine does by itself', () => {
  it('keeps the installation’s intervals where they fit', () => {
    const settings = effectiveSettings(DEFAULT_SETTINGS, TIMES, { ...MIDDLING, subscriptions: 0 });
    expect([settings.sweepIntervalMs, settings.rereadMs.meter]).toEqual([HOUR, DAY]);
  });

  it('sweeps a large plant more seldom, so that upkeep stays within its share', () => {
    const interval = effectiveSweepInterval(DEFAULT_SETTINGS, TIMES, LARGE.records, 100);
    expect(interval).toBeGreaterThan(HOUR);
    const map = coverageOf(LARGE);
    expect(map.intervals.sweepMs).toBe(interval);
    expect(map.idleShare ?? 1).toBeLessThanOrEqual(0.25);
  });

  it('never sweeps more often than the installation says, whatever the plant', () => {
    fc.assert(
      fc.property(anyInput, ({ records, requestsPerMinute, times }) => {
        expect(effectiveSweepInterval(DEFAULT_SETTINGS, times, records, requestsPerMinute)).toBeGreaterThanOrEqual(
          HOUR,
        );
      }),
    );
  });

  it('leaves what the tenant has set as it is', () => {
    const own: PullSettings = { ...DEFAULT_SETTINGS, sweepIntervalMs: 10 * MINUTE, rereadMs: { meter: HOUR } };
    const settings = effectiveSettings(own, TIMES, { ...LARGE, subscriptions: 0 });
    expect([settings.sweepIntervalMs, settings.rereadMs.meter]).toEqual([10 * MINUTE, HOUR]);
    expect(settings.rereadMs.vendor ?? 0).toBeGreaterThan(DAY);
  });

  it('stretches nothing where nothing limits', () => {
    expect(effectiveSweepInterval(DEFAULT_SETTINGS, TIMES, LARGE.records, 0)).toBe(HOUR);
  });
});

describe('the map', () => {
  it('counts each part once', () => {
    const readsPerHour = new Map<Kind, number>([['asset', 12]]);
    const { kinds, total, idle } = coverageOf({ ...MIDDLING, hooks: ['NEW_ASSET'], readsPerHour });
    expect(kinds.reduce((sum, { cost }) => sum + cost.total, 0) + total.subscriptions).toBeCloseTo(total.total, 9);
    expect(total.total - total.reads).toBeCloseTo(idle, 9);
    expect([total.poll, total.reads, total.subscriptions]).toEqual([240, 12, 1 / 24]);
  });

  it('holds the kinds that the tenant copies', () => {
    const settings: PullSettings = { ...DEFAULT_SETTINGS, kinds: ['asset', 'vendor'] };
    expect(coverageOf({ ...MIDDLING, settings }).kinds.map(({ kind }) => kind)).toEqual(['asset', 'vendor']);
  });
});
