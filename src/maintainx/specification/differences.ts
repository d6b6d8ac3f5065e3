import type { Json } from '../../base/json.ts';
import type { Method } from './shape.ts';

/** `breaking`: we or our users may fail; `new`: something to use; `note`: good to know. */
export type Severity = 'breaking' | 'new' | 'note';

export interface OperationPlace {
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  /** The vendor's section, e.g. "Work Orders". */
  readonly section: string;
}

/** Where in a specification. Of an operation: at most one of parameter, body and status. Nothing at all: the document. */
export interface Place {
  readonly operation?: OperationPlace;
  readonly parameter?: { readonly name: string; readonly in: string };
  /** In the body of the request. */
  readonly body?: true;
  /** In the answer of this status. */
  readonly status?: string;
  readonly event?: string;
  /** `assets[].parts{}.id`: `[]` an element of a list, `{}` a value of a map, `<type=X>` one of several variants. */
  readonly field?: string;
}

/** What a difference is about; the rest of the aspects are the keywords of a shape: type, format, maximum, … */
export type Aspect =
  | 'version'
  | 'operation'
  | 'section'
  | 'path'
  | 'open'
  | 'parameter'
  | 'in'
  | 'style'
  | 'explode'
  | 'body'
  | 'answer'
  | 'content'
  | 'content type'
  | 'event'
  | 'field'
  | 'required'
  | 'enum'
  | 'enum value'
  | 'items'
  | 'additionalProperties'
  | 'oneOf'
  | 'anyOf'
  | 'allOf'
  | 'variant'
  | Keyword;

/** Keywords of a shape that are compared as they are. */
export const KEYWORDS = [
  'type',
  'format',
  'nullable',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'pattern',
  'default',
  'deprecated',
  'readOnly',
] as const;
type Keyword = (typeof KEYWORDS)[number];

export interface Change {
  readonly verb: 'added' | 'removed' | 'changed';
  readonly aspect: Aspect;
  /** Absent: it was not there, or there is nothing to say of it. */
  readonly before?: Json;
  readonly after?: Json;
  /** An added field or parameter must be there. */
  readonly mandatory?: true;
}

/** A change and where it is. */
export type PlacedChange = Change & { readonly place: Place };

/** One thing that is new, gone or changed. */
export interface Difference extends Change {
  readonly place: Place;
  readonly severity: Severity;
  /** The parts of Millwright that it touches, in words. */
  readonly affects: readonly string[];
}

/** `before` and `after`, each only when there is one. */
export const beforeAfter = (before: Json | undefined, after: Json | undefined): Pick<Change, 'before' | 'after'> => ({
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
});
