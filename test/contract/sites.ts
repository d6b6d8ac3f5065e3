import { isObject, objectOf, type Json, type JsonObject } from '../../src/base/json.ts';
import { listOf, valueAt, type Keys } from './edit.ts';

/** Somewhere in an OpenAPI document where something can be changed. */
export interface Site {
  readonly keys: Keys;
  /** `GET /assets/{id}` or the name of an event. */
  readonly owner: string;
  /** In the owner: `answer 200`, `request body`, `query parameter limit`; empty in an event. */
  readonly part: string;
  /** `assets[].name`; empty: the whole. Which of several variants is left out. */
  readonly field: string;
  readonly value: JsonObject;
}

/** Every place of one document, found without any of the code under test. */
export interface Sites {
  readonly operations: readonly Site[];
  readonly parameters: readonly Site[];
  readonly answers: readonly Site[];
  readonly events: readonly Site[];
  /** Schemas with fields. */
  readonly objects: readonly Site[];
  /** Schemas with a list of values. */
  readonly enums: readonly Site[];
}

export function sitesIn(document: Json): Sites {
  const operations = operationSites(document);
  const events = Object.entries(objectOf(objectOf(document)['x-webhooks'])).map(([name, value]) =>
    site(['x-webhooks', name], name, '', objectOf(value)),
  );
  const answers = operations.flatMap((one) =>
    Object.entries(objectOf(one.value['responses'])).map(([status, value]) =>
      site([...one.keys, 'responses', status], one.owner, `answer ${status}`, objectOf(value)),
    ),
  );
  const parameters = operations.flatMap(parameterSites);
  const schemas = [
    ...operations.map((one) =>
      site([...one.keys, 'requestBody'], one.owner, 'request body', objectOf(one.value['requestBody'])),
    ),
    ...answers,
    ...events.map((one) =>
      site([...one.keys, 'post', 'requestBody'], one.owner, '', objectOf(valueAt(one.value, ['post', 'requestBody']))),
    ),
  ].flatMap((one) => schemasUnder({ ...one, keys: [...one.keys, 'content', 'application/json', 'schema'] }, document));
  const ofParameters = parameters.flatMap((one) => schemasUnder({ ...one, keys: [...one.keys, 'schema'] }, document));
  return {
    operations,
    parameters,
    answers,
    events,
    objects: schemas.filter(({ value }) => Object.keys(objectOf(value['properties'])).length > 0),
    enums: [...schemas, ...ofParameters].filter(({ value }) => listOf(value['enum']).length > 1),
  };
}

const site = (keys: Keys, owner: string, part: string, value: JsonObject): Site => ({
  keys,
  owner,
  part,
  field: '',
  value,
});

function operationSites(document: Json): Site[] {
  return Object.entries(objectOf(objectOf(document)['paths'])).flatMap(([path, item]) =>
    Object.entries(objectOf(item)).map(([method, value]) =>
      site(['paths', path, method], `${method.toUpperCase()} ${path}`, '', objectOf(value)),
    ),
  );
}

/** Of those that the document names once: it names `skipWebhook` twice at one operation. */
function parameterSites({ keys, owner, value }: Site): Site[] {
  const all = listOf(value['parameters']).map(objectOf);
  return all.flatMap((one, index) => {
    const [name, place] = [one['name'], one['in']];
    if (typeof name !== 'string' || typeof place !== 'string') return [];
    if (all.filter((other) => other['name'] === one['name']).length > 1) return [];
    return [site([...keys, 'parameters', index], owner, `${place} parameter ${name}`, one)];
  });
}

function schemasUnder(start: Site, document: Json): Site[] {
  const schema = valueAt(document, start.keys);
  return isObject(schema) ? inside({ ...start, value: schema }) : [];
}

function inside(here: Site): Site[] {
  const { keys, field, value } = here;
  const step = (more: Keys, name: string): Site[] => {
    const inner = valueAt(value, more);
    return isObject(inner) ? inside({ ...here, keys: [...keys, ...more], field: name, value: inner }) : [];
  };
  return [
    here,
    ...Object.keys(objectOf(value['properties'])).flatMap((name) => step(['properties', name], dotted(field, name))),
    ...step(['items'], `${field}[]`),
    ...step(['additionalProperties'], `${field}{}`),
    ...['oneOf', 'anyOf', 'allOf'].flatMap((word) =>
      listOf(value[word]).flatMap((_, index) => step([word, index], field)),
    ),
  ];
}

export const dotted = (field: string, name: string): string => (field === '' ? name : `${field}.${name}`);
