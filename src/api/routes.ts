import { auditRoutes } from './rest/audit.ts';
import { coverageRoutes } from './rest/coverage.ts';
import { deliveryRoutes } from './rest/deliveries.ts';
import { eventRoutes } from './rest/events.ts';
import { installationRoutes } from './rest/installation.ts';
import { me } from './rest/me.ts';
import type { RoutePorts } from './rest/ports.ts';
import { recordStoryRoutes } from './rest/record-story.ts';
import { recordRoutes } from './rest/records.ts';
import { connectionRoutes } from './rest/connections.ts';
import { stateRoutes } from './rest/state.ts';
import { syncRoutes } from './rest/sync.ts';
import { ownTenantRoutes } from './rest/tenant.ts';
import { tenantRoutes } from './rest/tenants.ts';
import { tokenRoutes } from './rest/tokens.ts';
import type { ApiRoute } from './route.ts';

/** Every route of the API. The OpenAPI document and the test of who may call what are made from this list. */
export const apiRoutes = (ports: RoutePorts): readonly ApiRoute[] => [
  me(),
  ...tenantRoutes(ports),
  ...tokenRoutes(ports),
  ...installationRoutes(ports),
  ...auditRoutes(ports),
  ...ownTenantRoutes(ports),
  ...connectionRoutes(ports),
  ...stateRoutes(ports),
  ...coverageRoutes(ports),
  ...syncRoutes(ports),
  ...recordRoutes(ports),
  ...recordStoryRoutes(ports),
  ...eventRoutes(ports),
  ...deliveryRoutes(ports),
];
