import { Type } from 'typebox';
import { releaseHeld, requestRun } from '../../administration/index.ts';
import { PLAIN_RUN, syncStatus, type Run, type SyncStatus } from '../../inbound/index.ts';
import { KINDS } from '../../maintainx/index.ts';
import { route, type ApiRoute } from '../route.ts';
import { Id, isoOrNull, oneOf, OrganizationQuery, orNull, STRICT, Time } from '../shapes.ts';
import { newId, type RoutePorts } from './ports.ts';

const RunState = oneOf(['requested', 'running', 'done']);
const Counts = Type.Object({ deliveries: Type.Integer(), reads: Type.Integer() });

const StatusShape = Type.Object({
  quiet: Type.Boolean({ description: 'nothing waits, nothing is under way' }),
  paused: Type.Boolean(),
  waiting: Type.Object({ ...Counts.properties, runs: Type.Integer() }),
  parked: Counts,
  run: orNull(
    Type.Object({
      runId: Id,
      what: oneOf(['backfill', 'sweep']),
      state: RunState,
      plan: orNull(
        Type.Object(
          {
            requests: Type.Integer(),
            minutes: orNull(Type.Number({ description: 'null: nothing limits it' })),
            records: Type.Integer(),
          },
          { description: 'what it costs, once that is known' },
        ),
      ),
    }),
  ),
  forecast: orNull(
    Type.Object(
      { requestsLeft: Type.Integer(), minutesLeft: orNull(Type.Number()) },
      { description: 'what is left of a first copy' },
    ),
  ),
  refusal: orNull(Type.String({ description: 'why MaintainX refuses the key: the tenant rests' })),
  lastSeq: Type.Integer(),
  backfilledAt: orNull(Time),
  sweptAt: orNull(Time),
  polledAt: orNull(Time),
  records: Type.Record(Type.String(), Type.Object({ living: Type.Integer(), deleted: Type.Integer() })),
});

const RunShape = Type.Object({ runId: Id, state: RunState });

export const syncRoutes = (ports: RoutePorts): readonly ApiRoute[] => [
  route({
    method: 'GET',
    path: '/sync',
    operationId: 'getSyncStatus',
    summary: 'How the copy stands, of one organisation or of all together',
    reach: 'tenant',
    scope: 'sync:read',
    status: 200,
    shapes: { query: OrganizationQuery, answer: StatusShape },
    handle: async ({ tenantId, query }) => shown(await syncStatus(ports.store, tenantId, query.organization ?? null)),
  }),
  route({
    method: 'POST',
    path: '/sync/plan',
    operationId: 'planBackfill',
    summary: 'Find out what copying everything would cost; getSyncStatus has it when it is known, and nothing begins',
    reach: 'tenant',
    scope: 'sync:write',
    status: 202,
    shapes: { query: OrganizationQuery, answer: RunShape },
    handle: ({ query, change }) =>
      change(requestRun(newId(ports), query.organization, 'backfill', { ...PLAIN_RUN, planOnly: true })),
  }),
  ...(['backfill', 'sweep'] as const).map((what) =>
    route({
      method: 'POST',
      path: `/sync/${what}`,
      operationId: what === 'backfill' ? 'requestBackfill' : 'requestSweep',
      summary: what === 'backfill' ? 'Copy everything once more' : 'List every record, to find what nothing told',
      reach: 'tenant',
      scope: 'sync:write',
      status: 202,
      shapes: { query: OrganizationQuery, answer: RunShape },
      handle: ({ query, change }) => change(requestRun(newId(ports), query.organization, what, PLAIN_RUN)),
    }),
  ),
  route({
    method: 'POST',
    path: '/sync/release',
    operationId: 'releaseDeletes',
    summary: 'Believe that records are gone whose deletes are held back; each is looked up once',
    reach: 'tenant',
    scope: 'sync:write',
    status: 202,
    shapes: {
      body: Type.Object({ kind: Type.Optional(oneOf(KINDS)) }, STRICT),
      answer: Type.Object({ released: Type.Integer() }),
    },
    handle: ({ body, change }) => change(releaseHeld(body.kind ?? null)),
  }),
];

const runAsJson = ({ runId, what, state, plan }: Run) => ({
  runId,
  what,
  state,
  plan:
    plan === null
      ? null
      : {
          requests: plan.requests,
          minutes: plan.minutes,
          records: plan.perKind.reduce((sum, { records }) => sum + records, 0),
        },
});

const shown = (status: SyncStatus) => ({
  quiet: status.quiet,
  paused: status.paused,
  waiting: status.waiting,
  parked: status.parked,
  run: status.run === null ? null : runAsJson(status.run),
  forecast: status.forecast,
  refusal: status.refusal?.reason ?? null,
  lastSeq: status.lastSeq,
  backfilledAt: isoOrNull(status.backfilledAt),
  sweptAt: isoOrNull(status.sweptAt),
  polledAt: isoOrNull(status.polledAt),
  records: Object.fromEntries(status.records.map(({ kind, living, deleted }) => [kind, { living, deleted }])),
});
