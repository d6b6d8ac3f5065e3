import { Type } from 'typebox';
import { isoTime } from '../../base/clock.ts';
import { listTokens, scopesOf, type Caller, type Role, type Token } from '../../access/index.ts';
import { endToken, makeToken } from '../../administration/index.ts';
import { raise } from '../../errors.ts';
import { route, type ApiRoute } from '../route.ts';
import { Id, isoOrNull, orNull, RoleName, ScopeName, STRICT, Time } from '../shapes.ts';
import { newId, type RoutePorts } from './ports.ts';

const TokenShape = Type.Object({
  tokenId: Id,
  name: Type.String(),
  role: RoleName,
  scopes: Type.Array(ScopeName),
  createdAt: Time,
  expiresAt: orNull(Time),
  revokedAt: orNull(Time),
  lastUsedAt: orNull(Type.String({ format: 'date-time', description: 'to the minute' })),
});

const NewTokenBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    role: RoleName,
    scopes: Type.Optional(Type.Array(ScopeName, { description: 'fewer than the role gives', uniqueItems: true })),
    expiresAt: Type.Optional(Time),
  },
  STRICT,
);

const shown = ({ tokenId, name, role, scopes, createdAt, expiresAt, revokedAt, lastUsedAt }: Token) => ({
  tokenId,
  name,
  role,
  scopes: [...scopes],
  createdAt: isoTime(createdAt),
  expiresAt: isoOrNull(expiresAt),
  revokedAt: isoOrNull(revokedAt),
  lastUsedAt: isoOrNull(lastUsedAt),
});

/** Tokens of one tenant, by who owns it; and of the installation, by its administrator. */
export const tokenRoutes = (ports: RoutePorts): readonly ApiRoute[] => [
  ...tokensBelow(ports, 'tenant', '/tokens', ''),
  ...tokensBelow(ports, 'installation', '/installation/tokens', 'Installation'),
];

function tokensBelow(
  ports: RoutePorts,
  reach: 'tenant' | 'installation',
  path: `/${string}`,
  whose: string,
): readonly ApiRoute[] {
  const { directory } = ports.database;
  const scope = reach === 'tenant' ? 'tokens:write' : 'installation:write';
  return [
    route({
      method: 'GET',
      path,
      operationId: `list${whose}Tokens`,
      summary: 'All tokens, never the tokens themselves',
      scope,
      reach,
      status: 200,
      shapes: { answer: Type.Object({ items: Type.Array(TokenShape) }) },
      handle: async (call) => ({ items: (await listTokens(directory, call.tenantId)).map(shown) }),
    }),
    route({
      method: 'POST',
      path,
      operationId: `create${whose}Token`,
      summary: 'Make a token; this answer is the only one that shows it',
      scope,
      reach,
      status: 201,
      shapes: { body: NewTokenBody, answer: Type.Object({ tokenId: Id, token: Type.String() }) },
      handle: ({ caller, change, body: { name, role, scopes = null, expiresAt } }) => {
        refuseMore(caller, role, scopes);
        const until = expiresAt === undefined ? null : Date.parse(expiresAt);
        return change(makeToken({ tokenId: newId(ports), name, role, scopes, expiresAt: until }), { isSecret: true });
      },
    }),
    route({
      method: 'DELETE',
      path: `${path}/:tokenId`,
      operationId: `revoke${whose}Token`,
      summary: 'End a token at once, everywhere',
      scope,
      reach,
      status: 204,
      shapes: { params: Type.Object({ tokenId: Id }), answer: Type.Null() },
      handle: ({ change, params }) => change(endToken(params.tokenId)),
    }),
  ];
}

/** Nobody gives more than they have: a narrowed token must not make itself a wider one. */
function refuseMore({ scopes }: Caller, role: Role, chosen: readonly string[] | null): void {
  const beyond = [...scopesOf(role, chosen)].filter((scope) => !scopes.has(scope));
  if (beyond.length > 0) throw raise('forbidden', `your token has no ${beyond.join(', ')} to give`);
}
