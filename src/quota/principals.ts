import type { Clock } from '../base/clock.ts';
import type { Gate, QuotaRule } from '../maintainx/index.ts';
import { createGovernor, type Governor, type QuotaUse } from './governor.ts';
import { withinWindows, type Principals } from './long-windows.ts';
import type { QuotaShelf } from './shelf.ts';

export interface QuotaOptions {
  readonly perUser: QuotaRule;
  readonly perOrganization: QuotaRule;
  readonly holder: string;
  readonly shelf: QuotaShelf;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The governors of this process, one a principal. */
export interface Quota {
  /** Lets a request through when the user and the organisation have a place for it. */
  gateOf(principals: Principals): Gate;
  /** The user's governor. */
  governorOf(principals: Principals): Governor;
  /** Of all users in whose names this process sent. */
  use(): readonly QuotaUse[];
}

export function createQuota({ perUser, perOrganization, ...shared }: QuotaOptions): Quota {
  const users = new Map<string, Governor>();
  const organizations = new Map<string, Governor>();
  const governorIn = (
    governors: Map<string, Governor>,
    principal: string,
    rule: QuotaRule,
    name: string = principal,
    holder: string = shared.holder,
  ): Governor => {
    const made = governors.get(name) ?? createGovernor({ ...shared, holder, principal, rule });
    governors.set(name, made);
    return made;
  };
  // Who has a share of its own counts in the same window as the others, and stops when that is as full as its share.
  const governorOf = ({ user, share }: Principals): Governor =>
    share === undefined
      ? governorIn(users, user, perUser)
      : governorIn(users, user, { ...perUser, share }, `${user} ${share}`, `${shared.holder} ${share}`);
  return {
    governorOf,
    gateOf: (principals) => {
      const user = governorOf(principals);
      const organization = governorIn(organizations, principals.organization, perOrganization);
      const sendWithin: Gate = (lane, send) => user.gate(lane, () => organization.gate(lane, send));
      return (lane, send, windows = []) =>
        windows.length === 0
          ? sendWithin(lane, send)
          : withinWindows(shared, principals, windows, send, (noted) => sendWithin(lane, noted));
    },
    use: () => [...users.values()].map((governor) => governor.use()),
  };
}
