export { ALL_ROLES, ALL_SCOPES, ROLES, scopesOf, type Role, type Scope } from './roles.ts';
export {
  admitEnvironmentToken,
  callerOf,
  createToken,
  firstAdminToken,
  listTokens,
  revokeToken,
  type Caller,
  type Token,
} from './tokens.ts';
