import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { keptName, kindEntry, ruleOf, type Kind } from '../maintainx/index.ts';

/** A file that hangs on a record. Its link dies within an hour; the path of the link names it for good. */
export interface FileRef {
  /** Path of the link, without host and signature. */
  readonly path: string;
  readonly fileName: string | null;
  readonly mimeType: string | null;
}

/** Which record a file hangs on. */
export interface FileOwner {
  readonly organizationId: string;
  readonly kind: Kind;
  readonly recordId: string;
}

/** The files of a record as we hold it, each once. */
export function filesIn(kind: Kind, state: JsonObject): readonly FileRef[] {
  const entry = kindEntry(kind);
  const files = new Map<string, FileRef>();
  for (const field of linkFields(kind))
    walk(state[keptName(entry, field)], ({ url, fileName, mimeType }) => {
      if (url.startsWith('/')) files.set(url, { path: url, fileName, mimeType });
    });
  return [...files.values()];
}

/** The links of a record as MaintainX just answered it, by path. */
export function linksIn(kind: Kind, raw: JsonObject): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  for (const field of linkFields(kind))
    walk(raw[field], ({ url }) => {
      if (URL.canParse(url)) links.set(new URL(url).pathname, url);
    });
  return links;
}

const linkFields = (kind: Kind): readonly string[] => {
  const entry = kindEntry(kind);
  return Object.keys(entry.fields).filter((field) => {
    const rule = ruleOf(entry, field);
    return rule === 'link' || rule === 'link-set';
  });
};

interface Linked {
  readonly url: string;
  readonly fileName: string | null;
  readonly mimeType: string | null;
}

/** A file has a type; links without one lead elsewhere, such as to a page of the web. */
function walk(value: Json | undefined, found: (file: Linked) => void): void {
  if (isArray(value)) for (const one of value) walk(one, found);
  else if (isObject(value)) {
    const { url, fileName, mimeType } = value;
    if (typeof url === 'string' && typeof mimeType === 'string') found({ url, fileName: textOr(fileName), mimeType });
    for (const member of Object.values(value)) walk(member, found);
  }
}

const textOr = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
