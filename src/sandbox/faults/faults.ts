import type { Clock } from '../../base/clock.ts';
import type { Json } from '../../base/json.ts';
import type { HookEvent, CoreKind } from '../../maintainx/catalogue/index.ts';
import type { Matched } from '../http/operation.ts';
import { isoAt } from '../plant/plant.ts';
import { NO_FAULTS } from './check-plan.ts';
import { FaultLog, type FaultEntry } from './fault-log.ts';
import { kindAt } from './kind-at.ts';
import { canStrike, type PageFault, type PagePlace } from './page.ts';
import type { CheckedPlan, FaultRule, HookFault, RequestFault, StandingFault } from './plan.ts';
import { isWithin, Trigger, type Struck } from './trigger.ts';

type LagRule = Extract<StandingFault, { fault: 'listLag' }>;

interface Armed<Rule> {
  readonly rule: Rule;
  readonly index: number;
  readonly trigger: Trigger;
}

/** A request as far as the faults look at it. */
export interface FaultyRequest {
  readonly number: number;
  readonly method: string;
  readonly matched: Matched | undefined;
  readonly page: PagePlace;
  readonly organizationId: number;
}

export interface FaultyDelivery {
  readonly number: number;
  readonly subscriptionId: number;
  readonly event: HookEvent;
  readonly organizationId: number;
}

/** What goes wrong in this sandbox: the plan, when its rules strike, and what struck. */
export class Faults {
  readonly #clock: Clock;
  readonly #log = new FaultLog();
  readonly #watchers: (() => void)[] = [];
  #plan = NO_FAULTS;
  #setAt = 0;
  #onRequests: readonly Armed<RequestFault>[] = [];
  #onHooks: readonly Armed<HookFault>[] = [];
  #standing: readonly StandingFault[] = [];

  /** `clock` is the true one, which no fault moves. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** As it was written. */
  get plan(): Json {
    return this.#plan.written;
  }

  set(plan: CheckedPlan): void {
    this.#plan = plan;
    this.#setAt = this.#clock.now();
    const armed = plan.rules.map(({ rule, index }) => ({
      rule,
      index,
      trigger: new Trigger(isStanding(rule) ? {} : rule, this.#setAt, plan.seed, rule.fault, index),
    }));
    this.#onRequests = armed
      .flatMap(({ rule, ...rest }) => (isOnRequests(rule) ? [{ rule, ...rest }] : []))
      .toSorted(byStage);
    this.#onHooks = armed.flatMap(({ rule, ...rest }) => (isOnHooks(rule) ? [{ rule, ...rest }] : []));
    this.#standing = plan.rules.map(({ rule }) => rule).filter(isStanding);
    for (const { rule, index } of armed)
      if (isStanding(rule)) this.#log.add({ time: isoAt(this.#setAt), fault: rule.fault, rule: index });
    for (const tell of this.#watchers) tell();
  }

  clear(): void {
    this.set(NO_FAULTS);
  }

  /** Calls when other faults are set. */
  onSet(tell: () => void): void {
    this.#watchers.push(tell);
  }

  log(after?: number): readonly FaultEntry[] {
    return this.#log.after(after);
  }

  /** The faults that strike this request: of those that exclude one another, the first of the plan. */
  ofRequest(request: FaultyRequest): readonly Struck<RequestFault>[] {
    const now = this.#clock.now();
    const taken = new Set<Stage>();
    const struck: Struck<RequestFault>[] = [];
    for (const { rule, index, trigger } of this.#onRequests) {
      const stage = STAGES[rule.fault];
      if (!fitsRequest(rule, request)) continue;
      if (!trigger.strikes(now, request.organizationId, isOver(taken, stage))) continue;
      if (stage !== 'wait') taken.add(stage);
      struck.push({ rule, random: trigger.random });
      const operation = request.matched === undefined ? {} : { operation: request.matched.name };
      const of = { organizationId: request.organizationId, request: request.number, ...operation };
      this.#log.add({ time: isoAt(now), fault: rule.fault, rule: index, ...of });
    }
    return struck;
  }

  /** The faults that strike this delivery of a webhook. */
  ofHook({ number, subscriptionId, event, organizationId }: FaultyDelivery): readonly Struck<HookFault>[] {
    const now = this.#clock.now();
    return this.#onHooks
      .filter(({ rule }) => rule.events?.includes(event) ?? true)
      .filter(({ trigger }) => trigger.strikes(now, organizationId))
      .map(({ rule, index, trigger }) => {
        const entry = { fault: rule.fault, rule: index, organizationId, delivery: number, subscriptionId, event };
        this.#log.add({ time: isoAt(now), ...entry });
        return { rule, random: trigger.random };
      });
  }

  /** How far the sandbox's clock is off. */
  clockOffset(): number {
    const elapsed = this.#clock.now() - this.#setAt;
    return this.#standing.reduce(
      (sum, rule) => (rule.fault === 'clockOff' && isWithin(rule, elapsed) ? sum + rule.offsetMs : sum),
      0,
    );
  }

  /** How far the lists of a kind lag behind; 0: not at all. */
  listLag(organizationId: number, kind: CoreKind): number {
    const elapsed = this.#clock.now() - this.#setAt;
    return Math.max(
      0,
      ...this.#lags(organizationId, kind).flatMap((rule) => (isWithin(rule, elapsed) ? [rule.ms] : [])),
    );
  }

  /** Whether they lag, now or at another time. */
  willLag(organizationId: number, kind: CoreKind): boolean {
    return this.#lags(organizationId, kind).length > 0;
  }

  #lags(organizationId: number, kind: CoreKind): readonly LagRule[] {
    return this.#standing.filter((rule): rule is LagRule => {
      if (rule.fault !== 'listLag') return false;
      return (rule.kinds?.includes(kind) ?? true) && (rule.organizations?.includes(organizationId) ?? true);
    });
  }
}

