import { describe, expect, it } from 'vitest';
import { nextStep, type Memory, type Plan, type Step } from './next-step.ts';
import { freshKind, PLAIN_RUN, type Run } from './run.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

const NOW = 1_000_000;
const RUN: Run = {
  organizationId: '1',
  runId: 'r',
  what: 'sweep',
  state: 'running',
  options: PLAIN_RUN,
  progress: [freshKind('asset')],
  requestedAt: 0,
  surveyedAt: null,
  plan: null,
  finishedAt: null,
  reason: null,
};

const step = (plan: Partial<Plan> = {}, memory: Partial<Memory> = {}): Step =>
  nextStep(
    {
      settings: DEFAULT_SETTINGS,
      run: undefined,
      isHeldUp: false,
      backfilled: true,
      hasDetails: false,
      pollAt: NOW + 10,
      sweepAt: NOW + 1_000,
      ...plan,
    },
    { rest: { failures: 0, until: 0 }, rereadAt: NOW + 500, hasPolled: false, ...memory },
    NOW,
  );

describe('the next step of a tenant', () => {
  it('is the first copy, before anything else', () => {
    expect(step({ backfilled: false, pollAt: Infinity, sweepAt: Infinity })).toEqual({
      what: 'request',
      kind: 'backfill',
    });
  });

  it('is what is due, and else a wait until the earliest of all', () => {
    expect(step({ pollAt: NOW })).toEqual({ what: 'poll' });
    expect(step({ sweepAt: NOW })).toEqual({ what: 'request', kind: 'sweep' });
    expect(step({}, { rereadAt: NOW })).toEqual({ what: 'reread' });
    expect(step()).toEqual({ what: 'wait', until: NOW + 10 });
    expect(step({ pollAt: NOW + 5_000 })).toEqual({ what: 'wait', until: NOW + 500 });
    expect(step({ pollAt: NOW + 5_000, hasDetails: true })).toEqual({ what: 'wait', until: NOW + 1_000 });
  });

  it('goes on with a run until the next poll, and lets a run in trouble rest', () => {
    expect(step({ run: RUN })).toEqual({ what: 'advance', run: RUN, until: NOW + 10 });
    const rest = { failures: 1, until: NOW + 3 };
    expect(step({ run: RUN }, { rest })).toEqual({ what: 'wait', until: NOW + 3 });
  });

  it('gives other work every other step when a poll is always due', () => {
    const always = { pollAt: NOW - 1 };
    expect(step({ ...always, run: RUN })).toEqual({ what: 'poll' });
    expect(step({ ...always, run: RUN }, { hasPolled: true })).toMatchObject({ what: 'advance', until: NOW + 10_000 });
    expect(step({ ...always, sweepAt: NOW }, { hasPolled: true })).toEqual({ what: 'request', kind: 'sweep' });
    expect(step(always, { hasPolled: true, rereadAt: NOW })).toEqual({ what: 'reread' });
    expect(step(always, { hasPolled: true })).toEqual({ what: 'poll' });
  });

  it('keeps what a person holds up waiting, and polls meanwhile', () => {
    const heldUp = { isHeldUp: true, backfilled: false, sweepAt: Infinity };
    expect(step({ ...heldUp, pollAt: NOW })).toEqual({ what: 'poll' });
    expect(step(heldUp)).toEqual({ what: 'wait', until: NOW + 10 });
    expect(step({ ...heldUp, pollAt: Infinity })).toEqual({ what: 'wait', until: Infinity });
  });
});
