/**
 *   POST /_sandbox/events  {"type": "USER_LOGIN_SUCCESS", "body": {"userId": 1, "method": "EMAIL"}}: tells the webhooks of
 *                          something that only people cause in MaintainX, such as logins, roles and invite links
 */
import { isObject, objectOf } from '../../base/json.ts';
import { isHookEvent, SPECIFICATION } from '../../maintainx/catalogue/index.ts';
import { complaintsAbout } from '../../maintainx/specification/index.ts';
import { announce, isoNow } from '../plant/plant.ts';
import { textOf } from '../plant/row.ts';
import type { Realm } from '../realm.ts';
import { badFields, fieldError, type Answer } from './answer.ts';
import { asJson, worldIn, type ControlRequest } from './control-request.ts';
import { jsonFrom } from './request.ts';

export function eventsAnswer(realm: Realm, { route, url, bytes }: ControlRequest): Answer | undefined {
  if (route !== 'POST /events') return undefined;
  const { plant, integrationUserId } = worldIn(realm, url);
  const request = jsonFrom(bytes);
  const told = isObject(request) ? request : {};
  const type = textOf(told['type']);
  if (!isHookEvent(type)) throw badFields([fieldError('is no event type', 'type', told['type'])]);
  const body = objectOf(told['body']);
  // What every body carries is added when it is sent.
  const whole = { orgId: plant.organizationId, occurredAt: isoNow(plant), triggeredAt: isoNow(plant), ...body };
  const complaints = complaintsAbout(SPECIFICATION.events[type], whole, { shapes: SPECIFICATION.shapes });
  if (complaints.length > 0)
    throw badFields(complaints.map(({ path, error, value }) => fieldError(error, `body.${path}`, value)));
  announce(plant, { userId: integrationUserId, quiet: false }, { type, body });
  return asJson({ type, body });
}
