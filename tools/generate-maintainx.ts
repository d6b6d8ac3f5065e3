/**
 * Makes src/maintainx/generated/ from a MaintainX specification file: names, types and enums of what the catalogue
 * covers, none of the vendor's prose.
 *
 *     node tools/generate-maintainx.ts path/to/openapi.json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';

interface Schema {
  type?: string;
  enum?: unknown[];
  nullable?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
}
interface Parameter {
  name: string;
  in: string;
  schema: Schema;
}
interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}
interface Specification {
  paths: Record<string, Record<string, Operation | undefined> | undefined>;
  'x-webhooks': Record<string, { post: Operation }>;
}

/** Catalogue kind → path segment at MaintainX. */
const KINDS = {
  'work-order': 'workorders',
  asset: 'assets',
  location: 'locations',
  part: 'parts',
  'purchase-order': 'purchaseorders',
  vendor: 'vendors',
  user: 'users',
  team: 'teams',
  meter: 'meters',
  'work-request': 'workrequests',
  category: 'categories',
} as const;

const specificationPath = process.argv[2];
if (specificationPath === undefined) {
  console.error('usage: node tools/generate-maintainx.ts path/to/openapi.json');
  process.exit(2);
}
const specification = JSON.parse(readFileSync(specificationPath, 'utf8')) as Specification;

function operation(path: string, method: string): Operation {
  const found = specification.paths[path]?.[method];
  if (found === undefined) throw new Error(`the specification has no ${method.toUpperCase()} ${path}`);
  return found;
}

function answer(of: Operation): Schema {
  const schema = (of.responses['200'] ?? of.responses['201'])?.content?.['application/json']?.schema;
  if (schema === undefined) throw new Error('an operation has no JSON answer');
  return schema;
}

const body = (of: Operation): Schema => of.requestBody?.content['application/json']?.schema ?? {};

/** A schema as a TypeScript type. */
function typeOf(schema: Schema): string {
  const plain = plainTypeOf(schema);
  return schema.nullable === true && plain !== 'unknown' ? `${plain} | null` : plain;
}

function plainTypeOf(schema: Schema): string {
  const union = schema.oneOf ?? schema.anyOf;
  if (union !== undefined) return unionOf(union.map(typeOf));
  if (schema.enum !== undefined)
    return unionOf(schema.enum.filter((one) => one !== null).map((one) => JSON.stringify(one)));
  switch (schema.type) {
    case 'object':
      return objectOf(schema);
    case 'array':
      return `readonly (${typeOf(schema.items ?? {})})[]`;
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case undefined:
    default:
      return 'unknown';
  }
}

const unionOf = (members: string[]): string =>
  members.includes('unknown') ? 'unknown' : [...new Set(members)].join(' | ');

function objectOf(schema: Schema): string {
  if (schema.properties === undefined) {
    const values = typeof schema.additionalProperties === 'object' ? typeOf(schema.additionalProperties) : 'unknown';
    return `Readonly<Record<string, ${values}>>`;
  }
  const required = new Set(schema.required);
  const members = Object.entries(schema.properties).map(
    ([name, value]) => `readonly ${JSON.stringify(name)}${required.has(name) ? '' : '?'}: ${typeOf(value)};`,
  );
  return `{ ${members.join(' ')} }`;
}

function kindParts(segment: string): {
  listKey: string;
  singleKey: string;
  row: Schema;
  single: Schema;
  listQuery: Parameter[];
  getQuery: Parameter[];
  create: Schema;
  update: Schema;
  createStatus: string;
} {
  const list = operation(`/${segment}`, 'get');
  const get = operation(`/${segment}/{id}`, 'get');
  const create = operation(`/${segment}`, 'post');
  const update = operation(`/${segment}/{id}`, 'patch');
  const array = Object.entries(answer(list).properties ?? {}).find(([, value]) => value.type === 'array');
  const wrapped = Object.entries(answer(get).properties ?? {})[0];
  if (array?.[1].items === undefined || wrapped === undefined) throw new Error(`${segment}: unexpected envelope`);
  return {
    listKey: array[0],
    row: array[1].items,
    singleKey: wrapped[0],
    single: wrapped[1],
    listQuery: query(list),
    getQuery: query(get),
    create: body(create),
    update: body(update),
    createStatus: '201' in create.responses ? '201' : '200',
  };
}

