import { isObject, objectOf, type Json, type JsonObject } from '../../src/base/json.ts';
import { objectsOf, type ApiDocument, type Operation } from './document.ts';
import { jsonIn } from './exchange.ts';
import { Known } from './known.ts';

/** What to send; everything that is left out is left out of the request. */
export interface Call {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: readonly (readonly [name: string, value: string])[];
  readonly body?: Json;
  readonly bytes?: Buffer;
  /** `null`: none at all. */
  readonly key?: string | null;
  /** Statuses that are right. Default: the good ones that the document gives. */
  readonly expect?: readonly number[];
  /** For the report, when it is answered otherwise. */
  readonly because?: string;
}

export interface Reply {
  readonly status: number;
  readonly json: JsonObject;
  /** The rows of a page, whatever its plural is called, or of an answer that is a list itself. */
  readonly rows: readonly JsonObject[];
  readonly isGood: boolean;
}

/** Asks one operation after the other, remembers what exists, and goes on whatever is answered. */
export class Walker {
  readonly document: ApiDocument;
  readonly known = new Known();
  /** Answers with another status than the walk expected. */
  readonly unmet: string[] = [];
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #baseUrl: string;
  readonly #apiKey: string;

  constructor(document: ApiDocument, baseUrl: string, apiKey: string) {
    this.document = document;
    this.#operations = new Map(document.operations.map((one) => [one.name, one]));
    this.#baseUrl = baseUrl;
    this.#apiKey = apiKey;
  }

  operation(name: string): Operation {
    const found = this.#operations.get(name);
    if (found === undefined) throw new Error(`the document has no ${name}`);
    return found;
  }

  async call(name: string, call: Call = {}): Promise<Reply> {
    const operation = this.operation(name);
    const response = await fetch(`${this.#baseUrl}${targetOf(operation, call)}`, {
      method: operation.method,
      headers: this.#headers(call),
      ...contentOf(call),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString('utf8');
    const expected = call.expect ?? [...operation.answers.keys()].filter((status) => status < 300);
    if (!expected.includes(response.status)) this.unmet.push(unmet(operation, call, expected, response.status, text));
    const json = jsonIn(bytes);
    return { status: response.status, json: objectOf(json), rows: rowsIn(json), isGood: response.ok };
  }

  #headers({ key, body, bytes }: Call): Record<string, string> {
    const type = bytes !== undefined ? 'application/octet-stream' : body === undefined ? undefined : 'application/json';
    return {
      ...(key === null ? {} : { authorization: `Bearer ${key ?? this.#apiKey}` }),
      ...(type === undefined ? {} : { 'content-type': type }),
    };
  }
}

function targetOf({ segments }: Operation, { path = {}, query = [] }: Call): string {
  const filled = segments.map((segment) =>
    segment.startsWith('{') ? encodeURIComponent(path[segment.slice(1, -1)] ?? 'missing') : segment,
  );
  const search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString();
  return `/${filled.join('/')}${search === '' ? '' : `?${search}`}`;
}

function contentOf({ body, bytes }: Call): { body?: string | Uint8Array<ArrayBuffer> } {
  if (bytes !== undefined) return { body: new Uint8Array(bytes) };
  return body === undefined ? {} : { body: JSON.stringify(body) };
}

function unmet({ name }: Operation, call: Call, expected: readonly number[], status: number, text: string): string {
  const query = (call.query ?? []).map(([key, value]) => `${key}=${value}`).join('&');
  const sent = call.body === undefined ? '' : ` body ${JSON.stringify(call.body).slice(0, 160)}`;
  const why = call.because === undefined ? '' : ` [${call.because}]`;
  const wanted = expected.join(' or ');
  return `${name}${why}${query === '' ? '' : ` ?${query}`}: ${status}, not ${wanted}: ${text.slice(0, 200)}${sent}`;
}

/** The id that a creation answers, bare or inside the record. */
export function idIn(reply: Reply): number | undefined {
  if (typeof reply.json['id'] === 'number') return reply.json['id'];
  const inside = Object.values(reply.json).find((value) => isObject(value) && typeof value['id'] === 'number');
  const id = objectOf(inside)['id'];
  return typeof id === 'number' ? id : undefined;
}

const rowsIn = (json: Json | undefined): readonly JsonObject[] =>
  Array.isArray(json) ? objectsOf(json) : Object.values(objectOf(json)).flatMap((value) => objectsOf(value));
