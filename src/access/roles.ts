/** What a token may do, each with the words that the documentation uses. */
export const SCOPES = {
  'records:read': 'read records and the coverage map',
  'events:read': 'read the log',
  'deliveries:read': 'see webhooks and what is parked',
  'deliveries:write': 'replay and discard webhooks',
  'sync:read': 'see how far the copy is',
  'sync:write': 'start, pause and release syncs',
  'tenant:read': 'see the tenant, its connection and its health',
  'tenant:write': 'change settings and keys of the tenant',
  'tokens:write': 'make and revoke tokens of the tenant',
  'audit:read': 'see who did what in the tenant',
  'installation:read': 'see all tenants and their figures',
  'installation:write': 'add, pause and erase tenants, and make tokens of the installation',
} as const satisfies Readonly<Record<string, string>>;
export type Scope = keyof typeof SCOPES;

const isScope = (name: string): name is Scope => Object.hasOwn(SCOPES, name);

/** All scopes, in the order of the table. */
export const ALL_SCOPES: readonly Scope[] = Object.keys(SCOPES).filter(isScope);

const READS: readonly Scope[] = ['records:read', 'events:read', 'deliveries:read', 'sync:read', 'tenant:read'];
const RUNS: readonly Scope[] = [...READS, 'deliveries:write', 'sync:write'];
const OWNS: readonly Scope[] = [...RUNS, 'tenant:write', 'tokens:write', 'audit:read'];

/** Roles of a tenant, and `admin` of the installation, who acts for a tenant by naming it. */
export const ROLES = {
  viewer: READS,
  operator: RUNS,
  owner: OWNS,
  admin: ALL_SCOPES,
} as const satisfies Readonly<Record<string, readonly Scope[]>>;
export type Role = keyof typeof ROLES;

export const isRole = (name: string): name is Role => Object.hasOwn(ROLES, name);

export const ALL_ROLES: readonly Role[] = Object.keys(ROLES).filter(isRole);

/** What a token of a role may do that was narrowed to `chosen`; what the role does not give is not given. */
export function scopesOf(role: Role, chosen: readonly string[] | null): ReadonlySet<Scope> {
  const given: readonly Scope[] = ROLES[role];
  return new Set(chosen === null ? given : given.filter((scope) => chosen.includes(scope)));
}
