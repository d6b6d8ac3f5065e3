import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { documentOf } from './document.ts';
import type { Exchange } from './exchange.ts';
import { Judge, type Violation } from './judge.ts';

const ERROR = { type: 'object', required: ['error'], properties: { error: { type: 'string' } } };
const content = (schema: Json): Json => ({ 'application/json': { schema } });

const PUMP = {
  type: 'object',
  required: ['id', 'state'],
  properties: {
    id: { type: 'integer' },
    state: { type: 'string', enum: ['ON', 'OFF'] },
    power: { type: 'number', format: 'decimal', nullable: true },
    builtAt: { type: 'string', format: 'date-time' },
    // As the vendor writes it: nullable without a type.
    note: { nullable: true, oneOf: [{ type: 'string' }, { type: 'number' }] },
  },
};

const judge = new Judge(
  documentOf({
    servers: [{ url: 'https://pumps.example/v1' }],
    paths: {
      '/pumps': {
        get: {
          parameters: [
            { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 200 } },
            { name: 'states', in: 'query', schema: { type: 'array', items: { type: 'string', enum: ['ON', 'OFF'] } } },
          ],
          responses: {
            200: {
              content: content({
                type: 'object',
                required: ['pumps'],
                properties: { pumps: { type: 'array', items: PUMP } },
              }),
            },
            400: { content: content(ERROR) },
          },
        },
        post: {
          requestBody: { required: true, content: content({ ...PUMP, required: ['state'] }) },
          responses: { 201: { content: content(PUMP) }, 400: { content: content(ERROR) } },
        },
      },
      '/pumps/{id}': {
        get: {
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
          responses: { 200: { content: content(PUMP) }, 404: { content: content(ERROR) } },
        },
        delete: { responses: { 204: { description: 'gone' } } },
      },
      '/pumps/best': { get: { responses: { 200: { content: content({ type: 'string' }) } } } },
    },
    'x-webhooks': {
      PUMP_FAILED: {
        post: {
          requestBody: {
            content: content({ type: 'object', required: ['pumpId'], properties: { pumpId: { type: 'number' } } }),
          },
        },
      },
    },
  }),
);

const bytes = (json: Json | undefined): Buffer => Buffer.from(json === undefined ? '' : JSON.stringify(json));

function exchange(asked: string, request: Json | undefined, status: number, answer?: Json): Exchange {
  const [method = '', target = ''] = asked.split(' ');
  const type = { 'content-type': 'application/json; charset=utf-8' };
  return {
    method,
    target,
    requestHeaders: request === undefined ? {} : type,
    requestBody: bytes(request),
    status,
    answerHeaders: answer === undefined ? {} : type,
    answerBody: bytes(answer),
  };
}

const told = ({ side, path, message }: Violation): string => `${side} ${path} ${message}`;
const violationsOf = (one: Exchange): readonly string[] => judge.exchange(one).violations.map(told);

