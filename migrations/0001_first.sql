-- The first schema. Forward only; the runtime role's rights stand in runtime-privileges.sql.

-- The installation itself: one row.
create table installation (
  only_one boolean primary key default true check (only_one),
  installation_id uuid not null default gen_random_uuid(),
  -- Fingerprint of the master key that wraps the data keys; noted at the first start.
  master_key_id text,
  created_at timestamptz not null default now()
);
insert into installation default values;

------------------------------------------------------------------------------------------------------------------------
-- Directory: what is needed before a tenant is known. No customer data, so no row-level security; test/tenancy.db.test.ts
-- names these tables and no others.

create table tenants (
  tenant_id uuid primary key,
  name text not null unique check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  state text not null check (state in ('active', 'paused')),
  state_reason text,
  created_at timestamptz not null
);

-- One lane of work of one tenant: due when, held by whom. The epoch fences a holder that was paused past its lease.
create table tenant_leases (
  tenant_id uuid not null references tenants,
  lane text not null,
  due_at timestamptz not null,
  holder text,
  epoch bigint not null default 0,
  held_until timestamptz,
  primary key (tenant_id, lane)
);
create index tenant_leases_due on tenant_leases (lane, due_at);

-- SHA-256 of the key in a webhook's URL → whose subscription it is.
create table hook_keys (
  key_hash bytea primary key,
  tenant_id uuid not null references tenants,
  subscription_id uuid not null
);

-- Order of reads over all processes: a read that began after another ended has the larger number.
create sequence observation_tickets;

------------------------------------------------------------------------------------------------------------------------
-- Tenant data. Each table has tenant_id, FORCE row-level security and one equality policy (end of this file).

create table tenant_keys (
  tenant_id uuid primary key references tenants,
  wrapped_key bytea not null,
  master_key_id text not null,
  created_at timestamptz not null
);

create table connections (
  tenant_id uuid not null references tenants,
  connection_id uuid not null,
  organization_id text not null,
  organization_name text not null,
  -- Whether requests name the organisation in a header: only keys of several organisations need and bear it.
  sends_organization boolean not null,
  api_key bytea not null,
  created_at timestamptz not null,
  primary key (tenant_id, connection_id),
  unique (tenant_id, organization_id)
);

create table webhook_subscriptions (
  tenant_id uuid not null references tenants,
  subscription_id uuid not null,
  connection_id uuid not null,
  event_type text not null,
  state text not null check (state in ('creating', 'active', 'pending-approval', 'lost')),
  -- Where MaintainX was told to deliver, without the hook key.
  public_url text not null,
  remote_id text,
  secret bytea,
  checked_at timestamptz,
  created_at timestamptz not null,
  primary key (tenant_id, subscription_id),
  foreign key (tenant_id, connection_id) references connections
);

create table deliveries (
  tenant_id uuid not null references tenants,
  delivery_id uuid not null,
  fingerprint bytea not null,
  subscription_id uuid not null,
  event_type text not null,
  body bytea not null,
  signed_at timestamptz not null,
  uri_signature text not null check (uri_signature in ('valid', 'invalid', 'absent')),
  received_at timestamptz not null,
  -- Times that the same body came again.
  repeats integer not null default 0,
  state text not null check (state in ('waiting', 'done', 'parked')),
  reason text,
  primary key (tenant_id, delivery_id),
  unique (tenant_id, fingerprint)
);
create index deliveries_waiting on deliveries (tenant_id, delivery_id) where state = 'waiting';

create table events (
  tenant_id uuid not null references tenants,
  seq bigint not null,
  event_id uuid not null,
  stream text not null,
  -- State events of one stream count 1, 2, 3 …; facts have none.
  version integer,
  family text not null check (family in ('state', 'fact')),
  type text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  -- json, not jsonb: keeps the exact bytes and takes what jsonb refuses (NUL, lone surrogates, huge numbers).
  data json not null,
  explained_by uuid[] not null default '{}',
  actor text,
  fact_key bytea,
  primary key (tenant_id, seq)
);
create unique index events_version on events (tenant_id, stream, version) where version is not null;
create unique index events_fact on events (tenant_id, fact_key) where fact_key is not null;

create table checkpoints (
  tenant_id uuid not null references tenants,
  consumer text not null,
  seq bigint not null,
  primary key (tenant_id, consumer)
);

create table records (
  tenant_id uuid not null references tenants,
  organization_id text collate "C" not null,
  kind text collate "C" not null,
  record_id text collate "C" not null,
  version integer not null,
  -- Compared fields, canonical JSON: what the fold of the state events gives, byte for byte.
  state json not null,
  -- Fields that are kept and never compared.
  kept json not null,
  -- MaintainX's own time of the last change, where the source told it.
  updated_at timestamptz,
  -- The last accepted read: its source and the ticket drawn when it ended.
  read_source text not null check (read_source in ('list', 'get')),
  read_ended bigint not null,
  -- The last single GET: when it was made and what it said of updated_at.
  detail_at timestamptz,
  detail_updated_at timestamptz,
  first_seen_at timestamptz not null,
  changed_at timestamptz not null,
  deleted_at timestamptz,
  primary key (tenant_id, organization_id, kind, record_id)
);

-- Records to be read by a single GET, each at most once however many hooks ask for it.
create table hydrations (
  tenant_id uuid not null references tenants,
  organization_id text not null,
  kind text not null,
  record_id text not null,
  reason text not null,
  -- 1 hook · 2 recheck · 3 detail of a list row · 4 suspect of a sweep · 5 rolling re-read
  priority smallint not null,
  -- Ticket of the last wish: a read that began before it does not fulfil it.
  wanted bigint not null,
  explained_by uuid[] not null default '{}',
  attempts integer not null default 0,
  wished_at timestamptz not null,
  due_at timestamptz not null,
  -- Why it waits for a person; null while it is tried.
  parked_reason text,
  primary key (tenant_id, organization_id, kind, record_id)
);
create index hydrations_due on hydrations (tenant_id, priority, wanted) where parked_reason is null;

create table poll_cursors (
  tenant_id uuid not null references tenants,
  organization_id text not null,
  kind text not null,
  -- Greatest updatedAt seen, never later than MaintainX's clock.
  watermark timestamptz not null,
  polled_at timestamptz not null,
  primary key (tenant_id, organization_id, kind)
);

create table sync_runs (
  tenant_id uuid not null references tenants,
  run_id uuid not null,
  what text not null check (what in ('backfill', 'sweep')),
  state text not null check (state in ('requested', 'running', 'done')),
  options json not null,
  -- Where to go on after a restart, and what was done so far.
  progress json not null,
  requested_at timestamptz not null,
  finished_at timestamptz,
  reason text,
  primary key (tenant_id, run_id)
);
create unique index sync_runs_one_at_a_time on sync_runs (tenant_id, what) where state in ('requested', 'running');

------------------------------------------------------------------------------------------------------------------------
-- The tenant of the transaction, set by withTenant alone. '' (left behind by an earlier SET LOCAL) counts as none.

create function current_tenant() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('app.tenant', true), '')::uuid;

do $$
declare
  name text;
begin
  foreach name in array array[
    'tenant_keys', 'connections', 'webhook_subscriptions', 'deliveries', 'events', 'checkpoints', 'records',
    'hydrations', 'poll_cursors', 'sync_runs'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy tenant on %I using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())',
      name
    );
  end loop;
end
$$;
