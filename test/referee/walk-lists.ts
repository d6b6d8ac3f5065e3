import { objectOf } from '../../src/base/json.ts';
import { valueOf } from './bodies.ts';
import type { Operation, Parameter } from './document.ts';
import { pathTo } from './places.ts';
import type { Walker } from './walker.ts';

const isList = ({ method, parameters }: Operation): boolean =>
  method === 'GET' && parameters.some(({ name }) => name === 'limit');

/** Every list once, as it is, to know what exists. */
export async function learn(walker: Walker): Promise<void> {
  for (const operation of walker.document.operations.filter((one) => isList(one) && one.segments.length === 1)) {
    const labels = operation.parameters.some(({ name }) => name === 'customFieldName');
    const query: [string, string][] =
      labels && hasExpand(operation, 'extra_fields') ? [['expand', 'extra_fields']] : [];
    const { rows } = await walker.call(operation.name, { query, because: 'first look' });
    walker.known.addRows(operation.segments[0] ?? '', rows);
  }
}

/** Every list with every parameter: each expand and sort by itself, each filter, pages to the end. */
export async function walkLists(walker: Walker): Promise<void> {
  for (const operation of walker.document.operations.filter(isList)) {
    const path = pathTo(walker.known, operation);
    const ask = async (query: readonly [string, string][]): Promise<void> => {
      await walker.call(operation.name, { path, query });
    };
    for (const parameter of operation.parameters.filter(({ place }) => place === 'query'))
      for (const query of queriesOf(walker, operation, parameter)) await ask(query);
    await walkPages(walker, operation, path);
  }
}

function queriesOf(walker: Walker, operation: Operation, { name, schema }: Parameter): readonly [string, string][][] {
  const items = schema['type'] === 'array' ? objectOf(schema['items']) : schema;
  const choices = Array.isArray(items['enum']) ? items['enum'].map(String) : undefined;
  if (['cursor', 'skipWebhook'].includes(name)) return [];
  if (name === 'limit') return ['1', '200'].map((limit) => [[name, limit]]);
  if (name === 'customFieldName') {
    const label = walker.known.label(operation.segments[0] ?? '');
    return label === undefined ? [] : [[[label, 'value 1']]];
  }
  const each = choices?.map((choice): [string, string][] => [[name, choice]]);
  // All together as well: repeated keys. MaintainX answers nothing for CANCELED beside SKIPPED (FACTS 2.3), which is no fault here.
  if (each !== undefined) return schema['type'] === 'array' ? [...each, each.flat()] : each;
  if (items['type'] === 'boolean') return ['true', 'false'].map((value) => [[name, value]]);
  const ground = { known: walker.known, collection: operation.segments[0] ?? '', turn: 0 };
  const made = valueOf(singular(name), items, ground);
  const value = typeof made === 'string' ? made : JSON.stringify(made);
  return [
    [[name, value]],
    ...(schema['type'] === 'array' ? [[[name, value] as [string, string], [name, value] as [string, string]]] : []),
  ];
}

/** Filters name what they refer to in the plural: `notAssets` means ids of assets. */
const singular = (name: string): string => {
  const bare = name.replace(/^not([A-Z])/, (_, first: string) => first.toLowerCase()).replace(/\[(gte|lte)\]$/, '');
  if (/^(assets|locations|parts|vendors|assignees|teams|meters)$/.test(bare)) return `${bare.slice(0, -1)}Id`;
  return bare === 'creators' ? 'userId' : bare;
};

async function walkPages(walker: Walker, operation: Operation, path: Record<string, string | number>): Promise<void> {
  const { json } = await walker.call(operation.name, { path, query: [['limit', '2']] });
  let cursor = json['nextCursor'];
  for (let page = 0; page < 3 && typeof cursor === 'string'; page++) {
    const next = await walker.call(operation.name, {
      path,
      query: [
        ['limit', '2'],
        ['cursor', cursor],
      ],
    });
    cursor = next.json['nextCursor'];
  }
}

function hasExpand({ parameters }: Operation, token: string): boolean {
  const choices = objectOf(parameters.find(({ name }) => name === 'expand')?.schema['items'])['enum'];
  return Array.isArray(choices) && choices.includes(token);
}