const HOOK_FAULTS: readonly string[] = [
  'dropHook',
  'doubleHook',
  'lateHook',
  'shuffleHooks',
  'vanishingSubscription',
] satisfies readonly HookFault['fault'][];

const isStanding = (rule: FaultRule): rule is StandingFault => rule.fault === 'listLag' || rule.fault === 'clockOff';
const isOnHooks = (rule: FaultRule): rule is HookFault => HOOK_FAULTS.includes(rule.fault);
const isOnRequests = (rule: FaultRule): rule is RequestFault => !isStanding(rule) && !isOnHooks(rule);

/** Where in a request's course a fault strikes. */
type Stage = 'wait' | 'instead' | 'ending' | 'page' | 'body';

const STAGES: Readonly<Record<RequestFault['fault'], Stage>> = {
  latency: 'wait',
  revokedKey: 'instead',
  tooManyRequests: 'instead',
  serverError: 'instead',
  reset: 'ending',
  noAnswer: 'ending',
  lateExecution: 'ending',
  emptyPage: 'page',
  repeatedCursor: 'page',
  loopingCursor: 'page',
  slowBody: 'body',
  cutBody: 'body',
};

/** What cannot strike any more once these have: each fault that is logged did something. */
const ENDS: Readonly<Record<Stage, readonly Stage[]>> = {
  wait: [],
  instead: ['instead', 'ending', 'page'],
  ending: ['instead', 'ending', 'page', 'body'],
  page: ['page'],
  body: ['body'],
};

const isOver = (taken: ReadonlySet<Stage>, stage: Stage): boolean =>
  [...taken].some((one) => ENDS[one].includes(stage));

const ORDER: readonly Stage[] = ['wait', 'instead', 'ending', 'page', 'body'];
const byStage = (left: Armed<RequestFault>, right: Armed<RequestFault>): number =>
  ORDER.indexOf(STAGES[left.rule.fault]) - ORDER.indexOf(STAGES[right.rule.fault]);

const isPageFault = (fault: RequestFault['fault']): fault is PageFault => STAGES[fault] === 'page';

function fitsRequest(rule: RequestFault, { method, matched, page }: FaultyRequest): boolean {
  const { operations, methods, kinds, fault } = rule;
  if (isPageFault(fault) && !canStrike(fault, page)) return false;
  if (operations !== undefined && !(matched !== undefined && operations.includes(matched.name))) return false;
  if (methods !== undefined && !methods.some((one) => one === method)) return false;
  if (kinds === undefined) return true;
  const kind = matched === undefined ? undefined : kindAt(matched.shape.path);
  return kind !== undefined && kinds.includes(kind);
}
