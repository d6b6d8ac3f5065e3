import { Type, type TSchema } from 'typebox';
import { isoTime } from '../base/clock.ts';
import { ALL_ROLES, ALL_SCOPES } from '../access/index.ts';

/** Shapes that several routes share. */

/** One of some names. */
export function oneOf<const Name extends string>(names: readonly Name[]) {
  return Type.Unsafe<Name>({ type: 'string', enum: [...names] });
}

export const orNull = <One extends TSchema>(one: One) => Type.Union([one, Type.Null()]);

export const Time = Type.String({ format: 'date-time', description: 'UTC, to the millisecond' });
export const Id = Type.String({ format: 'uuid' });
export const TenantName = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'lower-case letters, digits, dashes',
});
export const TenantShape = Type.Object({
  tenantId: Id,
  name: TenantName,
  state: oneOf(['active', 'paused', 'erasing']),
  stateReason: orNull(Type.String()),
  createdAt: Time,
});

export const ApiKeyText = Type.String({
  minLength: 1,
  maxLength: 4_096,
  pattern: '^[\\x21-\\x7e]+$',
  writeOnly: true,
  description: 'MaintainX API key',
});

/** So that a client that sends a field we do not know hears of it. */
export const STRICT = { additionalProperties: false } as const;

/** Where a tenant may have several organisations. */
export const organization = {
  organization: Type.Optional(
    Type.String({
      pattern: '^\\d{1,20}$',
      description: 'MaintainX’s id of the organisation that is meant; not needed where the tenant has one',
    }),
  ),
};
export const OrganizationQuery = Type.Object(organization, STRICT);

export const RoleName = oneOf(ALL_ROLES);
export const ScopeName = oneOf(ALL_SCOPES);

/** As cursors hold them. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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

export const isoOrNull = (time: number | null): string | null => (time === null ? null : isoTime(time));
