import { multiOrganizationKeyOf, organizationAt, type OrganizationSeed } from './organization.ts';
import type { World } from './world.ts';

/** Whose key it is: a user of one organisation, or of all. */
export type KeyOwner = { readonly organization: OrganizationSeed; readonly userId: number | undefined } | 'everywhere';

/** All organisations of a sandbox. The plant of each is made when it is first needed. */
export class Organizations {
  readonly all: readonly OrganizationSeed[];
  readonly multiOrganizationKey: string;
  readonly #make: (seed: OrganizationSeed) => World;
  readonly #byKey: ReadonlyMap<string, OrganizationSeed>;
  readonly #byId: ReadonlyMap<number, OrganizationSeed>;
  readonly #worlds = new Map<number, World>();

  constructor(seed: number, count: number, make: (seed: OrganizationSeed) => World) {
    this.all = Array.from({ length: count }, (_, index) => organizationAt(seed, index));
    this.multiOrganizationKey = multiOrganizationKeyOf(seed);
    this.#make = make;
    this.#byKey = new Map(this.all.map((one) => [one.apiKey, one]));
    this.#byId = new Map(this.all.map((one) => [one.id, one]));
  }

  /** There is always one. */
  get first(): OrganizationSeed {
    const [first] = this.all;
    if (first === undefined) throw new Error('a sandbox without organisations');
    return first;
  }

  find(id: number): OrganizationSeed | undefined {
    return this.#byId.get(id);
  }

  /** The organisation with its plant. */
  world(organization: OrganizationSeed): World {
    const found = this.#worlds.get(organization.id);
    if (found !== undefined) return found;
    const world = this.#make(organization);
    this.#worlds.set(organization.id, world);
    return world;
  }

  /** Those that have a plant by now. */
  awake(): readonly World[] {
    return [...this.#worlds.values()];
  }

  ownerOf(key: string): KeyOwner | undefined {
    if (key === this.multiOrganizationKey) return 'everywhere';
    const organization = this.#byKey.get(key);
    if (organization !== undefined) return { organization, userId: undefined };
    const [, ofIntegration = '', userId] = /^(.+)-(\d{1,12})$/.exec(key) ?? [];
    const other = this.#byKey.get(ofIntegration);
    return other === undefined ? undefined : { organization: other, userId: Number(userId) };
  }
}
