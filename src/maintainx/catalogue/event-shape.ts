import { SPECIFICATION } from '../generated/specification.ts';
import type { Shape } from '../specification/index.ts';
import type { HookEvent } from './events.ts';
import { resolved } from './resources.ts';

/** What the specification says of one event: `#/x-webhooks/<event>` and its subscription at `POST /subscriptions`. */
export interface EventShape {
  readonly fields: readonly string[];
  readonly required: readonly string[];
  /** Filters that a subscription to it takes, e.g. `oneOfStatuses`. */
  readonly filters: readonly string[];
  /** Options that a subscription to it takes, e.g. `serializeEntity`. */
  readonly options: readonly string[];
}

const keysOf = (shape: Shape | undefined): readonly string[] => Object.keys(resolved(shape ?? {}).properties ?? {});

/** The member of the subscription's body for this event. */
function subscriptionShape(event: HookEvent): Shape {
  const { body } = SPECIFICATION.operations.createSubscription;
  const members = body !== undefined && 'json' in body ? (resolved(body.json).oneOf ?? []).map(resolved) : [];
  return members.find((member) => member.properties?.['type']?.enum?.includes(event) === true) ?? {};
}

export function eventShape(event: HookEvent): EventShape {
  const payload = resolved(SPECIFICATION.events[event]);
  const { properties } = subscriptionShape(event);
  return {
    fields: keysOf(payload),
    required: payload.required ?? [],
    filters: keysOf(properties?.['filters']),
    options: keysOf(properties?.['options']),
  };
}
