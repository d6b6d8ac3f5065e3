-- Keys that can be replaced, what administrators did, requests that may be sent again, and tenants that can be erased.

-- A tenant has one data key; while it is replaced, the one before still opens.
alter table tenant_keys
  add column key_no integer not null default 1,
  add column retired_at timestamptz,
  drop constraint tenant_keys_pkey,
  add primary key (tenant_id, key_no);

-- The runtime role's password, sealed by the master key, once that is another one than it was derived from.
alter table installation add column login_secret bytea;

alter table tenants
  drop constraint tenants_state_check,
  add constraint tenants_state_check check (state in ('active', 'paused', 'erasing')),
  add column erased_since timestamptz;

-- Who did what: a chain of hashes per tenant, and one of the installation under the tenant id of nobody. Only added to.
create table audit (
  tenant_id uuid not null,
  seq bigint not null,
  at timestamptz not null,
  -- Who: a token or a person, e.g. `token 0191… (BI)`.
  actor text not null,
  -- From where, e.g. `api 10.0.0.7`.
  origin text not null,
  -- What, e.g. `createToken`.
  action text not null,
  -- To what, e.g. a token's id.
  target text not null,
  -- SHA-256 of what was there before and is there after, canonical JSON; null: nothing.
  before_hash bytea,
  after_hash bytea,
  -- Of all columns above and the hash of the entry before.
  hash bytea not null,
  primary key (tenant_id, seq)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if exists (select from tenants where tenant_id = old.tenant_id and state = 'erasing') then
      return old;
    end if;
  end if;
  raise exception 'the audit is only added to';
end
$$;
create trigger only_added_to before update or delete on audit for each row execute function refuse_change();
create trigger never_emptied before truncate on audit execute function refuse_change();

-- What was answered to a request that named a key for itself: the same request again gets the same answer.
create table repeatable_requests (
  tenant_id uuid not null,
  token_id uuid not null,
  request_key text not null,
  -- Of method, path and body.
  request_hash bytea not null,
  -- Null: it told a secret, which is told once.
  answer json,
  made_at timestamptz not null,
  primary key (tenant_id, token_id, request_key)
);

do $$
declare
  name text;
begin
  foreach name in array array['audit', 'repeatable_requests'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy tenant on %I using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())',
      name
    );
  end loop;
end
$$;

-- Deletes up to `most` rows of each table that a tenant has rows in, by the catalogue, so that no table is forgotten. Answers how
-- many went. Only for a tenant whose state says that it is being erased.
create function erase_some(tenant uuid, most integer) returns bigint
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  name text;
  went bigint;
  total bigint := 0;
begin
  if not exists (select from tenants where tenant_id = tenant and state = 'erasing') then
    raise exception 'the tenant is not being erased';
  end if;
  perform set_config('app.tenant', tenant::text, true);
  for name in
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'tenants'
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
    order by c.relname
  loop
    begin
      execute format(
        'delete from %1$I where tenant_id = $1 and (tableoid, ctid) in (select tableoid, ctid from %1$I where tenant_id = $1 limit $2)',
        name
      ) using tenant, most;
      get diagnostics went = row_count;
      total := total + went;
    exception when foreign_key_violation then
      -- Rows of another table name these: they go first, and these with the next call.
      total := total + 1;
    end;
  end loop;
  return total;
end
$$;

-- Takes the tenant itself away. Fails while any row names it. False: somebody else did.
create function erase_tenant(tenant uuid) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from tenants where tenant_id = tenant and state = 'erasing';
  return found;
end
$$;

revoke all on function erase_some(uuid, integer), erase_tenant(uuid) from public;

-- Rows that come by the thousand do not look their tenant up each, nor lock its row: that was a third of what an append cost.
-- Row-level security says whose they are, and `erase_some` finds them by the catalogue.
alter table events drop constraint events_tenant_id_fkey;
alter table records drop constraint records_tenant_id_fkey;
alter table hydrations drop constraint hydrations_tenant_id_fkey;

-- What takes longer to find out, looked at now and then; and whose quota the tenant uses, to find its window by.
alter table tenant_figures add column outlook jsonb, add column principal text;
