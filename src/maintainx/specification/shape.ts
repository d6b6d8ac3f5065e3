import type { Json } from '../../base/json.ts';

/**
 * A schema of MaintainX without its prose: the keywords of OpenAPI 3.0 that say something of a value. `$ref` names a
 * shape of `Specification.shapes`.
 */
export type Shape = {
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Shape;
  readonly items?: Shape;
  readonly oneOf?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
  readonly allOf?: readonly Shape[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly pattern?: string;
  readonly default?: Json;
  readonly deprecated?: boolean;
  readonly readOnly?: boolean;
};

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface ParameterShape {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly required: boolean;
  readonly shape: Shape;
  /** How an array is written; MaintainX repeats the key, which is the default. */
  readonly style?: string;
  readonly explode?: boolean;
}

/** The body of a request: JSON of a shape, or the bytes of a file of one of these content types. */
export type BodyShape =
  | {
      readonly required: boolean;
      readonly json: Shape;
      /** Content types beside JSON. */
      readonly also?: readonly string[];
    }
  | { readonly required: boolean; readonly bytes: readonly string[] };

/** One method at one path. */
export interface OperationShape {
  readonly method: Method;
  /** With `{name}` for each parameter, without `/v1`. */
  readonly path: string;
  /** The vendor's section, e.g. "Work Orders". */
  readonly section: string;
  readonly deprecated?: boolean;
  /** Needs no key. */
  readonly open?: boolean;
  readonly parameters: readonly ParameterShape[];
  readonly body?: BodyShape;
  /** By status; null: an answer without JSON. */
  readonly answers: Readonly<Record<string, Shape | null>>;
}

/** The shape of the whole API. Names of operations follow `operationName`; events are spelt as MaintainX spells them. */
export interface Specification<Operation extends string = string, Event extends string = string> {
  /** Of MaintainX's document. */
  readonly version: string;
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly operations: Readonly<Record<Operation, OperationShape>>;
  readonly events: Readonly<Record<Event, Shape>>;
}
