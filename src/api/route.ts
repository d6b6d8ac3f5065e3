import { Type, type Static, type TObject, type TSchema } from 'typebox';
import type { Caller, Scope } from '../access/index.ts';
import type { Change } from '../administration/index.ts';
import type { Actor } from '../audit/index.ts';
import type { Json } from '../base/json.ts';

/** Schemas of what a route takes and answers: they validate, give the types, and are the OpenAPI document. */
export interface RouteShapes {
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TObject;
  readonly answer: TSchema;
}

/** The answer of a route that gives a file, byte for byte. */
export const FileBytes = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' });

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
  /** The caller as the audit names it. */
  readonly actor: Actor;
  /**
   * Does a change in one transaction with its line in the audit: in the call's tenant, in the installation, or in the tenant
   * that an administrator's route is about. Honours Idempotency-Key and If-Match.
   */
  readonly change: <Answer extends Json>(change: Change<Answer>, options?: ChangeOptions) => Promise<Answer>;
}

export interface ChangeOptions {
  /** Whose, when it is not the call's own. */
  readonly tenantId?: string;
  /** The answer tells a secret: it is never kept to be told again. */
  readonly isSecret?: boolean;
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
  readonly status: 200 | 201 | 202 | 204;
  readonly shapes: Shapes;
  handle(call: Call<Shapes, Within>): Promise<Static<Shapes['answer']>>;
}

/** Declares a route; what its handler is given and has to answer follows from its shapes. */
export const route = <const Shapes extends RouteShapes, const Within extends Reach>(
  declared: ApiRoute<Shapes, Within>,
): ApiRoute => declared;