const query = (of: Operation): Parameter[] => (of.parameters ?? []).filter((one) => one.in === 'query');

const enumOf = (parameters: Parameter[], name: string): unknown[] => {
  const schema = parameters.find((one) => one.name === name)?.schema;
  return schema?.enum ?? schema?.items?.enum ?? [];
};

const pascal = (kind: string): string =>
  kind.replaceAll(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase());
const names = (schema: Schema): string[] => Object.keys(schema.properties ?? {});
const header = '// Generated by tools/generate-maintainx.ts. Do not edit.\n\n';

let types = header;
const sources: Record<string, unknown> = {};
const rowMap: string[] = [];
const singleMap: string[] = [];
const createMap: string[] = [];
const updateMap: string[] = [];
for (const [kind, segment] of Object.entries(KINDS)) {
  const parts = kindParts(segment);
  const name = pascal(kind);
  types += `export type ${name}Row = ${typeOf(parts.row)};\n`;
  types += `export type ${name} = ${typeOf(parts.single)};\n`;
  types += `export type ${name}Create = ${typeOf(parts.create)};\n`;
  types += `export type ${name}Update = ${typeOf(parts.update)};\n\n`;
  rowMap.push(`'${kind}': ${name}Row;`);
  singleMap.push(`'${kind}': ${name};`);
  createMap.push(`'${kind}': ${name}Create;`);
  updateMap.push(`'${kind}': ${name}Update;`);
  sources[kind] = {
    path: `/${segment}`,
    listKey: parts.listKey,
    singleKey: parts.singleKey,
    listFields: names(parts.row),
    getFields: names(parts.single),
    listExpands: enumOf(parts.listQuery, 'expand'),
    getExpands: enumOf(parts.getQuery, 'expand'),
    sorts: enumOf(parts.listQuery, 'sort'),
    filters: parts.listQuery
      .map((one) => one.name)
      .filter((one) => !['cursor', 'limit', 'sort', 'expand'].includes(one)),
    createFields: names(parts.create),
    createRequired: parts.create.required ?? [],
    updateFields: names(parts.update),
    createStatus: Number(parts.createStatus),
  };
}
types += `/** A row of the list, per kind. */\nexport interface Rows { ${rowMap.join(' ')} }\n\n`;
types += `/** The record of the single GET, per kind. */\nexport interface Singles { ${singleMap.join(' ')} }\n\n`;
types += `/** The body of POST, per kind. */\nexport interface Creates { ${createMap.join(' ')} }\n\n`;
types += `/** The body of PATCH, per kind. */\nexport interface Updates { ${updateMap.join(' ')} }\n`;

const events = Object.fromEntries(
  Object.entries(specification['x-webhooks']).map(([name, hook]) => {
    const schema = body(hook.post);
    return [name, { fields: names(schema), required: schema.required ?? [] }];
  }),
);

const target = new URL('../src/maintainx/generated/', import.meta.url);
writeFileSync(new URL('records.ts', target), types);
writeFileSync(
  new URL('sources.ts', target),
  `${header}/** Per kind: what each source of a record carries and which parameters it takes. */\nexport const SOURCES = ${JSON.stringify(sources)} as const;\n`,
);
writeFileSync(
  new URL('events.ts', target),
  `${header}/** Per webhook event: the fields of its body. */\nexport const EVENT_BODIES = ${JSON.stringify(events)} as const;\n`,
);
execFileSync('npx', ['prettier', '--ignore-path', '/dev/null', '--write', '--log-level', 'warn', target.pathname], {
  stdio: 'inherit',
});
