import { isObject, type JsonObject } from '../../base/json.ts';
import type { Answer } from '../http/answer.ts';
import type { Matched } from '../http/operation.ts';

/** What becomes of a page. */
export type PageFault = 'emptyPage' | 'repeatedCursor' | 'loopingCursor';

/** Which page of a walk a request asks for; `none`: it asks for no list. */
export type PagePlace = 'none' | 'first' | 'second' | 'later';

/** The page faults that can do something at this place. */
export function canStrike(fault: PageFault, place: PagePlace): boolean {
  switch (fault) {
    case 'emptyPage':
      return place !== 'none';
    case 'repeatedCursor':
      return place === 'second' || place === 'later';
    case 'loopingCursor':
      return place === 'later';
  }
}

const KEPT = 1000;

/** Knows how walks through lists began, so that a cursor can lead back there. */
export class Walks {
  readonly #second = new Map<string, string>();

  placeOf(matched: Matched | undefined, key: string, query: URLSearchParams): PagePlace {
    if (matched?.shape.method !== 'GET' || !matched.shape.parameters.some(({ name }) => name === 'cursor'))
      return 'none';
    const cursor = query.get('cursor');
    if (cursor === null) return 'first';
    return this.secondOf(key) === cursor ? 'second' : 'later';
  }

  secondOf(key: string): string | undefined {
    return this.#second.get(key);
  }

  /** Keeps where the first page of a walk led. */
  began(key: string, answer: Answer): void {
    const next = isObject(answer.json) ? answer.json['nextCursor'] : undefined;
    if (typeof next !== 'string') return;
    this.#second.delete(key);
    this.#second.set(key, next);
    const [oldest] = this.#second.keys();
    if (this.#second.size > KEPT && oldest !== undefined) this.#second.delete(oldest);
  }
}

/** The same list by the same caller is one walk, whatever the page. */
export function walkKey(caller: string, url: URL): string {
  const query = new URLSearchParams(url.searchParams);
  query.delete('cursor');
  return `${caller} ${url.pathname}?${query.toString()}`;
}

/** The page with the fault in it. */
export function faultyPage(answer: Answer, fault: PageFault, url: URL, second: string | undefined): Answer {
  const page = answer.json;
  if (answer.status !== 200 || !isObject(page)) return answer;
  if (fault === 'emptyPage') return { ...answer, json: emptied(page) };
  const cursor = (fault === 'loopingCursor' ? second : undefined) ?? url.searchParams.get('cursor');
  if (cursor === null) return answer;
  const query = new URLSearchParams(url.searchParams);
  query.set('cursor', cursor);
  return { ...answer, json: { ...page, nextCursor: cursor, nextPageUrl: `${url.pathname}?${query.toString()}` } };
}

const emptied = (page: JsonObject): JsonObject => ({
  ...Object.fromEntries(Object.entries(page).map(([key, value]) => [key, Array.isArray(value) ? [] : value])),
  nextCursor: null,
  nextPageUrl: null,
});
