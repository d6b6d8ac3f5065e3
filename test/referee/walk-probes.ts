import { isObject, objectOf, type Json, type JsonObject } from '../../src/base/json.ts';
import { alternativesOf, propertiesOf, requiredOf } from './bodies.ts';
import { typeOf, type Operation, type Parameter } from './document.ts';
import { NO_ID } from './known.ts';
import { pathTo } from './places.ts';
import { goodBody, schemaOf } from './writing.ts';
import type { Call, Walker } from './walker.ts';

const MILLION_AND_MORE = Buffer.alloc(1_200_000);

/**
 * Asks every operation badly: without a key, for what does not exist, with bad parameters and with bad bodies. Each must
 * be refused with a status that its operation documents; whether the body of the refusal fits is the judge's business.
 */
export async function walkProbes(walker: Walker): Promise<void> {
  for (const operation of walker.document.operations) {
    await probeKeys(walker, operation);
    await probeIds(walker, operation);
    await probeQueries(walker, operation);
    await probeBodies(walker, operation);
  }
}

function good(walker: Walker, operation: Operation): Call {
  const isJson = operation.bodies.has('application/json');
  return {
    path: pathTo(walker.known, operation),
    ...(isJson ? { body: wholeBody(walker, operation) } : {}),
    ...(operation.bodies.has('application/octet-stream') ? { bytes: Buffer.from('a picture') } : {}),
  };
}

/** A list at the root, like POST /meterreadings takes, has no properties to spoil. */
function wholeBody(walker: Walker, operation: Operation): Json {
  if (schemaOf(operation)['type'] === 'array') return [];
  return goodBody(walker, operation.name);
}

/** GET /versions needs no key (FACTS 2.1), nor does the link that signs a work permit. */
async function probeKeys(walker: Walker, operation: Operation): Promise<void> {
  if (!operation.needsKey) return;
  for (const key of [null, 'wrong'])
    await walker.call(operation.name, { ...good(walker, operation), key, expect: [401], because: `key ${key}` });
}

async function probeIds(walker: Walker, operation: Operation): Promise<void> {
  const whole = good(walker, operation);
  for (const { name, schema } of operation.parameters.filter(({ place }) => place === 'path')) {
    if (name === 'filename' && operation.method === 'PUT') continue;
    const isText = schema['type'] === 'string';
    const nothing = isText ? 'nothing' : NO_ID;
    // A word outside an enum is bad as well as unknown; without a 404, any refusal is right.
    const refusals = [400, 403, 404].filter((one) => operation.answers.has(one));
    const expect = !isText && operation.answers.has(404) ? [404] : refusals;
    const path = { ...whole.path, [name]: nothing };
    await walker.call(operation.name, { ...whole, path, expect, because: `unknown ${name}` });
    if (isText) continue;
    await walker.call(operation.name, {
      ...whole,
      path: { ...path, [name]: 'x1' },
      expect: refusals,
      because: `${name} x1`,
    });
  }
}

async function probeQueries(walker: Walker, operation: Operation): Promise<void> {
  if (!operation.answers.has(400)) return;
  const whole = good(walker, operation);
  const refused = async (name: string, value: string): Promise<void> => {
    await walker.call(operation.name, { ...whole, query: [[name, value]], expect: [400], because: 'bad parameter' });
  };
  for (const parameter of operation.parameters.filter(({ place }) => place === 'query'))
    for (const value of badTexts(parameter)) await refused(parameter.name, value);
  const takesLabels = operation.parameters.some(({ name }) => name === 'customFieldName');
  if (operation.method === 'GET' && !takesLabels) await refused('nonsense', '1');
}

function badTexts({ name, schema }: Parameter): readonly string[] {
  const items = schema['type'] === 'array' ? objectOf(schema['items']) : schema;
  // `skipWebhook=1` and `=yes` are good too; what is neither is not said to be refused.
  if (['skipWebhook', 'cursor', 'customFieldName'].includes(name)) return [];
  if (name === 'limit') return ['0', '201', 'many'];
  if (Array.isArray(items['enum'])) return ['nonsense'];
  if (items['type'] === 'integer') return ['x1'];
  if (items['type'] === 'boolean') return ['perhaps'];
  return items['format'] === 'date-time' ? ['yesterday'] : [];
}

async function probeBodies(walker: Walker, operation: Operation): Promise<void> {
  const path = pathTo(walker.known, operation);
  if (operation.answers.has(413))
    await walker.call(operation.name, { path, bytes: MILLION_AND_MORE, expect: [413], because: 'more than 1 MB' });
  // Two operations take a body and document no 400 at all; what they answer to a bad one cannot be right or wrong.
  if (!operation.bodies.has('application/json') || !operation.answers.has(400)) return;
  for (const [because, body] of badBodies(walker, operation))
    await walker.call(operation.name, { path, body, expect: [400], because });
}

function badBodies(walker: Walker, operation: Operation): readonly (readonly [because: string, body: Json])[] {
  const schema = schemaOf(operation);
  if (schema['type'] === 'array')
    return [
      ['an object, not a list', {}],
      ['an empty entry', [{}]],
      ['text', 'text'],
    ];
  const whole = goodBody(walker, operation.name);
  const missing = requiredOf(schema).map((name): [string, Json] => [`without ${name}`, without(whole, name)]);
  const wrong = Object.entries(propertiesOf(schema)).flatMap(([name, inside]) =>
    badValues(objectOf(inside)).map((value): [string, Json] => [
      `${name} of a wrong type`,
      { ...whole, [name]: value },
    ]),
  );
  return [['a list', []], ['text', 'text'], ...missing, ...wrong];
}

const without = (body: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([each]) => each !== name));

/** Values that the schema refuses, one for each of its promises. */
function badValues(schema: JsonObject): readonly Json[] {
  if (Array.isArray(schema['enum'])) return ['NONSENSE', 17];
  switch (typeOf(schema)) {
    case 'string':
      return schema['format'] === 'date-time' ? [17, 'yesterday'] : [17, {}];
    case 'integer':
      return ['x1', 1.5];
    case 'number':
      return ['x1'];
    case 'boolean':
      return ['perhaps'];
    case 'array':
      return ['none', [...badValues(objectOf(schema['items']))].slice(0, 1)].filter((one) => one.length > 0);
    case 'object':
      return ['none', ...badInside(schema)];
    default:
      return alternativesOf(schema).length > 0 ? [[]] : [];
  }
}

/** An object with one wrong property. */
function badInside(schema: JsonObject): readonly Json[] {
  if (isObject(schema['additionalProperties'])) return [{ label: 17 }];
  const [name] = Object.keys(objectOf(schema['properties']));
  const [value] = name === undefined ? [] : badValues(objectOf(objectOf(schema['properties'])[name]));
  return name === undefined || value === undefined ? [] : [{ [name]: value }];
}
