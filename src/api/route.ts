import type { Static, TObject, TSchema } from 'typebox';
import type { Caller, Scope } from '../access/index.ts';

/** Schemas of what a route takes and answers: they validate, give the types, and are the OpenAPI document. */
export interface RouteShapes {
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TObject;
  readonly answer: TSchema;
}

type Given<Shape extends TObject | undefined> = Shape extends TObject ? Static<Shape> : undefined;

/** `tenant` acts inside one tenant · `installation` is the administrator's · `anyone` is for every token. */
export type Reach = 'tenant' | 'installation' | 'anyone';

/** One authorised and validated request. */
export interface Call<Shapes extends RouteShapes = RouteShapes, Within extends Reach = Reach> {
  readonly params: Given<Shapes['params']>;
  readonly query: Given<Shapes['query']>;
  readonly body: Given<Shapes['body']>;
  readonly caller: Caller;
  /** From the token, or for an administrator from the header `Millwright-Tenant`; never from path or body. */
  readonly tenantId: Within extends 'tenant' ? string : null;
}

export interface ApiRoute<Shapes extends RouteShapes = RouteShapes, Within extends Reach = Reach> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, parameters as `:name`. */
  readonly path: `/${string}`;
  readonly operationId: string;
  readonly summary: string;
  readonly reach: Within;
  /** What a token has to be allowed; null: any token will do. */
  readonly scope: Scope | null;
  readonly status: 200 | 201 | 204;
  readonly shapes: Shapes;
  handle(call: Call<Shapes, Within>): Promise<Static<Shapes['answer']>>;
}

/** Declares a route; what its handler is given and has to answer follows from its shapes. */
export const route = <const Shapes extends RouteShapes, const Within extends Reach>(
  declared: ApiRoute<Shapes, Within>,
): ApiRoute => declared;
