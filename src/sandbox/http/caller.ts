import type { IncomingHttpHeaders } from 'node:http';
import type { Organization, OrganizationSeed } from '../organization.ts';
import type { KeyOwner } from '../organizations.ts';
import type { Realm } from '../realm.ts';
import type { Answer } from './answer.ts';
import type { Matched } from './operation.ts';
import { INVALID_TOKEN, NO_TOKEN } from './words.ts';

/** Who asks, and about which organisations; the first is the one in which he acts. */
export interface Caller {
  /** Undefined: the integration user. */
  readonly userId: number | undefined;
  /** `nobody`: has no key, and needs none. */
  readonly as: 'user' | 'everywhere' | 'nobody';
  readonly about: readonly [OrganizationSeed, ...OrganizationSeed[]];
  /** Whether the answer is to be one list of all of them. */
  readonly isMerged: boolean;
  /** Those that his key opens. */
  readonly organizations: readonly Organization[];
}

type Verdict = Caller | { readonly refused: Answer };

const INVALID: Verdict = { refused: INVALID_TOKEN };

/** The caller by his key and by the headers that name organisations (FACTS 2.1). */
export function callerOf(realm: Realm, headers: IncomingHttpHeaders, matched: Matched | undefined): Verdict {
  const token = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) return matched?.shape.open === true ? nobody(realm, matched) : { refused: NO_TOKEN };
  const owner = realm.organizations.ownerOf(token);
  if (owner === undefined) return INVALID;
  const named = namedIn(headers, matched);
  if (named.isBoth)
    return { refused: badRequest('x-organization-id and x-organization-ids cannot be used at the same time.') };
  return owner === 'everywhere' ? everywhere(realm, named, matched) : inside(realm, owner, named);
}

interface Named {
  readonly isBoth: boolean;
  readonly one: string | undefined;
  /** Only where the operation takes several. */
  readonly several: readonly string[] | undefined;
}

function namedIn(headers: IncomingHttpHeaders, matched: Matched | undefined): Named {
  const [one, several] = [headers['x-organization-id'], headers['x-organization-ids']].map((value) =>
    value?.toString(),
  );
  const takesSeveral = matched?.shape.parameters.some(({ name }) => name === 'x-organization-ids') === true;
  return {
    isBoth: one !== undefined && several !== undefined,
    one,
    several: takesSeveral ? several?.split(',').map((id) => id.trim()) : undefined,
  };
}

/** A key of one organisation: naming another is refused; naming its own is too where MaintainX is strict. */
function inside(realm: Realm, owner: Exclude<KeyOwner, 'everywhere'>, { one, several }: Named): Verdict {
  const { organization, userId } = owner;
  const named = [...(one === undefined ? [] : [one]), ...(several ?? [])];
  if (named.length > 0 && realm.ground.settings.strictOrganizationHeader) return INVALID;
  if (named.some((id) => id !== String(organization.id))) return INVALID;
  const { plant, integrationUserId } = realm.organizations.world(organization);
  if (plant.store.get('user', userId ?? integrationUserId) === undefined) return INVALID;
  return { userId, as: 'user', about: [organization], isMerged: false, organizations: [organization] };
}

function everywhere(realm: Realm, { one, several }: Named, matched: Matched | undefined): Verdict {
  const { all } = realm.organizations;
  const isMerged = several !== undefined;
  const whole = { userId: undefined, as: 'everywhere', isMerged, organizations: all } as const;
  if (one === undefined && several === undefined) {
    if (matched?.name === 'listOrganizations') return { ...whole, about: [realm.organizations.first] };
    return { refused: badRequest('Missing x-organization-id header.') };
  }
  const named = [...new Set(several ?? [one ?? ''])].map((id) => realm.organizations.find(idFrom(id)));
  const [first, ...others] = named.filter((organization) => organization !== undefined);
  if (first === undefined || named.includes(undefined)) return INVALID;
  return { ...whole, about: [first, ...others] };
}

/** Without a key only the id in the path tells the organisation: no two have one in common. */
function nobody({ organizations }: Realm, { params }: Matched): Caller {
  const id = idFrom(params['id'] ?? '');
  const owner = organizations.awake().find(({ plant }) => plant.store.get('work-permit', id) !== undefined);
  const organization = organizations.find(owner?.organization.id ?? 0) ?? organizations.first;
  return { userId: undefined, as: 'nobody', about: [organization], isMerged: false, organizations: [] };
}

const idFrom = (text: string): number => (/^\d{1,15}$/.test(text) ? Number(text) : 0);

const badRequest = (error: string): Answer => ({ status: 400, json: { errors: [{ error }] } });
