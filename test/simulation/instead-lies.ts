import type { Json } from '../../src/base/json.ts';
import { kindEntry, type HttpResponse } from '../../src/maintainx/index.ts';
import type { Ask } from './ask.ts';
import type { Lie } from './lie-rule.ts';

/** Lies that are told without asking MaintainX; undefined: not of this request. */
export const INSTEAD: Readonly<Partial<Record<Lie, (ask: Ask) => HttpResponse | undefined>>> = {
  'permission lost, 404': ({ kind, id }) =>
    id === null
      ? json(200, { [kindEntry(kind).listKey]: [], nextCursor: null, nextPageUrl: null })
      : json(404, { errors: [{ error: 'Not found' }] }),
  'permission lost, 403': () => json(403, { errors: [{ error: 'Forbidden' }] }),
  'absent GET': ({ id }) => (id === null ? undefined : json(404, { error: 'Not found' })),
  'HTML with 200': () => text(200, 'text/html', '<html><body>Please sign in to the guest network.</body></html>'),
  'empty with 200': () => text(200, 'application/json', ''),
  'proxy 404': () => text(404, 'text/plain', 'no such host'),
  'cursor refused': ({ cursor }) =>
    cursor === null ? undefined : json(400, { errors: [{ error: 'Invalid cursor', fieldPath: 'cursor' }] }),
};

const json = (status: number, body: Json): HttpResponse =>
  text(status, 'application/json; charset=utf-8', JSON.stringify(body));

const text = (status: number, type: string, body: string): HttpResponse => ({
  status,
  headers: { 'content-type': type },
  body,
});
