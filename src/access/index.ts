export { ALL_ROLES, ALL_SCOPES, ROLES, scopesOf, type Role, type Scope } from './roles.ts';
export {
  admitEnvironmentToken,
  callerOf,
  createToken,
  firstAdminToken,
  listTokens,
  revokeAllTokens,
  revokeToken,
  type Caller,
  type NewToken,
  type Token,
} from './tokens.ts';
