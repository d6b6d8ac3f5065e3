import { sha256 } from '../base/hash.ts';

/** An organisation behind the sandbox, whether or not anything happened in it yet. */
export interface Organization {
  readonly id: number;
  readonly name: string;
  /** Key of its integration user; `<key>-<user id>` is a key of any other user. For this organisation only. */
  readonly apiKey: string;
}

/** What an organisation's plant is made from. */
export interface OrganizationSeed extends Organization {
  readonly seed: number;
  /** Added to every id, so that no two organisations have one in common. */
  readonly firstId: number;
}

/** Apart enough for the largest plant, and 500 of them still fit into 31 bits. */
const ID_STRIDE = 3_000_000;

const SITES = ['Packaging Plant', 'Dairy', 'Bakery', 'Brewery', 'Cold Store', 'Mill', 'Cannery', 'Depot', 'Workshop'];

/** The organisation of this number, from 0: always the same for the same seed. */
export function organizationAt(sandboxSeed: number, index: number): OrganizationSeed {
  const seed = sandboxSeed + index * 7919;
  const round = Math.floor(index / SITES.length);
  return {
    id: 99_410 + sandboxSeed + index,
    name: `Harbour Foods ${SITES[index % SITES.length] ?? ''}${round === 0 ? '' : ` ${round + 1}`}`,
    apiKey: keyFrom('api-key', seed),
    seed,
    firstId: index * ID_STRIDE,
  };
}

/** The key of one user in all organisations. */
export const multiOrganizationKeyOf = (seed: number): string => keyFrom('multi-organization-key', seed);

const keyFrom = (...words: readonly (string | number)[]): string =>
  `sandbox-key-${sha256(...words.map(String))
    .toString('hex')
    .slice(0, 24)}`;
