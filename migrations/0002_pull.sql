-- Pull: runs kind by kind with their survey, sweeps that go on after a restart, settings of what is copied, and access.

-- Progress was one JSON; kinds are listed side by side now, each with a row of its own.
alter table sync_runs drop column progress;
-- When the cost of a backfill was known, and what it is.
alter table sync_runs add column surveyed_at timestamptz;
alter table sync_runs add column plan json;
drop index sync_runs_one_at_a_time;
create unique index sync_runs_one_at_a_time on sync_runs (tenant_id, what) where state <> 'done';

create table sync_run_kinds (
  tenant_id uuid not null references tenants,
  run_id uuid not null,
  kind text not null,
  -- Order in which kinds are listed.
  place smallint not null,
  state text not null check (state in ('waiting', 'listing', 'done')),
  -- Where to go on; null: at the start.
  cursor text,
  -- A cursor met earlier: meeting it again means that the list goes round in circles.
  mark text,
  loops smallint not null default 0,
  pages integer not null default 0,
  rows integer not null default 0,
  -- Requests made to list, survey included.
  requests integer not null default 0,
  -- Records that the survey expects; null: not surveyed.
  expected integer,
  at_least boolean not null default false,
  suspects integer not null default 0,
  braked boolean not null default false,
  refused text,
  started_at timestamptz,
  primary key (tenant_id, run_id, kind),
  foreign key (tenant_id, run_id) references sync_runs
);

-- Ids that a sweep has met, page by page: what is not among them at the end is suspect.
create table sweep_pages (
  tenant_id uuid not null references tenants,
  run_id uuid not null,
  kind text not null,
  page integer not null,
  ids text[] not null,
  primary key (tenant_id, run_id, kind, page),
  foreign key (tenant_id, run_id) references sync_runs
);

-- What of the organisation is copied, and how far back.
create table pull_settings (
  tenant_id uuid primary key references tenants,
  settings json not null
);

-- Whether the key is taken, and when it or a permission last changed. scope: '*' the key, else a kind.
create table access (
  tenant_id uuid not null references tenants,
  organization_id text not null,
  scope text not null,
  changed_at timestamptz,
  refused_since timestamptz,
  retry_at timestamptz,
  attempts integer not null default 0,
  reason text,
  primary key (tenant_id, organization_id, scope)
);

-- The last poll that went through, besides the last that was tried.
alter table poll_cursors add column succeeded_at timestamptz;
update poll_cursors set succeeded_at = polled_at;

-- Priorities: 1 hook · 2 recheck · 3 change (new) · 4 detail · 5 suspect · 6 re-read.
update hydrations set priority = priority + 1 where priority >= 3;
-- Times that a single read told an older state than what we hold.
alter table hydrations add column doubts integer not null default 0;
-- A person believes that the record is gone, however many are.
alter table hydrations add column released boolean not null default false;
create index hydrations_held on hydrations (tenant_id, kind) where parked_reason = 'brake';

do $$
declare
  name text;
begin
  foreach name in array array['sync_run_kinds', 'sweep_pages', 'pull_settings', 'access'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy tenant on %I using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())',
      name
    );
  end loop;
end
$$;