describe('the judge', () => {
  it('has nothing to say of exchanges as the document describes them', () => {
    const good = [
      exchange('GET /v1/pumps?limit=200&states=ON&states=OFF', undefined, 200, {
        pumps: [{ id: 1, state: 'ON', power: 2.5, note: null, builtAt: '2026-09-14T12:00:00.000Z' }],
      }),
      exchange('POST /v1/pumps', { state: 'OFF', power: null, note: 'new' }, 201, { id: 2, state: 'OFF' }),
      exchange('GET /v1/pumps/2', undefined, 200, { id: 2, state: 'OFF' }),
      exchange('DELETE /v1/pumps/2', undefined, 204),
      exchange('GET /v1/pumps/2', undefined, 404, { error: 'not found' }),
      exchange('GET /v1/pumps/2', undefined, 429, { error: 'too many' }),
    ];
    expect(good.flatMap(violationsOf)).toEqual([]);
  });

  it('lets literal segments beat parameters', () => {
    const one = exchange('GET /v1/pumps/best', undefined, 200, 'the green one');
    expect(judge.exchange(one)).toMatchObject({ operation: 'GET /pumps/best', violations: [] });
  });

  it.each<[string, Exchange, string]>([
    [
      'a wrong type',
      exchange('GET /v1/pumps/1', undefined, 200, { id: '1', state: 'ON' }),
      'answer /id must be integer',
    ],
    [
      'a missing field',
      exchange('GET /v1/pumps/1', undefined, 200, { id: 1 }),
      "answer / must have required property 'state'",
    ],
    [
      'a value outside its enum',
      exchange('GET /v1/pumps', undefined, 200, { pumps: [{ id: 1, state: 'BROKEN' }] }),
      'answer /pumps/0/state must be equal to one of the allowed values: ON, OFF',
    ],
    [
      'a bad date',
      exchange('GET /v1/pumps/1', undefined, 200, { id: 1, state: 'ON', builtAt: 'yesterday' }),
      'answer /builtAt must match format "date-time"',
    ],
    [
      'null where the schema does not allow it',
      exchange('GET /v1/pumps/1', undefined, 200, { id: 1, state: null }),
      'answer /state must be string',
    ],
    [
      'a wrong type behind a mended schema',
      exchange('GET /v1/pumps/1', undefined, 200, { id: 1, state: 'ON', note: {} }),
      'answer /note must be string',
    ],
    [
      'a status that is not documented',
      exchange('GET /v1/pumps/1', undefined, 418, {}),
      'answer / status 418 is not documented',
    ],
    [
      'an error of another shape',
      exchange('GET /v1/pumps/1', undefined, 404, { errors: [] }),
      "answer / must have required property 'error' (404)",
    ],
    [
      'an operation that is not there',
      exchange('GET /v1/pumps', undefined, 404, 'no'),
      'answer / status 404 is not documented',
    ],
    [
      'a bad body that is accepted',
      exchange('POST /v1/pumps', { state: 7 }, 201, { id: 1, state: 'ON' }),
      'request /state must be string',
    ],
    [
      'no body where one is required',
      exchange('POST /v1/pumps', undefined, 201, { id: 1, state: 'ON' }),
      'request / a body is required',
    ],
    [
      'a bad parameter that is accepted',
      exchange('GET /v1/pumps?limit=201', undefined, 200, { pumps: [] }),
      'request query limit must be <= 200',
    ],
    [
      'a bad list parameter that is accepted',
      exchange('GET /v1/pumps?states=ON&states=LOUD', undefined, 200, { pumps: [] }),
      'request query states/1 must be equal to one of the allowed values: ON, OFF',
    ],
    [
      'an unknown parameter that is accepted',
      exchange('GET /v1/pumps?colour=red', undefined, 200, { pumps: [] }),
      'request ?colour is no parameter, yet the request was answered 2xx',
    ],
    [
      'a bad id that is accepted',
      exchange('GET /v1/pumps/x', undefined, 200, { id: 1, state: 'ON' }),
      'request path id must be integer',
    ],
    [
      'a path of its own',
      exchange('GET /v1/valves', undefined, 200, {}),
      'answer / is served, but the document has no such operation',
    ],
  ])('catches %s', (_, one, complaint) => {
    expect(violationsOf(one)).toContain(complaint);
  });

  it('does not blame a bad request that was refused', () => {
    expect(violationsOf(exchange('POST /v1/pumps', { state: 7 }, 400, { error: 'must be string' }))).toEqual([]);
  });

  it('catches text where JSON is promised', () => {
    const one = exchange('GET /v1/pumps/1', undefined, 404, { error: 'x' });
    expect(violationsOf({ ...one, answerHeaders: { 'content-type': 'text/plain' } })).toEqual([
      'answer / 404 has content type text/plain',
    ]);
  });

  it('tells fields that the document does not name, as no violation', () => {
    const one = exchange('GET /v1/pumps', undefined, 200, { pumps: [{ id: 1, state: 'ON', colour: 'red' }] });
    expect(judge.exchange(one)).toMatchObject({ violations: [], undocumented: ['GET /pumps 200 /pumps[]/colour'] });
  });

  it('accepts the one deviation that was observed, by its name', () => {
    const errors = [{ error: 'must be <= 200', fieldPath: 'limit', fieldValue: 250 }];
    const verdict = judge.exchange(exchange('GET /v1/pumps?limit=250', undefined, 400, { errors }));
    expect(verdict.violations).toEqual([]);
    expect(verdict.deviation).toMatch(/limit out of range/);
    expect(violationsOf(exchange('GET /v1/pumps?limit=2', undefined, 400, { errors: [] }))).not.toEqual([]);
  });

  it('counts the schemas that it mended', () => {
    expect(judge.document.mendedSchemas).toBe(4);
  });

  it('judges deliveries by the schema of their event', () => {
    expect(judge.delivery('PUMP_FAILED', bytes({ pumpId: 1 })).violations).toEqual([]);
    expect(judge.delivery('PUMP_FAILED', bytes({ pumpId: 'one' })).violations.map(told)).toEqual([
      'delivery /pumpId must be number',
    ]);
    expect(judge.delivery('PUMP_SOLD', bytes({})).violations.map(told)).toEqual([
      'delivery / is no event type of the document',
    ]);
  });
});
