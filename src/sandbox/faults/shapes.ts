import { isHookEvent, CORE_KINDS, SPECIFICATION } from '../../maintainx/catalogue/index.ts';
import type { Shape } from '../../maintainx/specification/index.ts';
import type { FaultName } from './plan.ts';

type Properties = NonNullable<Shape['properties']>;

const COUNT: Shape = { type: 'integer', minimum: 1 };
const MS: Shape = { type: 'number', minimum: 0 };
const MILLIS: Shape = { oneOf: [MS, { type: 'array', items: MS, minItems: 2, maxItems: 2 }] };
const listOf = (words: readonly string[]): Shape => ({ type: 'array', items: { type: 'string', enum: words } });

const TIMES: Properties = { fromMs: MS, untilMs: MS };
const ORGANIZATIONS: Properties = { organizations: { type: 'array', items: { type: 'integer' } } };
const OF_KINDS: Properties = { kinds: listOf(CORE_KINDS) };

const SCHEDULE: Properties = {
  probability: { type: 'number', minimum: 0, maximum: 1 },
  every: COUNT,
  at: { type: 'array', items: COUNT },
  after: { type: 'integer', minimum: 0 },
  times: COUNT,
  ...TIMES,
  ...ORGANIZATIONS,
};

const ON_REQUESTS: Properties = {
  ...SCHEDULE,
  operations: listOf(Object.keys(SPECIFICATION.operations)),
  methods: listOf(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']),
  ...OF_KINDS,
};

const ON_HOOKS: Properties = { ...SCHEDULE, events: listOf(Object.keys(SPECIFICATION.events).filter(isHookEvent)) };

const ofRequest = (settings: Properties = {}, required: readonly string[] = []): Shape =>
  closed({ ...ON_REQUESTS, ...settings }, required);
const ofHook = (settings: Properties = {}, required: readonly string[] = []): Shape =>
  closed({ ...ON_HOOKS, ...settings }, required);
const standing = (settings: Properties, required: readonly string[]): Shape =>
  closed({ ...TIMES, ...settings }, required);

function closed(properties: Properties, required: readonly string[]): Shape {
  return {
    type: 'object',
    properties: { fault: { type: 'string' }, ...properties },
    required,
    additionalProperties: false,
  };
}

/** The shape of each fault's rule. */
export const RULE_SHAPES: Readonly<Record<FaultName, Shape>> = {
  tooManyRequests: ofRequest({
    headers: { type: 'boolean' },
    reset: { oneOf: [{ type: 'number' }, { type: 'string', maxLength: 100, pattern: '^[ -~]*$' }] },
  }),
  serverError: ofRequest({ status: { type: 'integer', enum: [500, 502, 503, 504] } }),
  latency: ofRequest({ ms: MILLIS }, ['ms']),
  slowBody: ofRequest({ bytes: COUNT, pauseMs: MS }),
  cutBody: ofRequest({ bytes: { type: 'integer', minimum: 0 } }),
  reset: ofRequest({ when: { type: 'string', enum: ['before', 'after'] } }),
  noAnswer: ofRequest({ cutAfterMs: MS }),
  lateExecution: ofRequest({ ms: MILLIS, connection: { type: 'string', enum: ['hang', 'cut'] } }, ['ms']),
  emptyPage: ofRequest(),
  repeatedCursor: ofRequest(),
  loopingCursor: ofRequest(),
  revokedKey: ofRequest(),
  dropHook: ofHook(),
  doubleHook: ofHook({ copies: { type: 'integer', minimum: 2, maximum: 100 } }),
  lateHook: ofHook({ ms: MILLIS }, ['ms']),
  shuffleHooks: ofHook({ size: { type: 'integer', minimum: 2, maximum: 1000 }, withinMs: MS }),
  vanishingSubscription: ofHook(),
  listLag: standing({ ms: MS, ...OF_KINDS, ...ORGANIZATIONS }, ['ms']),
  clockOff: standing({ offsetMs: { type: 'number' } }, ['offsetMs']),
};
