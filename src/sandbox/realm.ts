import { Walks } from './faults/page.ts';
import { groundOf, type Ground } from './ground.ts';
import { Gate } from './http/gate.ts';
import { RateLimit } from './http/rate-limit.ts';
import { RequestLog } from './http/request-log.ts';
import { newWorld } from './new-world.ts';
import type { HookPost } from './hooks/hook-post.ts';
import type { Settings } from './options.ts';
import { Organizations } from './organizations.ts';
import type { World } from './world.ts';

/** All that stands behind one server. */
export interface Realm {
  readonly ground: Ground;
  readonly organizations: Organizations;
  readonly gate: Gate;
  /** How walks through lists began, for the faults of cursors. */
  readonly walks: Walks;
  /** Requests to the API, refused ones too. */
  readonly requests: { count: number };
  readonly requestLog: RequestLog;
  /** Where the server listens; known once it does. */
  readonly place: { origin: string };
  /** Changes a second in each organisation that wakes up. */
  readonly pace: { rate: number };
  readonly stop: () => void;
}

/** `hookPost`: another way for webhooks than HTTP. */
export function realmOf(settings: Settings, hookPost?: () => HookPost): Realm {
  const stopping = new AbortController();
  const ground = groundOf(settings, stopping.signal, hookPost);
  const place = { origin: '' };
  const pace = { rate: 0 };
  const { clock, windowMs, windows: kind, windowPhaseMs: phaseMs } = settings;
  const limitOf = (perWindow: number): RateLimit => new RateLimit(clock, perWindow, { kind, windowMs, phaseMs });
  const make = (organization: Parameters<typeof newWorld>[1]): World => {
    const world = newWorld(ground, organization);
    world.links.origin = place.origin;
    world.life.setRate(pace.rate);
    return world;
  };
  return {
    ground,
    organizations: new Organizations(settings.seed, settings.organizations, make),
    gate: new Gate(limitOf(settings.requestsPerMinute), limitOf(settings.organisationRequestsPerMinute)),
    walks: new Walks(),
    requests: { count: 0 },
    requestLog: new RequestLog(settings.requestLog),
    place,
    pace,
    stop: () => stopping.abort(),
  };
}
