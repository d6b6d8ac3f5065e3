-- Who may call the API. Looked up before a tenant is known, so a directory table; the token itself is nowhere.
create table access_tokens (
  token_id uuid primary key,
  token_hash bytea not null unique,
  -- Null: the installation's.
  tenant_id uuid references tenants,
  name text not null check (length(name) between 1 and 100),
  role text not null check (role in ('viewer', 'operator', 'owner', 'admin')),
  -- Fewer than the role gives; null: all of them.
  scopes text[],
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  check ((role = 'admin') = (tenant_id is null))
);
create index access_tokens_tenant on access_tokens (tenant_id, created_at);
