-- A tenant may have several organisations: what asks MaintainX is done for each of them by itself.

-- '': work for the tenant as a whole.
alter table tenant_leases
  add column organization_id text collate "C" not null default '',
  drop constraint tenant_leases_pkey,
  add primary key (tenant_id, lane, organization_id);

-- The owner is held to the policies too, unless it is told otherwise for a moment.
alter table connections no force row level security;
alter table sync_runs no force row level security;

update tenant_leases l set organization_id = c.organization_id from connections c
where c.tenant_id = l.tenant_id and l.lane in ('hydrate', 'pull', 'guard');

alter table sync_runs add column organization_id text collate "C" not null default '';
update sync_runs r set organization_id = c.organization_id from connections c where c.tenant_id = r.tenant_id;
alter table sync_runs alter column organization_id drop default;
drop index sync_runs_one_at_a_time;
create unique index sync_runs_one_at_a_time on sync_runs (tenant_id, organization_id, what) where state <> 'done';

-- No more work is done for a connection that a person ended; what was copied over it stays.
alter table connections add column ended_at timestamptz;

alter table connections force row level security;
alter table sync_runs force row level security;

drop index hydrations_due;
create index hydrations_due on hydrations (tenant_id, organization_id, priority, wanted) where parked_reason is null;
