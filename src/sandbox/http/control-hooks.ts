/**
 *   GET  /_sandbox/subscriptions               subscriptions with type, url, secret, status, and how deliveries went
 *   POST /_sandbox/subscriptions/{id}/approve  makes one that waits for approval VALID
 *   GET  /_sandbox/hooks                       how webhooks are sent, see `HookManner`
 *   PUT  /_sandbox/hooks                       {"eventTypeInHooks": "always", "approveSubscriptions": false}; either or both
 */
import { complaintsAbout, type Shape } from '../../maintainx/specification/index.ts';
import { objectOf, type JsonObject } from '../../base/json.ts';
import { EVENT_TYPE_IN_HOOKS, isEventTypeInHooks } from '../hooks/hook-manner.ts';
import type { Subscription } from '../hooks/subscriptions.ts';
import type { Tally } from '../hooks/tallies.ts';
import type { Realm } from '../realm.ts';
import type { World } from '../world.ts';
import { badFields, fieldError, refused, type Answer } from './answer.ts';
import { asJson, organizationIn, worldIn, type ControlRequest } from './control-request.ts';
import { jsonFrom } from './request.ts';

export function hooksAnswer(realm: Realm, request: ControlRequest): Answer | undefined {
  const { route, url, bytes } = request;
  const approved = /^POST \/subscriptions\/(\d+)\/approve$/.exec(route)?.[1];
  if (approved !== undefined) return approvalAnswer(realm, Number(approved));
  switch (route) {
    case 'GET /subscriptions':
      return asJson(subscriptionsOf(realm, organizationIn(realm, url) && worldIn(realm, url)));
    case 'GET /hooks':
      return asJson(realm.ground.manner);
    case 'PUT /hooks':
      return mannerAnswer(realm, objectOf(jsonFrom(bytes)));
    default:
      return undefined;
  }
}

/** A subscription as the sandbox shows it. MaintainX has no list of them (FACTS 1.2). */
export interface SubscriptionState extends Tally, Pick<Subscription, 'id' | 'type' | 'url' | 'secret' | 'status'> {
  readonly organizationId: number;
}

/** Of one organisation, or of all. */
export function subscriptionsOf({ organizations }: Realm, only?: World): readonly SubscriptionState[] {
  const worlds = only === undefined ? organizations.awake() : [only];
  return worlds.flatMap(({ organization, subscriptions, deliveries }) =>
    subscriptions.all().map(({ id, type, url, secret, status }) => ({
      id,
      organizationId: organization.id,
      type,
      url,
      secret,
      status,
      ...deliveries.tallies.of(id),
    })),
  );
}

/** Whether there was such a subscription. */
export function approve({ organizations }: Realm, subscriptionId: number): boolean {
  for (const { subscriptions } of organizations.awake()) {
    const found = subscriptions.get(subscriptionId);
    if (found === undefined) continue;
    subscriptions.set({ ...found, status: 'VALID' });
    return true;
  }
  return false;
}

function approvalAnswer(realm: Realm, id: number): Answer {
  if (!approve(realm, id)) throw refused(404, `no such subscription: ${id}`);
  return asJson({ id, status: 'VALID' });
}

const MANNER: Shape = {
  type: 'object',
  properties: {
    eventTypeInHooks: { type: 'string', enum: EVENT_TYPE_IN_HOOKS },
    approveSubscriptions: { type: 'boolean' },
  },
  additionalProperties: false,
};

function mannerAnswer({ ground: { manner } }: Realm, body: JsonObject): Answer {
  const complaints = complaintsAbout(MANNER, body, { shapes: {} });
  if (complaints.length > 0)
    throw badFields(complaints.map(({ path, error, value }) => fieldError(error, path, value)));
  const { eventTypeInHooks, approveSubscriptions } = body;
  if (isEventTypeInHooks(eventTypeInHooks)) manner.eventTypeInHooks = eventTypeInHooks;
  if (typeof approveSubscriptions === 'boolean') manner.approveSubscriptions = approveSubscriptions;
  return asJson(manner);
}
