import { Type, type TSchema } from 'typebox';
import { ALL_ROLES, ALL_SCOPES } from '../access/index.ts';

/** Shapes that several routes share. */

/** One of some names. */
export function oneOf<const Name extends string>(names: readonly Name[]) {
  return Type.Unsafe<Name>({ type: 'string', enum: [...names] });
}

export const Time = Type.String({ format: 'date-time', description: 'UTC, to the millisecond' });
export const Id = Type.String({ format: 'uuid' });
export const TenantName = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'lower-case letters, digits, dashes',
});
export const RoleName = oneOf(ALL_ROLES);
export const ScopeName = oneOf(ALL_SCOPES);

/** So that a client that sends a field we do not know hears of it. */
export const STRICT = { additionalProperties: false } as const;

export const orNull = <One extends TSchema>(one: One) => Type.Union([one, Type.Null()]);

const MOST_ITEMS = 500;

export const PageQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ITEMS, default: 100 })),
    cursor: Type.Optional(Type.String({ maxLength: 500, description: '`nextCursor` of the page before' })),
  },
  STRICT,
);

/** RFC 9457 problem details with our code. */
export const ProblemShape = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'one of docs/errors.md' }),
  detail: Type.String(),
  requestId: Type.String(),
});

export const isoTime = (time: number): string => new Date(time).toISOString();
export const isoOrNull = (time: number | null): string | null => (time === null ? null : isoTime(time));
