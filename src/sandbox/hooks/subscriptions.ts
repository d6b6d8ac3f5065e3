import type { Json, JsonObject } from '../../base/json.ts';
import type { HookEvent } from '../../maintainx/catalogue/index.ts';
import type { Announcement } from '../plant/plant.ts';
import { listOf } from '../plant/row.ts';

/** One event type to one URL, with a secret of its own. */
export interface Subscription {
  readonly id: number;
  readonly type: HookEvent;
  readonly url: string;
  readonly secret: string;
  readonly status: 'VALID' | 'PENDING_APPROVAL';
  readonly options: JsonObject;
  readonly filters: JsonObject;
  /** The user who made it. */
  readonly creatorId: number;
}

export class Subscriptions {
  readonly #byId = new Map<number, Subscription>();

  set(subscription: Subscription): void {
    this.#byId.set(subscription.id, subscription);
  }

  get(id: number): Subscription | undefined {
    return this.#byId.get(id);
  }

  delete(id: number): void {
    this.#byId.delete(id);
  }

  all(): readonly Subscription[] {
    return [...this.#byId.values()];
  }

  /** Those that are to be told. One that waits for approval gets nothing. */
  for(announcement: Announcement): readonly Subscription[] {
    return this.all().filter(
      (subscription) =>
        subscription.type === announcement.type &&
        subscription.status === 'VALID' &&
        passesFilters(subscription.filters, announcement),
    );
  }
}

/** Every filter given must name one of the event's words, or its field of that name; an empty list filters nothing. */
function passesFilters(filters: JsonObject, announcement: Announcement): boolean {
  return Object.entries(filters).every(([name, wanted]) => {
    const words: readonly Json[] = announcement.matches?.[name] ?? [announcement.body[name] ?? null];
    const list = Array.isArray(wanted) ? listOf(wanted) : [wanted];
    return list.length === 0 || list.some((word) => words.includes(word));
  });
}
