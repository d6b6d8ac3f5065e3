import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.ts';
import type { Plant } from '../plant/plant.ts';
import type { RateLimit, Window } from './rate-limit.ts';

/** Who asks: a user of the plant, or why he is turned away. */
export type Caller = { readonly userId: number } | { readonly refused: Answer };

/**
 * The integration user's key, or `<that key>-<user id>` for any other user of the plant.
 * Without a usable token MaintainX answers text, with a wrong one JSON (FACTS 2.1).
 */
export function callerOf(
  plant: Plant,
  headers: IncomingHttpHeaders,
  apiKey: string,
  integrationUserId: number,
): Caller {
  const token = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) return { refused: { status: 401, text: 'Invalid authentication token' } };
  const invalid: Caller = { refused: { status: 401, json: { error: 'Invalid token' } } };
  const organization = headers['x-organization-id'];
  if (organization !== undefined && organization !== String(plant.organizationId)) return invalid;
  if (token === apiKey) return { userId: integrationUserId };
  const userId = token.startsWith(`${apiKey}-`) ? Number(token.slice(apiKey.length + 1)) : 0;
  return plant.store.get('user', userId) === undefined ? invalid : { userId };
}

/** Both limits: of the user and of his organisation. */
export class Gate {
  readonly perUser: RateLimit;
  readonly perOrganisation: RateLimit;

  constructor(perUser: RateLimit, perOrganisation: RateLimit) {
    this.perUser = perUser;
    this.perOrganisation = perOrganisation;
  }

  /** Counts the request, or gives the 429. */
  enter(user: string): Answer | undefined {
    if (!this.perUser.hasRoom(user)) return tooMany(this.perUser.window(user));
    if (!this.perOrganisation.hasRoom(ORGANISATION)) return tooMany(this.perOrganisation.window(ORGANISATION));
    this.perUser.count(user);
    this.perOrganisation.count(ORGANISATION);
    return undefined;
  }

  /** The headers of every answer, from the limit that is nearer to its end. None when both limits are off. */
  headers(user: string): Record<string, string> {
    const window = this.#tightest(user);
    if (window === undefined) return {};
    return {
      'X-Rate-Limit-Limit': String(window.limit),
      'X-Rate-Limit-Remaining': String(remaining(window)),
      'X-Rate-Limit-Reset': String(window.resetSeconds),
    };
  }

  #tightest(user: string): Window | undefined {
    const windows = [
      ...(this.perUser.isUnlimited ? [] : [this.perUser.window(user)]),
      ...(this.perOrganisation.isUnlimited ? [] : [this.perOrganisation.window(ORGANISATION)]),
    ];
    return windows.sort((left, right) => remaining(left) - remaining(right))[0];
  }
}

const ORGANISATION = 'organisation';
const remaining = (window: Window): number => Math.max(0, window.limit - window.used);

const tooMany = (window: Window): Answer => ({
  status: 429,
  json: { error: `Too many requests. Please retry in ${window.resetSeconds} seconds` },
});
