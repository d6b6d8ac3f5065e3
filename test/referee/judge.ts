import { objectOf, type JsonObject } from '../../src/base/json.ts';
import { coerced } from './coerce.ts';
import { acceptedDeviation } from './deviations.ts';
import type { ApiDocument, Operation, Parameter } from './document.ts';
import { isGood, jsonIn, mediaType, type Exchange } from './exchange.ts';
import { matchOf, type Match } from './match.ts';
import { Schemas, type Complaint } from './schemas.ts';
import { undocumentedFields } from './undocumented.ts';

export type Side = 'request' | 'answer' | 'delivery';

export interface Violation {
  readonly operation: string;
  readonly side: Side;
  readonly path: string;
  readonly message: string;
}

export interface Verdict {
  /** `undefined`: the document has no such operation. */
  readonly operation: string | undefined;
  readonly violations: readonly Violation[];
  readonly undocumented: readonly string[];
  /** A deviation from the document that was observed in production and is accepted by name. */
  readonly deviation?: string;
}

/** Statuses that any operation may answer, documented or not. */
const ANYWHERE = [401, 413, 429];

/** Judges exchanges by an OpenAPI document and nothing else. */
export class Judge {
  readonly document: ApiDocument;
  readonly #schemas = new Schemas();

  constructor(document: ApiDocument) {
    this.document = document;
  }

  exchange(exchange: Exchange): Verdict {
    const url = new URL(exchange.target, 'http://sandbox');
    const match = matchOf(this.document, exchange.method, url.pathname);
    if (match === undefined) return outsideTheDocument(exchange, url.pathname);
    const { operation } = match;
    // A request may be bad on purpose; what counts is that a bad one is not answered as if it were good.
    const wrongs = isGood(exchange) ? this.#request(match, url.searchParams, exchange) : [];
    const deviation = acceptedDeviation(operation, url.searchParams, exchange);
    const answer = deviation === undefined ? this.#answer(operation, exchange) : [];
    return {
      operation: operation.name,
      violations: [...named(operation, 'request', wrongs), ...named(operation, 'answer', answer)],
      undocumented: deviation === undefined ? this.#undocumented(operation, exchange) : [],
      ...(deviation === undefined ? {} : { deviation }),
    };
  }

  /** A webhook's body by its event type. */
  delivery(type: string, body: Buffer): Verdict {
    const schema = this.document.events.get(type);
    const json = jsonIn(body);
    const operation = `webhook ${type}`;
    const wrong = (message: string): Verdict => ({
      operation,
      violations: [{ operation, side: 'delivery', path: '/', message }],
      undocumented: [],
    });
    if (schema === undefined) return wrong('is no event type of the document');
    if (json === undefined) return wrong('is no JSON');
    const violations = this.#schemas
      .complaints(schema, json)
      .map((complaint) => ({ operation, side: 'delivery' as const, ...complaint }));
    return {
      operation,
      violations,
      undocumented: undocumentedFields(schema, json).map((field) => `${operation} ${field}`),
    };
  }

  #request({ operation, pathValues }: Match, query: URLSearchParams, exchange: Exchange): readonly Complaint[] {
    const inPath = operation.parameters
      .filter(({ place }) => place === 'path')
      .flatMap((one) => this.#parameter(one, [pathValues.get(one.name) ?? '']));
    return [...inPath, ...this.#query(operation, query), ...this.#body(operation, exchange)];
  }

  #query(operation: Operation, query: URLSearchParams): readonly Complaint[] {
    const known = operation.parameters.filter(({ place }) => place === 'query');
    // Where custom fields may be asked for, any other name is the label of one (FACTS 2.3).
    const takesLabels = known.some(({ name }) => name === 'customFieldName');
    const unknown = [...new Set(query.keys())]
      .filter((name) => !takesLabels && !known.some((one) => one.name === name))
      .map((name) => ({ path: `?${name}`, message: 'is no parameter, yet the request was answered 2xx' }));
    const wrong = known.flatMap((one) => {
      const texts = query.getAll(one.name);
      if (texts.length > 0) return this.#parameter(one, texts);
      return one.isRequired ? [{ path: `?${one.name}`, message: 'is required' }] : [];
    });
    return [...unknown, ...wrong];
  }

  #parameter({ name, place, schema }: Parameter, texts: readonly string[]): readonly Complaint[] {
    return this.#schemas
      .complaints(schema, coerced(schema, texts))
      .map(({ path, message }) => ({ path: `${place} ${name}${path === '/' ? '' : path}`, message }));
  }

  #body(operation: Operation, { requestBody, requestHeaders }: Exchange): readonly Complaint[] {
    if (operation.bodies.size === 0) return [];
    if (requestBody.length === 0) return operation.bodyIsRequired ? [{ path: '/', message: 'a body is required' }] : [];
    const type = mediaType(requestHeaders);
    const schema = operation.bodies.get(type);
    if (schema === undefined) return [{ path: '/', message: `content type ${type} is not documented` }];
    if (type !== 'application/json') return [];
    const json = jsonIn(requestBody);
    return json === undefined ? [{ path: '/', message: 'is no JSON' }] : this.#schemas.complaints(schema, json);
  }

  #answer(operation: Operation, exchange: Exchange): readonly Complaint[] {
    const { status, answerBody, answerHeaders } = exchange;
    // What Express says of a path that it does not know (FACTS 2.4).
    if (status === 404 && answerBody.toString('latin1').startsWith('Cannot '))
      return [{ path: '/', message: 'is not served at all' }];
    if (!operation.answers.has(status))
      return ANYWHERE.includes(status) ? [] : [{ path: '/', message: `status ${status} is not documented` }];
    const schema = operation.answers.get(status);
    if (schema === undefined)
      return status === 204 && answerBody.length > 0 ? [{ path: '/', message: 'a 204 has no body' }] : [];
    const type = mediaType(answerHeaders);
    if (type !== 'application/json') return [{ path: '/', message: `${status} has content type ${type || 'none'}` }];
    const json = jsonIn(answerBody);
    if (json === undefined) return [{ path: '/', message: `${status} is no JSON` }];
    return this.#schemas
      .complaints(schema, json)
      .map(({ path, message }) => ({ path, message: isGood(exchange) ? message : `${message} (${status})` }));
  }

  #undocumented(operation: Operation, { status, answerBody }: Exchange): readonly string[] {
    const schema: JsonObject = objectOf(operation.answers.get(status));
    const json = jsonIn(answerBody);
    if (json === undefined) return [];
    return undocumentedFields(schema, json).map((field) => `${operation.name} ${status} ${field}`);
  }
}

const named = ({ name }: Operation, side: Side, complaints: readonly Complaint[]): readonly Violation[] =>
  complaints.map((complaint) => ({ operation: name, side, ...complaint }));

/** A path that the document does not have must not be served. */
function outsideTheDocument(exchange: Exchange, path: string): Verdict {
  const operation = `${exchange.method} ${path}`;
  const message = 'is served, but the document has no such operation';
  const violations = isGood(exchange) ? [{ operation, side: 'answer' as const, path: '/', message }] : [];
  return { operation: undefined, violations, undocumented: [] };
}
