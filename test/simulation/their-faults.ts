import { CORE_KINDS } from '../../src/maintainx/index.ts';
import type { FaultName, FaultPlan, Schedule } from '../../src/sandbox/faults/plan.ts';
import type { Dice } from '../../src/sandbox/seed/dice.ts';
import type { FaultRule } from '../../src/sandbox/index.ts';

const MINUTE = 60_000;

/** Never a whole number of up to two digits: so a simulation can tell an invented 429 from one that we deserved. */
const ABSURD_RESETS: readonly (string | number)[] = ['30.0', 'soon', -3, 1e9, '1790000000', ''];

type Settings = Omit<FaultRule, 'fault'>;
type Draw = (dice: Dice, when: Schedule, chaosMs: number) => Settings & Record<string, unknown>;

const some = (dice: Dice): { kinds?: (typeof CORE_KINDS)[number][] } =>
  dice.chance(0.5) ? {} : { kinds: dice.some(CORE_KINDS, dice.whole(1, 4)) };

/** How each of the sandbox's own faults is drawn. */
const DRAWS: Readonly<Partial<Record<FaultName, Draw>>> = {
  listLag: (dice, { fromMs, untilMs }) => ({ ms: lagOf(dice), ...some(dice), ...given({ fromMs, untilMs }) }),
  clockOff: (dice, { fromMs, untilMs }) => ({
    offsetMs: dice.pick([-3_600_000, -300_000, -20_000, 20_000, 300_000, 3_600_000]),
    ...given({ fromMs, untilMs }),
  }),
  emptyPage: (dice, when) => ({ ...when, ...some(dice), probability: share(dice) }),
  repeatedCursor: (dice, when) => ({ ...when, ...some(dice), probability: share(dice) }),
  loopingCursor: (dice, when) => ({ ...when, ...some(dice), probability: share(dice) }),
  tooManyRequests: (dice, when) => ({
    ...when,
    probability: share(dice),
    ...(dice.chance(0.2) ? { headers: false } : { reset: dice.pick(ABSURD_RESETS) }),
  }),
  serverError: (dice, when) => ({
    ...when,
    ...some(dice),
    probability: share(dice),
    status: dice.pick([500, 502, 503, 504]),
  }),
  latency: (dice, when) => ({ ...when, ...some(dice), probability: share(dice), ms: [10, dice.pick([2_000, 30_000])] }),
  slowBody: (dice, when) => ({ ...when, probability: share(dice), bytes: 512, pauseMs: dice.whole(10, 2_000) }),
  cutBody: (dice, when) => ({ ...when, ...some(dice), probability: share(dice) }),
  reset: (dice, when) => ({ ...when, ...some(dice), probability: share(dice), when: dice.pick(['before', 'after']) }),
  noAnswer: (dice, when) => ({
    ...when,
    probability: share(dice) / 2,
    ...(dice.chance(0.5) ? {} : { cutAfterMs: dice.whole(100, 40_000) }),
  }),
  revokedKey: (dice, when, chaosMs) => {
    const fromMs = dice.whole(0, chaosMs);
    return { ...when, fromMs, untilMs: fromMs + dice.whole(1, 40) * MINUTE };
  },
};

const share = (dice: Dice): number => dice.pick([0.01, 0.05, 0.2, 0.6]);
const lagOf = (dice: Dice): number => (dice.chance(0.8) ? dice.whole(1_000, 300_000) : dice.whole(300_000, 3_600_000));

function given(times: {
  readonly fromMs: number | undefined;
  readonly untilMs: number | undefined;
}): Record<string, number> {
  return Object.fromEntries(
    Object.entries(times).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The sandbox's faults of a seed: several sorts at a time, each in times of its own. */
export function theirFaults(dice: Dice, seed: number, chaosMs: number): FaultPlan {
  const sorts = dice.some(Object.entries(DRAWS), dice.whole(3, 9));
  const rules = sorts.map(([fault, draw]) => [
    fault,
    Array.from({ length: dice.whole(1, 3) }, () => draw(dice, timeIn(dice, chaosMs), chaosMs)),
  ]);
  const outage = dice.chance(0.15) ? outageOf(dice, chaosMs) : [];
  const plan = Object.fromEntries(rules) as Record<string, readonly object[]>;
  return { seed, ...plan, serverError: [...outage, ...(plan['serverError'] ?? [])] };
}

/** What goes wrong with webhooks: some or all are lost, come twice, late or in another order. */
export function hookFaults(dice: Dice, chaosMs: number): Record<string, readonly Settings[]> {
  const whole = { fromMs: 0, untilMs: chaosMs };
  const when = (): Schedule => (dice.chance(0.5) ? whole : timeIn(dice, chaosMs));
  const rules: Readonly<Record<string, () => object>> = {
    dropHook: () => ({ ...when(), probability: dice.pick([0.1, 0.5, 1]) }),
    doubleHook: () => ({ ...when(), probability: dice.pick([0.1, 0.5]), copies: dice.whole(2, 4) }),
    lateHook: () => ({ ...when(), probability: dice.pick([0.1, 0.5]), ms: [100, dice.pick([2_000, 60_000, 400_000])] }),
    shuffleHooks: () => ({ ...when(), probability: dice.pick([0.3, 1]), size: dice.whole(2, 9), withinMs: 30_000 }),
  };
  const struck = dice.some(Object.entries(rules), dice.whole(0, 4));
  return Object.fromEntries(struck.map(([fault, draw]) => [fault, [draw() as Settings]]));
}

/** Half an hour in which MaintainX answers nothing but errors. */
function outageOf(dice: Dice, chaosMs: number): readonly Settings[] {
  const fromMs = dice.whole(0, chaosMs);
  return [{ fromMs, untilMs: fromMs + 30 * MINUTE, probability: 1 } as Settings];
}

function timeIn(dice: Dice, chaosMs: number): { readonly fromMs: number; readonly untilMs: number } {
  const fromMs = dice.whole(0, Math.floor(chaosMs * 0.8));
  return { fromMs, untilMs: fromMs + dice.whole(MINUTE, Math.max(MINUTE, Math.floor(chaosMs / 2))) };
}
