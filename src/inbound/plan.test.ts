import { describe, expect, it } from 'vitest';
import { CORE_KINDS } from '../maintainx/index.ts';
import { parsePlan } from './backfill-plan.ts';
import { forecastOf, planOf } from './plan.ts';
import { freshKind, type KindProgress } from './run.ts';
import { DEFAULT_SETTINGS, type PullSettings } from './settings.ts';

const PACE = { requestsPerMinute: 100, pollIntervalMs: 60_000 };
const listing = (change: Partial<KindProgress>): KindProgress => ({
  ...freshKind('work-order'),
  state: 'listing',
  pages: 1,
  rows: 200,
  requests: 2,
  expected: 10_000,
  cursor: 'c',
  ...change,
});
const ended = (kind: KindProgress['kind'], rows: number): KindProgress => ({
  ...freshKind(kind),
  state: 'done',
  pages: Math.max(1, Math.ceil(rows / 200)),
  rows,
  requests: Math.max(1, Math.ceil(rows / 200)),
  expected: rows,
});

const CORE: PullSettings = { ...DEFAULT_SETTINGS, kinds: CORE_KINDS };

describe('the cost of a backfill', () => {
  it('is what the survey took, the pages that are left, a single read for each stub, and polling meanwhile', () => {
    const plan = planOf([listing({}), ended('work-request', 450), ended('vendor', 12)], CORE, PACE);
    expect(plan.perKind).toEqual([
      { kind: 'work-order', records: 10_000, pages: 50, details: 10_000, atLeast: false },
      { kind: 'work-request', records: 450, pages: 3, details: 0, atLeast: false },
      { kind: 'vendor', records: 12, pages: 1, details: 12, atLeast: false },
    ]);
    expect(plan.surveyRequests).toBe(2 + 3 + 1);
    // 49 pages and 10,012 reads at 99 a minute: one poll a minute takes the hundredth.
    expect(plan.minutes).toBe(101.7);
    expect(plan.pollRequests).toBe(102);
    expect(plan.requests).toBe(6 + 49 + 10_012 + 102);
  });

  it('is one more read for each record on which a copied kind hangs, at most', () => {
    const settings: PullSettings = { ...DEFAULT_SETTINGS, kinds: ['vendor', 'vendor-contact', 'work-order-comment'] };
    const plan = planOf([listing({}), ended('vendor', 12)], settings, PACE);
    expect(plan.perKind.slice(2)).toEqual([
      { kind: 'work-order-comment', records: 10_000, pages: 0, details: 10_000, atLeast: false },
      { kind: 'vendor-contact', records: 12, pages: 0, details: 12, atLeast: false },
    ]);
    expect(plan.requests).toBe(3 + 49 + 2 * 10_012 + plan.pollRequests);
    expect(forecastOf([listing({}), ended('vendor', 12)], plan, 0).requestsLeft).toBe(49 + 2 * 9_800);
  });

  it('has no single reads when list rows are enough', () => {
    const plan = planOf([listing({})], { ...DEFAULT_SETTINGS, details: 'none' }, PACE);
    expect(plan.perKind[0]?.details).toBe(0);
    expect(plan.requests).toBe(2 + 49 + plan.pollRequests);
  });

  it('has no reads of what hangs on records either, where only a single read tells that there is any', () => {
    const settings: PullSettings = { ...DEFAULT_SETTINGS, kinds: ['vendor-contact', 'work-order-comment'] };
    const told = [listing({}), ended('vendor', 12)];
    const detailsOf = (plan: ReturnType<typeof planOf>): object =>
      Object.fromEntries(plan.perKind.map(({ kind, details }) => [kind, details]));
    const none = planOf(told, { ...settings, details: 'none' }, PACE);
    expect(detailsOf(none)).toEqual({
      'work-order': 0,
      vendor: 0,
      'work-order-comment': 10_000,
      'vendor-contact': 0,
    });
    expect(detailsOf(planOf(told, settings, PACE))).toMatchObject({ 'vendor-contact': 12 });
  });

  it('takes no time when nothing limits it', () => {
    const plan = planOf([listing({})], DEFAULT_SETTINGS, { ...PACE, requestsPerMinute: 0 });
    expect([plan.minutes, plan.pollRequests]).toEqual([null, 0]);
  });

  it('says where it saw no end, and is never less than what was read', () => {
    const plan = planOf(
      [listing({ kind: 'vendor', expected: 100, rows: 400, pages: 2, atLeast: true })],
      DEFAULT_SETTINGS,
      PACE,
    );
    expect(plan.perKind[0]).toEqual({ kind: 'vendor', records: 400, pages: 2, details: 400, atLeast: true });
  });

  it('is read back as it was stored', () => {
    const plan = planOf([listing({}), ended('vendor', 12)], DEFAULT_SETTINGS, PACE);
    expect(parsePlan(JSON.stringify(plan))).toEqual(plan);
  });
});

describe('what is left', () => {
  const plan = planOf([listing({}), ended('vendor', 12)], DEFAULT_SETTINGS, PACE);

  it('are pages, rows that will want a single read, and the reads that wait', () => {
    expect(forecastOf([listing({ pages: 30, rows: 6000 }), ended('vendor', 12)], plan, 812)).toEqual({
      requestsLeft: 20 + 4000 + 812,
      minutesLeft: 48.4,
    });
  });

  it('is at least a page while a list has not ended, and nothing in the end', () => {
    expect(forecastOf([listing({ pages: 70, rows: 14_000 })], plan, 0).requestsLeft).toBe(1);
    expect(forecastOf([ended('work-order', 14_000)], plan, 0)).toEqual({ requestsLeft: 0, minutesLeft: 0 });
  });
});
