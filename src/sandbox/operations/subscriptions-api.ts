import { isObject, objectOf, type Json } from '../../base/json.ts';
import { isHookEvent, type HookEvent } from '../../maintainx/catalogue/index.ts';
import { badFields, fieldError, refused, type Answer, type FieldError } from '../http/answer.ts';
import { idIn } from './handler.ts';
import type { ApiRequest } from '../http/request.ts';
import { textOf } from '../plant/row.ts';
import type { Subscription } from '../hooks/subscriptions.ts';
import { announce } from '../plant/plant.ts';
import type { World } from '../world.ts';

/** There is no list: who forgets an id never sees the subscription again (FACTS 1.2). */

export function postSubscription(world: World, request: ApiRequest): Answer {
  const { type, url } = checked(request.body, true);
  if (type === undefined || url === undefined) throw badFields([{ error: 'must be object' }]);
  const body = objectOf(request.body);
  const id = world.plant.store.nextId('subscription');
  const subscription: Subscription = {
    id,
    type,
    url,
    secret: world.secretOf(id),
    status: 'VALID',
    options: objectOf(body['options']),
    filters: objectOf(body['filters']),
  };
  world.subscriptions.set(subscription);
  announce(world.plant, request.act, {
    type: 'WEBHOOK_CREATED',
    body: { actorId: request.act.userId, webhookId: subscription.id, webhookType: type, url },
  });
  return { status: 201, json: { id: subscription.id, status: subscription.status, secret: subscription.secret } };
}

export function getSubscription(world: World, request: ApiRequest): Answer {
  return shown(need(world, request, 'Not Found.'));
}

export function getSubscriptionSecret(world: World, request: ApiRequest): Answer {
  return { status: 200, json: { secret: need(world, request, 'Not Found.').secret } };
}

export function patchSubscription(world: World, request: ApiRequest): Answer {
  const subscription = need(world, request, 'subscription Not Found');
  const { type, url } = checked(request.body, false);
  const edited = { ...subscription, type: type ?? subscription.type, url: url ?? subscription.url };
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

interface Wanted {
  readonly type?: HookEvent;
  readonly url?: string;
}

function checked(body: Json | undefined, isNew: boolean): Wanted {
  if (!isObject(body)) throw badFields([{ error: 'must be object' }]);
  const allowed = isNew ? ['type', 'url', 'options', 'filters'] : ['type', 'url'];
  const errors: FieldError[] = Object.keys(body)
    .filter((field) => !allowed.includes(field))
    .map((field) => fieldError('is not allowed', field, body[field]));
  for (const field of isNew ? ['type', 'url'] : [])
    if (body[field] === undefined) errors.push({ error: `must have required property '${field}'`, fieldPath: field });
  const [type, url] = [textOf(body['type']), textOf(body['url'])];
  if (body['type'] !== undefined && !isHookEvent(type))
    errors.push(fieldError('is no event type', 'type', body['type']));
  if (body['url'] !== undefined) errors.push(...complaintsAboutUrl(url, body['url']));
  if (errors.length > 0) throw badFields(errors);
  return { ...(isHookEvent(type) ? { type } : {}), ...(url === '' ? {} : { url }) };
}

function complaintsAboutUrl(url: string, value: Json): FieldError[] {
  if (url.length > 512) return [fieldError('must NOT have more than 512 characters', 'url', value)];
  const isHttp = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  return isHttp ? [] : [fieldError('must be a http(s) URL', 'url', value)];
}
