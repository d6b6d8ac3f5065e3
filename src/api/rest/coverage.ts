import { Type } from 'typebox';
import {
  coverageOf,
  planBudget,
  type Cost,
  type Coverage,
  type CoverageInput,
  type Goal,
  type Intervals,
  type KindCoverage,
} from '../../inbound/index.ts';
import { HOOK_EVENT_NAMES, KINDS } from '../../maintainx/index.ts';
import { raise } from '../../errors.ts';
import { coverageInput } from '../../reports/index.ts';
import { route, type ApiRoute } from '../route.ts';
import { oneOf, OrganizationQuery, orNull, STRICT } from '../shapes.ts';
import type { RoutePorts } from './ports.ts';

const Kind = oneOf(KINDS);
const HookName = oneOf(HOOK_EVENT_NAMES);
const Length = Type.Number({ description: 'milliseconds' });
const Share = Type.Number({ description: 'of what we may send; 1: all' });

const CostShape = Type.Object(
  {
    poll: Type.Number(),
    sweep: Type.Number(),
    reread: Type.Number(),
    reads: Type.Number({ description: 'single reads that changes cause' }),
    total: Type.Number(),
    share: orNull(Share),
  },
  { description: 'requests an hour' },
);

const IntervalsShape = Type.Object({ pollMs: Length, sweepMs: Length, rereadMs: Type.Record(Type.String(), Length) });

const NoticeShape = Type.Object({
  change: oneOf(['created', 'listed', 'detail', 'silent', 'silent detail', 'deleted']),
  ways: Type.Array(oneOf(['webhook', 'poll', 'sweep', 'reread', 'parent']), { description: 'the fastest first' }),
  partly: Type.Array(HookName, { description: 'webhooks that tell some of these changes' }),
  withWebhooksMs: orNull(Type.Number({ description: 'known at worst so long after it happened; null: never' })),
  withoutWebhooksMs: orNull(Length),
});

const map = {
  kinds: Type.Array(
    Type.Object({ kind: Kind, records: Type.Integer(), notices: Type.Array(NoticeShape), cost: CostShape }),
  ),
  intervals: IntervalsShape,
  walkMs: Type.Number({ description: 'how long a sweep takes' }),
  total: Type.Object({ ...CostShape.properties, subscriptions: Type.Number() }),
  idle: Type.Number({ description: 'requests an hour while nothing changes' }),
  idleShare: orNull(Share),
  quotaPerHour: orNull(Type.Number({ description: 'null: no limit' })),
};

const PlanShape = Type.Object({
  verdict: oneOf(['planned', 'polling alone', 'too little', 'out of reach', 'beyond the quota', 'no limit']),
  share: orNull(Share),
  settings: orNull(
    Type.Object(
      { sweepIntervalMs: orNull(Length), rereadMs: Type.Record(Type.String(), Length) },
      { description: 'what changeSettings takes to have it so; null: nothing could be planned' },
    ),
  ),
  after: orNull(Type.Object(map)),
});

/** How changes become known, how late, and what that costs. */
export function coverageRoutes({ upkeep, ...ports }: RoutePorts): readonly ApiRoute[] {
  const inputOf = (tenantId: string, asked: string | undefined) =>
    coverageInput({ ...ports, ...upkeep }, tenantId, asked);
  return [
    route({
      method: 'GET',
      path: '/coverage',
      operationId: 'getCoverage',
      summary: 'How changes of each kind become known, how late at worst, and what that costs',
      reach: 'tenant',
      scope: 'records:read',
      status: 200,
      shapes: {
        query: OrganizationQuery,
        answer: Type.Object({ ...map, subscribed: Type.Array(HookName) }),
      },
      handle: async ({ tenantId, query }) => {
        const { input, subscribed } = await inputOf(tenantId, query.organization);
        return { ...shown(coverageOf(input)), subscribed: [...subscribed] };
      },
    }),
    route({
      method: 'POST',
      path: '/coverage/plan',
      operationId: 'planCoverage',
      summary: 'What a share of the quota buys, or what nothing older than so long would cost; nothing is changed',
      reach: 'tenant',
      scope: 'records:read',
      status: 200,
      shapes: {
        query: OrganizationQuery,
        body: Type.Object(
          {
            share: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'of the quota; 1: all' })),
            stalenessMs: Type.Optional(Type.Integer({ minimum: 60_000, maximum: 31_622_400_000 })),
          },
          { ...STRICT, description: 'one of the two' },
        ),
        answer: PlanShape,
      },
      handle: async ({ tenantId, query, body }) => {
        const goal = goalIn(body);
        return planned((await inputOf(tenantId, query.organization)).input, goal);
      },
    }),
  ];
}

function goalIn({ share, stalenessMs }: { share?: number; stalenessMs?: number }): Goal {
  if (share !== undefined && stalenessMs === undefined) return { share };
  if (stalenessMs !== undefined && share === undefined) return { stalenessMs };
  throw raise('request-invalid', 'the body must have either share or stalenessMs');
}

function planned(input: CoverageInput, goal: Goal) {
  const { verdict, share, settings, after } = planBudget(input, goal);
  return {
    verdict,
    share,
    settings: settings === null ? null : { ...settings, rereadMs: { ...settings.rereadMs } },
    after: after === null ? null : shown(after),
  };
}

const shown = ({ kinds, intervals, walkMs, total, idle, idleShare, quotaPerHour }: Coverage) => ({
  kinds: kinds.map(kindShown),
  intervals: intervalsShown(intervals),
  walkMs,
  total: { ...costShown(total), subscriptions: total.subscriptions },
  idle,
  idleShare,
  quotaPerHour,
});

const kindShown = ({ kind, records, notices, cost }: KindCoverage) => ({
  kind,
  records,
  notices: notices.map(({ ways, partly, ...notice }) => ({ ...notice, ways: [...ways], partly: [...partly] })),
  cost: costShown(cost),
});

const costShown = ({ poll, sweep, reread, reads, total, share }: Cost) => ({
  poll,
  sweep,
  reread,
  reads,
  total,
  share,
});

const intervalsShown = ({ rereadMs, ...rest }: Intervals) => ({ ...rest, rereadMs: Object.fromEntries(rereadMs) });
