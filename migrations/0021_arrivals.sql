-- Each webhook that comes is a row, also when its body came before: to know that at once took an index of all bodies, a third of what
-- storing one cost. The log, which knows every fact's key, takes each fact once all the same.
alter table deliveries rename to deliveries_before;
do $$
declare
  name text;
begin
  for name in select inhrelid::regclass::text from pg_inherits where inhparent = 'deliveries_before'::regclass loop
    execute format('alter table %I rename to %I', name, 'before_' || name);
  end loop;
end
$$;

create table deliveries (
  tenant_id uuid not null,
  -- Day of received_at in UTC.
  received_on date not null,
  delivery_id uuid not null,
  subscription_id uuid not null,
  event_type text not null,
  body bytea not null,
  signed_at timestamptz not null,
  uri_signature text not null check (uri_signature in ('valid', 'invalid', 'absent')),
  received_at timestamptz not null,
  -- In this order: a delivery is found by its id, and a tenant's are read in the order in which they came.
  primary key (tenant_id, delivery_id, received_on)
) partition by range (received_on);
alter table deliveries enable row level security;
alter table deliveries force row level security;
create policy tenant on deliveries using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
create policy intake on deliveries for insert with check (tenant_id = any ((select taken_in_for())::uuid[]));

do $$
declare
  day date;
begin
  alter table deliveries_before no force row level security;
  alter table delivery_queue no force row level security;
  alter table delivery_parked no force row level security;
  alter table deliveries no force row level security;
  for day in select distinct received_on from deliveries_before loop
    perform prepare_delivery_days(day, day);
  end loop;
end
$$;
insert into deliveries
select tenant_id, received_on, delivery_id, subscription_id, event_type, body, signed_at, uri_signature, received_at
from deliveries_before;

-- What waits, and what is parked, names its delivery by its id. Of what is kept no longer only the arrival is left.
alter table delivery_queue add column delivery_id uuid;
update delivery_queue q set delivery_id = d.delivery_id from deliveries_before d
where (d.tenant_id, d.received_on, d.fingerprint) = (q.tenant_id, q.received_on, q.fingerprint);
update delivery_queue set delivery_id = arrival_id where delivery_id is null;
alter table delivery_queue alter column delivery_id set not null, drop column fingerprint;

alter table delivery_parked add column delivery_id uuid;
update delivery_parked p set delivery_id = d.delivery_id from deliveries_before d
where (d.tenant_id, d.received_on, d.fingerprint) = (p.tenant_id, p.received_on, p.fingerprint);
delete from delivery_parked where delivery_id is null;
alter table delivery_parked
  drop constraint delivery_parked_pkey, alter column delivery_id set not null, drop column fingerprint,
  add primary key (tenant_id, delivery_id);

drop table deliveries_before;
alter table deliveries force row level security;
alter table delivery_queue force row level security;
alter table delivery_parked force row level security;

create or replace function forget_bodies(organization text, keys bytea[]) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  went integer;
begin
  delete from deliveries d
  where tenant_id = current_tenant()
    and sha256(convert_to(octet_length(organization) || ':' || organization || octet_length(event_type) || ':' || event_type
                          || octet_length(body) || ':', 'UTF8') || body)
        in (select e.fact_key from events e where e.tenant_id = current_tenant() and e.fact_key = any(keys))
    and not exists (select from delivery_queue q where q.tenant_id = d.tenant_id and q.delivery_id = d.delivery_id)
    and not exists (select from delivery_parked p where p.tenant_id = d.tenant_id and p.delivery_id = d.delivery_id);
  get diagnostics went = row_count;
  return went;
end
$$;
