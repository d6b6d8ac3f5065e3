import type { OrganizationSeed } from '../organization.ts';
import type { Realm } from '../realm.ts';
import type { World } from '../world.ts';
import { refused, type Answer } from './answer.ts';

/** A request to the control API. */
export interface ControlRequest {
  /** E.g. `GET /stats`. */
  readonly route: string;
  readonly url: URL;
  readonly bytes: Uint8Array;
}

export const asJson = (value: unknown): Answer => ({
  status: 200,
  text: JSON.stringify(value),
  contentType: 'application/json; charset=utf-8',
});

/** The organisation that the query names, if it names one. */
export function organizationIn({ organizations }: Realm, url: URL): OrganizationSeed | undefined {
  const id = url.searchParams.get('organization');
  if (id === null) return undefined;
  const found = organizations.find(Number(id));
  if (found === undefined) throw refused(404, `no such organization: ${id}`);
  return found;
}

/** That one, or the first. */
export const worldIn = (realm: Realm, url: URL): World =>
  realm.organizations.world(organizationIn(realm, url) ?? realm.organizations.first);
