import type { Answer } from './answer.ts';
import type { RateLimit, Window } from './rate-limit.ts';
import { tooMany } from './words.ts';

/** Who enters: a user, by his id or by the name of his key, and the organisations that he asks about. */
export interface Visitor {
  readonly user: string;
  readonly organizations: readonly string[];
}

/** Both limits: of a user, across all his organisations, and of each organisation (FACTS 2.2). */
export class Gate {
  readonly #perUser: RateLimit;
  readonly #perOrganisation: RateLimit;

  constructor(perUser: RateLimit, perOrganisation: RateLimit) {
    this.#perUser = perUser;
    this.#perOrganisation = perOrganisation;
  }

  /** Counts the request, or gives the 429. */
  enter(visitor: Visitor): Answer | undefined {
    if (!this.#perUser.hasRoom(visitor.user)) return tooMany(this.#perUser.window(visitor.user).resetSeconds);
    const full = visitor.organizations.find((id) => !this.#perOrganisation.hasRoom(id));
    if (full !== undefined) return tooMany(this.#perOrganisation.window(full).resetSeconds);
    this.#perUser.count(visitor.user);
    for (const id of visitor.organizations) this.#perOrganisation.count(id);
    return undefined;
  }

  /** The headers of every answer, from the limit that is nearest to its end. None when both limits are off. */
  headers(visitor: Visitor): Record<string, string> {
    const window = this.#tightest(visitor);
    if (window === undefined) return {};
    return {
      'X-Rate-Limit-Limit': String(window.limit),
      'X-Rate-Limit-Remaining': String(remaining(window)),
      'X-Rate-Limit-Reset': String(window.resetSeconds),
    };
  }

  /** Windows of users. */
  windows(): ReadonlyMap<string, Window> {
    return this.#perUser.windows();
  }

  #tightest({ user, organizations }: Visitor): Window | undefined {
    const windows = [
      ...(this.#perUser.isUnlimited ? [] : [this.#perUser.window(user)]),
      ...(this.#perOrganisation.isUnlimited ? [] : organizations.map((id) => this.#perOrganisation.window(id))),
    ];
    return windows.sort((left, right) => remaining(left) - remaining(right))[0];
  }
}

const remaining = (window: Window): number => Math.max(0, window.limit - window.used);
