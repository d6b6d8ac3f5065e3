import { objectOf, type Json, type JsonObject } from '../../src/base/json.ts';
import { seededRandom, type Random } from '../../src/base/random.ts';
import { edited, listOf, type Keys } from './edit.ts';
import { dotted, sitesIn, type Site, type Sites } from './sites.ts';

/** A difference that must be named: where, what of it, how, from what to what. */
export interface Expected {
  readonly owner: string;
  readonly part: string;
  readonly field: string;
  readonly verb: 'added' | 'removed' | 'changed';
  readonly aspect: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** A document in which one thing was changed, and the differences that there must be: these and no others. */
export interface Mutation {
  readonly kind: string;
  readonly document: Json;
  readonly expected: readonly Expected[];
}

type Outcome = Omit<Mutation, 'kind'>;
interface Ground {
  readonly document: Json;
  readonly sites: Sites;
  readonly random: Random;
}
type Mutate = (ground: Ground) => Outcome;

/** The same mutations for the same document and seed, each of the pristine document, all kinds in turn. */
export function mutationsOf(document: Json, count: number, seed: number): readonly Mutation[] {
  const ground = { document, sites: sitesIn(document), random: seededRandom(seed) };
  const kinds = Object.entries(KINDS);
  return Array.from({ length: count }, (_, index) => kinds[index % kinds.length]).flatMap((entry) =>
    entry === undefined ? [] : [{ kind: entry[0], ...entry[1](ground) }],
  );
}

export const KINDS: Readonly<Record<string, Mutate>> = {
  'field added': (ground) => {
    const { keys, ...where } = pick(ground.sites.objects, ground);
    const change = set(ground, [...keys, 'properties', FRESH], { type: 'string' });
    return outcome(change, { ...at(where, FRESH), verb: 'added', aspect: 'field', after: { type: 'string' } });
  },
  'field removed': (ground) => {
    const { site, name } = pickField(ground, () => true);
    const document = withoutField(ground.document, site, name);
    return outcome(document, { ...at(site, name), verb: 'removed', aspect: 'field' });
  },
  'field renamed': (ground) => {
    const { site, name, shape } = pickField(ground, () => true);
    const without = withoutField(ground.document, site, name);
    const document = edited(without, [...site.keys, 'properties', FRESH], () => shape);
    return outcome(
      document,
      { ...at(site, name), verb: 'removed', aspect: 'field' },
      { ...at(site, FRESH), verb: 'added', aspect: 'field' },
    );
  },
  'type of a field changed': (ground) => retyped(ground, pickField(ground, isScalar)),
  'nullable flipped': (ground) => {
    const { site, name, shape } = pickField(ground, () => true);
    const after = shape['nullable'] === true ? undefined : true;
    const document = set(ground, [...site.keys, 'properties', name, 'nullable'], after);
    return outcome(document, {
      ...at(site, name),
      verb: 'changed',
      aspect: 'nullable',
      ...(after ? { after } : { before: true }),
    });
  },
  'required flipped': (ground) => {
    const { site, name } = pickField(ground, () => true);
    const required = listOf(site.value['required']);
    const before = required.includes(name);
    const list = before ? required.filter((one) => one !== name) : [...required, name];
    const document = set(ground, [...site.keys, 'required'], list);
    return outcome(document, { ...at(site, name), verb: 'changed', aspect: 'required', before, after: !before });
  },
  'longest text changed': (ground) => {
    const { site, name, shape } = pickField(ground, (one) => one['type'] === 'string');
    const [before, after] = [shape['maxLength'], 7];
    const document = set(ground, [...site.keys, 'properties', name, 'maxLength'], after);
    return outcome(document, {
      ...at(site, name),
      verb: 'changed',
      aspect: 'maxLength',
      ...(before === undefined ? {} : { before }),
      after,
    });
  },
  'enum value added': (ground) => {
    const site = pick(ground.sites.enums, ground);
    const document = set(ground, [...site.keys, 'enum'], [...listOf(site.value['enum']), FRESH]);
    return outcome(document, { ...whole(site), verb: 'added', aspect: 'enum value', after: FRESH });
  },
  'enum value removed': (ground) => {
    const site = pick(ground.sites.enums, ground);
    const values = listOf(site.value['enum']);
    const gone = pick(values, ground);
    const document = set(
      ground,
      [...site.keys, 'enum'],
      values.filter((value) => value !== gone),
    );
    return outcome(document, { ...whole(site), verb: 'removed', aspect: 'enum value', before: gone });
  },
  'parameter added': (ground) => {
    const site = pick(ground.sites.operations, ground);
    const fresh = { name: FRESH, in: 'query', schema: { type: 'integer' } };
    const document = set(ground, [...site.keys, 'parameters'], [...listOf(site.value['parameters']), fresh]);
    return outcome(document, { ...whole(site), part: `query parameter ${FRESH}`, verb: 'added', aspect: 'parameter' });
  },
  'parameter removed': (ground) => {
    const site = pick(ground.sites.parameters, ground);
    return outcome(set(ground, site.keys, undefined), { ...whole(site), verb: 'removed', aspect: 'parameter' });
  },
  'parameter made required': (ground) => {
    const site = pick(
      ground.sites.parameters.filter(({ value }) => value['required'] !== true),
      ground,
    );
    const document = set(ground, [...site.keys, 'required'], true);
    return outcome(document, { ...whole(site), verb: 'changed', aspect: 'required', before: false, after: true });
  },
  'type of a parameter changed': (ground) => {
    const site = pick(
      ground.sites.parameters.filter(({ value }) => isScalar(objectOf(value['schema']))),
      ground,
    );
    const before = objectOf(site.value['schema'])['type'] ?? '';
    const after = otherType(before);
    const document = set(ground, [...site.keys, 'schema', 'type'], after);
    return outcome(document, { ...whole(site), verb: 'changed', aspect: 'type', before, after });
  },
  'limit of a parameter changed': (ground) => {
    const site = pick(
      ground.sites.parameters.filter(({ value }) => typeof limitOf(value) === 'number'),
      ground,
    );
    const before = Number(limitOf(site.value));
    const after = before + (ground.random() < 0.5 ? -1 : 50);
    const document = set(ground, [...site.keys, 'schema', 'maximum'], after);
    return outcome(document, { ...whole(site), verb: 'changed', aspect: 'maximum', before, after });
  },
  'parameter moved': (ground) => {
    const site = pick(
      ground.sites.parameters.filter(({ value }) => value['in'] === 'query'),
      ground,
    );
    const document = set(ground, [...site.keys, 'in'], 'header');
    return outcome(document, { ...whole(site), verb: 'changed', aspect: 'in', before: 'query', after: 'header' });
  },
  'answer added': (ground) => {
    const site = pick(ground.sites.operations, ground);
    const document = set(ground, [...site.keys, 'responses', '418'], { description: 'new' });
    return outcome(document, { ...whole(site), part: 'answer 418', verb: 'added', aspect: 'answer' });
  },
  'answer removed': (ground) => {
    const site = pick(ground.sites.answers, ground);
    return outcome(set(ground, site.keys, undefined), { ...whole(site), verb: 'removed', aspect: 'answer' });
  },
  'event added': (ground) => {
    const { value } = pick(ground.sites.events, ground);
    const document = set(ground, ['x-webhooks', 'MILLWRIGHT_TESTED'], value);
    return outcome(document, { ...WHOLE, owner: 'MILLWRIGHT_TESTED', verb: 'added', aspect: 'event' });
  },
  'event removed': (ground) => {
    const site = pick(ground.sites.events, ground);
    return outcome(set(ground, site.keys, undefined), { ...whole(site), verb: 'removed', aspect: 'event' });
  },
  'field of an event removed': (ground) => {
    const { site, name } = pickField(ground, () => true, isEvent);
    return outcome(withoutField(ground.document, site, name), { ...at(site, name), verb: 'removed', aspect: 'field' });
  },
  'type of an event’s field changed': (ground) => retyped(ground, pickField(ground, isScalar, isEvent)),
  'operation added': (ground) => {
    const { value } = pick(ground.sites.operations, ground);
    const document = set(ground, ['paths', '/millwrighttests'], { get: value });
    return outcome(document, { ...WHOLE, owner: 'GET /millwrighttests', verb: 'added', aspect: 'operation' });
  },
  'operation removed': (ground) => {
    const site = pick(ground.sites.operations, ground);
    return outcome(set(ground, site.keys, undefined), { ...whole(site), verb: 'removed', aspect: 'operation' });
  },
  'operation deprecated': (ground) => {
    const site = pick(
      ground.sites.operations.filter(({ value }) => value['deprecated'] !== true),
      ground,
    );
    const document = set(ground, [...site.keys, 'deprecated'], true);
    return outcome(document, { ...whole(site), verb: 'changed', aspect: 'deprecated', after: true });
  },
};

const FRESH = 'millwrightTest';
const WHOLE = { part: '', field: '' };

type Where = Pick<Site, 'owner' | 'part' | 'field'>;
const whole = ({ owner, part, field }: Where): Where => ({ owner, part, field });
const at = (site: Where, name: string): Where => ({ ...whole(site), field: dotted(site.field, name) });

const outcome = (document: Json, ...expected: readonly Expected[]): Outcome => ({ document, expected });

const set = ({ document }: Ground, keys: Keys, value: Json | undefined): Json => edited(document, keys, () => value);

function pick<Value>(values: readonly Value[], { random }: Ground): Value {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

interface Field {
  readonly site: Site;
  readonly name: string;
  readonly shape: JsonObject;
}

function pickField(
  ground: Ground,
  fits: (shape: JsonObject) => boolean,
  where: (site: Site) => boolean = () => true,
): Field {
  const fields = ground.sites.objects.filter(where).flatMap((site) =>
    Object.entries(objectOf(site.value['properties']))
      .map(([name, shape]) => ({ site, name, shape: objectOf(shape) }))
      .filter(({ shape }) => fits(shape)),
  );
  return pick(fields, ground);
}

const isEvent = ({ part }: Site): boolean => part === '';
const isScalar = ({ type }: JsonObject): boolean =>
  type === 'string' || type === 'number' || type === 'integer' || type === 'boolean';
const limitOf = (parameter: JsonObject): Json | undefined => objectOf(parameter['schema'])['maximum'];
const otherType = (type: Json): string => (type === 'string' ? 'boolean' : 'string');

function retyped(ground: Ground, { site, name, shape }: Field): Outcome {
  const before = shape['type'] ?? '';
  const after = otherType(before);
  const document = set(ground, [...site.keys, 'properties', name, 'type'], after);
  return outcome(document, { ...at(site, name), verb: 'changed', aspect: 'type', before, after });
}

function withoutField(document: Json, { keys }: Site, name: string): Json {
  const without = edited(document, [...keys, 'properties', name], () => undefined);
  return edited(without, keys, (schema) => {
    const { required, ...rest } = objectOf(schema);
    return required === undefined ? rest : { ...rest, required: listOf(required).filter((one) => one !== name) };
  });
}
