import type { JsonObject } from '../../base/json.ts';
import type { Announcement } from '../plant/plant.ts';
import { onlyFiltered } from './filtered-properties.ts';
import type { Subscription } from './subscriptions.ts';

export interface Occasion {
  readonly organizationId: number;
  readonly occurredAt: string;
  /** Whether the body says which event it tells of. */
  readonly namesEvent: boolean;
}

/** The body that goes to one subscription: ids and little else, unless it asked for the entity (FACTS 1.3). */
export function hookBody(subscription: Subscription, announcement: Announcement, occasion: Occasion): string {
  const { snapshot } = announcement;
  const { options, filters } = subscription;
  const wantsEntity = options['serializeEntity'] === true || options['serializePurchaseOrder'] === true;
  const entity = snapshot !== undefined && wantsEntity ? snapshot.value() : undefined;
  const shown =
    entity !== undefined && options['onlySerializeFilteredProperties'] === true
      ? onlyFiltered(entity, filters)
      : entity;
  return JSON.stringify({
    ...(occasion.namesEvent ? { eventType: announcement.type } : {}),
    ...rootOf(announcement, occasion),
    ...(occasion.namesEvent ? { customerId: null } : {}),
    ...(snapshot !== undefined && shown !== undefined ? { [snapshot.key]: shown } : {}),
  });
}

/** PART_TRANSFER says when as `triggeredAt`, and names the organisations of its two sides only (FACTS 1.3). */
function rootOf({ type, body }: Announcement, { organizationId, occurredAt }: Occasion): JsonObject {
  if (type === 'PART_TRANSFER') return { triggeredAt: occurredAt, ...body };
  return { ...body, orgId: organizationId, occurredAt };
}
