import { Type } from 'typebox';
import { route, type ApiRoute } from '../route.ts';
import { Id, orNull, RoleName, ScopeName } from '../shapes.ts';

/** Who the caller is: the first thing to ask with a new token. */
export const me = (): ApiRoute =>
  route({
    method: 'GET',
    path: '/me',
    operationId: 'getMe',
    summary: 'Who this token belongs to, and what it may do',
    scope: null,
    reach: 'anyone',
    status: 200,
    shapes: {
      answer: Type.Object({
        tokenId: Id,
        name: Type.String(),
        role: RoleName,
        tenantId: orNull(Id),
        scopes: Type.Array(ScopeName),
      }),
    },
    handle: ({ caller: { tokenId, name, role, tenantId, scopes } }) =>
      Promise.resolve({ tokenId, name, role, tenantId, scopes: [...scopes] }),
  });
