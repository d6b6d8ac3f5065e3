import { Type } from 'typebox';
import { LANES } from '../../maintainx/index.ts';
import { missedOf, quotaReport, tenantHealth, type QuotaReport, type TenantHealth } from '../../reports/index.ts';
import { openConnection, tenantById } from '../../tenants/index.ts';
import { route, type ApiRoute } from '../route.ts';
import { isoOrNull, organization, orNull, oneOf, STRICT, TenantName, Time } from '../shapes.ts';
import type { RoutePorts } from './ports.ts';

const Counts = Type.Object({ deliveries: Type.Integer(), reads: Type.Integer() });

const HealthShape = Type.Object({
  tenant: TenantName,
  paused: orNull(Type.String({ description: 'why a person lets the tenant rest; null: it is at work' })),
  stuck: Type.Array(Type.String(), { description: 'why something is stuck; empty: nothing is' }),
  lanes: Type.Array(
    Type.Object({
      lane: Type.String(),
      lateMs: Type.Integer({ description: 'how long its work has been due without anybody at it' }),
      holder: orNull(Type.String({ description: 'the process that is at it' })),
    }),
  ),
  oldestWebhookMs: orNull(Type.Integer({ description: 'age of the oldest webhook that waits to be read' })),
  oldestReadMs: orNull(Type.Integer({ description: 'age of the oldest wish to read a record' })),
  waiting: Type.Object({ ...Counts.properties, runs: Type.Integer() }),
  parked: Counts,
});

const PerLane = Type.Object(Object.fromEntries(LANES.map((lane) => [lane, Type.Integer()])), {
  description: 'requests',
});

const QuotaShape = Type.Object({
  user: Type.String({ description: 'whose quota it is: a name that was declared, or the hash of the key' }),
  limit: orNull(Type.Integer({ description: 'most of ours in a window; null: none is set' })),
  windowMs: Type.Integer(),
  sharePercent: Type.Number({ description: 'that part of what the user may send is ours' }),
  used: Type.Integer({ description: 'in the last window, by all processes; those under way included' }),
  underWay: Type.Integer(),
  closedUntil: orNull(Time),
  othersSeenUntil: orNull(Time),
  tightenedTo: orNull(Type.Integer({ description: 'a smaller limit that MaintainX told' })),
  longWindows: Type.Array(Type.Object({ about: Type.String(), used: Type.Integer(), limit: Type.Number() }), {
    description: 'limits that only readings of meters fall under',
  }),
  demand: PerLane,
  plan: Type.Array(Type.Object({ minute: Type.Integer(), requests: PerLane })),
});

const Minutes = Type.Integer({ minimum: 1, maximum: 240, default: 10, description: 'how far to plan' });
const Days = Type.Integer({ minimum: 1, maximum: 90, default: 7, description: 'how far to look back' });

const MissedShape = Type.Object({
  day: Type.String({ format: 'date', description: 'UTC' }),
  kind: Type.String(),
  change: oneOf(['created', 'deleted']),
  happened: Type.Integer(),
  told: Type.Integer(),
  missed: Type.Integer(),
});

/** How a tenant's work stands: late or not, within which quota, and which webhooks never came. */
export const stateRoutes = (ports: RoutePorts): readonly ApiRoute[] => [health(ports), quota(ports), missed(ports)];

const health = (ports: RoutePorts): ApiRoute =>
  route({
    method: 'GET',
    path: '/tenant/health',
    operationId: 'getTenantHealth',
    summary: 'Which of the tenant’s lanes are late or stuck, and why',
    reach: 'tenant',
    scope: 'tenant:read',
    status: 200,
    shapes: { answer: HealthShape },
    handle: async ({ tenantId }) => healthShown(await tenantHealth(ports, await tenantById(ports.database, tenantId))),
  });

const quota = ({ database, vault, store, clock, upkeep, quotaRule, whoseQuota }: RoutePorts): ApiRoute =>
  route({
    method: 'GET',
    path: '/tenant/quota',
    operationId: 'getQuota',
    summary: 'How the quota stands that the tenant sends under, and what goes out in the next minutes',
    reach: 'tenant',
    scope: 'tenant:read',
    status: 200,
    shapes: {
      query: Type.Object({ ...organization, minutes: Type.Optional(Minutes) }, STRICT),
      answer: QuotaShape,
    },
    handle: async ({ tenantId, query: { organization: asked, minutes = 10 } }) => {
      const connection = await database.withTenant(tenantId, (tx) => openConnection(tx, vault, asked));
      const { pollIntervalMs } = upkeep.times;
      const { quotaShare } = await store.transact(tenantId, (tx) => tx.settings.read());
      const around = { database, store, clock, rule: quotaRule(quotaShare), pollIntervalMs };
      return quotaShown(
        await quotaReport(around, tenantId, connection.organizationId, whoseQuota(connection), minutes),
      );
    },
  });

const missed = (ports: RoutePorts): ApiRoute =>
  route({
    method: 'GET',
    path: '/tenant/missed-webhooks',
    operationId: 'listMissedWebhooks',
    summary: 'How many webhooks never came, by kind and day: of records that came to be or were deleted',
    reach: 'tenant',
    scope: 'deliveries:read',
    status: 200,
    shapes: {
      query: Type.Object({ days: Type.Optional(Days) }, STRICT),
      answer: Type.Object({ items: Type.Array(MissedShape) }),
    },
    handle: async ({ tenantId, query: { days = 7 } }) => {
      const counts = await missedOf(ports, tenantId, days);
      return { items: counts.map((one) => ({ ...one, missed: one.happened - one.told })) };
    },
  });

const healthShown = ({ stuck, lanes, oldestWebhookMs, oldestReadMs, ...rest }: TenantHealth) => ({
  ...rest,
  stuck: [...stuck],
  lanes: lanes.map((lane) => ({ ...lane })),
  oldestWebhookMs,
  oldestReadMs,
});

const quotaShown = ({ closedUntil, othersSeenUntil, longWindows, demand, plan, ...rest }: QuotaReport) => ({
  ...rest,
  closedUntil: isoOrNull(closedUntil),
  othersSeenUntil: isoOrNull(othersSeenUntil),
  longWindows: longWindows.map((one) => ({ ...one })),
  demand: { ...demand },
  plan: plan.map(({ minute, requests }) => ({ minute, requests: { ...requests } })),
});
