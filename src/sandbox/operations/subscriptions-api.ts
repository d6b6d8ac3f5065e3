import { objectOf, type Json } from '../../base/json.ts';
import { isHookEvent, resolved, SPECIFICATION, type HookEvent } from '../../maintainx/catalogue/index.ts';
import { complaintsAbout, type Complaint, type Shape } from '../../maintainx/specification/index.ts';
import { badFields, fieldError, refused, type Answer, type FieldError } from '../http/answer.ts';
import { idIn } from './handler.ts';
import type { ApiRequest } from '../http/request.ts';
import { textOf } from '../plant/row.ts';
import type { Subscription } from '../hooks/subscriptions.ts';
import { announce } from '../plant/plant.ts';
import type { World } from '../world.ts';

/** There is no list: who forgets an id never sees the subscription again (FACTS 1.2). */

export function postSubscription(world: World, request: ApiRequest): Answer {
  const body = objectOf(request.body);
  const [type, url] = [textOf(body['type']), textOf(body['url'])];
  if (!isHookEvent(type)) throw badFields([fieldError('is no event type', 'type', body['type'])]);
  refuseAny([...eventComplaints(type, body), ...urlComplaints(url)]);
  const id = world.plant.store.nextId('subscription');
  const subscription: Subscription = {
    id,
    type,
    url,
    secret: world.secretOf(id),
    status: world.manner.approveSubscriptions ? 'VALID' : 'PENDING_APPROVAL',
    options: objectOf(body['options']),
    filters: objectOf(body['filters']),
    creatorId: request.act.userId,
  };
  world.subscriptions.set(subscription);
  announce(world.plant, request.act, {
    type: 'WEBHOOK_CREATED',
    body: { actorId: request.act.userId, webhookId: id, webhookType: type, url },
  });
  return { status: 201, json: { id, status: subscription.status, secret: subscription.secret } };
}

export function getSubscription(world: World, request: ApiRequest): Answer {
  return shown(need(world, request, 'Not Found.'));
}

export function getSubscriptionSecret(world: World, request: ApiRequest): Answer {
  return { status: 200, json: { secret: need(world, request, 'Not Found.').secret } };
}

/** Options and filters belong to the event: with another event they are gone. */
export function patchSubscription(world: World, request: ApiRequest): Answer {
  const subscription = need(world, request, 'subscription Not Found');
  const body = objectOf(request.body);
  const [type, url] = [body['type'] ?? subscription.type, textOf(body['url'] ?? subscription.url)];
  if (typeof type !== 'string' || !isHookEvent(type)) throw badFields([fieldError('is no event type', 'type', type)]);
  refuseAny(urlComplaints(url));
  const kept = type === subscription.type ? {} : { options: {}, filters: {} };
  const edited: Subscription = { ...subscription, ...kept, type, url };
  world.subscriptions.set(edited);
  return shown(edited);
}

export function deleteSubscription(world: World, request: ApiRequest): Answer {
  const subscription = need(world, request, 'subscription Not Found');
  world.subscriptions.delete(subscription.id);
  announce(world.plant, request.act, {
    type: 'WEBHOOK_ARCHIVED',
    body: { actorId: request.act.userId, webhookId: subscription.id },
  });
  return { status: 204 };
}

const shown = ({ id, type, url, status }: Subscription): Answer => ({
  status: 200,
  json: { subscription: { id, type, url, status } },
});

function need(world: World, request: ApiRequest, message: string): Subscription {
  const found = world.subscriptions.get(idIn(request));
  if (found === undefined) throw refused(404, message);
  return found;
}

function refuseAny(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw badFields(errors);
}

/** Each event takes options and filters of its own, many take none. */
function eventComplaints(type: HookEvent, body: Readonly<Record<string, Json>>): readonly FieldError[] {
  const member = memberOf(type);
  if (member === undefined) return [];
  const inside = ['options', 'filters'].flatMap((name) => {
    const shape = member.properties?.[name];
    if (shape === undefined || body[name] === undefined) return [];
    return complaintsAbout(shape, body[name], CHECK).map((one) => ({ ...one, path: `${name}.${one.path}` }));
  });
  const rest = Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'options' && name !== 'filters'));
  const given = Object.keys(body).filter((name) => member.properties?.[name] === undefined);
  const unknown = given.map((path): Complaint => ({ path, error: 'is not allowed' }));
  return [...unknown, ...inside, ...complaintsAbout(member, rest, { shapes: SPECIFICATION.shapes })].map(
    ({ path, error, value }) => fieldError(error, path, value),
  );
}

const CHECK = { shapes: SPECIFICATION.shapes, refusesUnknown: true };

function memberOf(type: HookEvent): Shape | undefined {
  const { body } = SPECIFICATION.operations.createSubscription;
  const shape = body !== undefined && 'json' in body ? resolved(body.json) : undefined;
  return shape?.oneOf?.map((one) => resolved(one)).find(({ properties }) => properties?.['type']?.enum?.includes(type));
}

/** FACTS 1.2: 512 characters at most. */
function urlComplaints(url: string): FieldError[] {
  if (url.length > 512) return [fieldError('must NOT have more than 512 characters', 'url', url)];
  const isHttp = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  return isHttp ? [] : [fieldError('must be a http(s) URL', 'url', url)];
}
