-- Webhooks as they came, by the day, so that old days go at once. Bodies are written once; what is to be done about them
-- stands apart. No foreign keys: the hook key named the tenant, and a check for each row costs as much as the row.
alter table deliveries rename to deliveries_before;
alter index deliveries_waiting rename to deliveries_before_waiting;

create table deliveries (
  tenant_id uuid not null,
  -- Day of received_at in UTC.
  received_on date not null,
  -- Of subscription and body: the same one comes once a day at most.
  fingerprint bytea not null,
  delivery_id uuid not null,
  subscription_id uuid not null,
  event_type text not null,
  body bytea not null,
  signed_at timestamptz not null,
  uri_signature text not null check (uri_signature in ('valid', 'invalid', 'absent')),
  received_at timestamptz not null,
  -- Times that the same body came again on that day.
  repeats integer not null default 0,
  primary key (tenant_id, received_on, fingerprint)
) partition by range (received_on);
create index deliveries_order on deliveries (tenant_id, delivery_id);

-- Arrivals that wait to be read, in order: a delivery that comes again has another arrival.
create table delivery_queue (
  tenant_id uuid not null,
  arrival_id uuid not null,
  received_on date not null,
  fingerprint bytea not null,
  primary key (tenant_id, arrival_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- Deliveries that cannot be used, until a person decides.
create table delivery_parked (
  tenant_id uuid not null,
  received_on date not null,
  fingerprint bytea not null,
  reason text not null,
  -- Why a person said that it is not needed.
  discarded text,
  primary key (tenant_id, received_on, fingerprint)
);

do $$
declare
  name text;
begin
  foreach name in array array['deliveries', 'delivery_queue', 'delivery_parked'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy tenant on %I using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())',
      name
    );
  end loop;
end
$$;

-- Whether the transaction takes deliveries in for this tenant: many tenants' go in with one statement. A list of UUIDs as
-- text has no place where another UUID could begin.
create function takes_in_for(tenant uuid) returns boolean
  language sql stable parallel safe
  return strpos(coalesce(current_setting('app.intake', true), ''), tenant::text) > 0;
create policy intake on deliveries for insert with check (takes_in_for(tenant_id));
create policy intake on delivery_queue for insert with check (takes_in_for(tenant_id));

-- Days are made and dropped by the owner's right: the runtime role creates and drops nothing by itself. A day has no policy
-- and nobody has rights on it, so its rows are reached through `deliveries` alone.
create function prepare_delivery_days(first date, last date) returns void
  language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '5s' as $$
declare
  day date;
  name text;
begin
  if last - first > 40 then
    raise exception 'too many days at once';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('delivery days', 0));
  for day in select generate_series(first, last, interval '1 day')::date loop
    name := 'deliveries_' || to_char(day, 'YYYYMMDD');
    if to_regclass(name) is null then
      execute format('create table %I (like deliveries including all)', name);
      execute format('alter table %I enable row level security', name);
      execute format('alter table %I force row level security', name);
      execute format('alter table deliveries attach partition %I for values from (%L) to (%L)', name, day, day + 1);
    end if;
  end loop;
end
$$;

create function drop_delivery_days(before date) returns integer
  language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '5s' as $$
declare
  name text;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('delivery days', 0));
  for name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'deliveries'::regclass and c.relname < 'deliveries_' || to_char(before, 'YYYYMMDD')
    order by 1
  loop
    execute format('drop table %I', name);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;
revoke execute on function prepare_delivery_days(date, date), drop_delivery_days(date) from public;

-- What came before goes over. The owner is held to the policies too, so they rest meanwhile.
do $$
declare
  name text;
  day date;
begin
  foreach name in array array['deliveries_before', 'deliveries', 'delivery_queue', 'delivery_parked'] loop
    execute format('alter table %I no force row level security', name);
  end loop;
  for day in select distinct (received_at at time zone 'UTC')::date from deliveries_before loop
    perform prepare_delivery_days(day, day);
  end loop;
end
$$;
insert into deliveries
select tenant_id, (received_at at time zone 'UTC')::date, fingerprint, delivery_id, subscription_id, event_type, body,
       signed_at, uri_signature, received_at, repeats
from deliveries_before;
insert into delivery_queue
select tenant_id, delivery_id, (received_at at time zone 'UTC')::date, fingerprint from deliveries_before
where state = 'waiting';
insert into delivery_parked (tenant_id, received_on, fingerprint, reason)
select tenant_id, (received_at at time zone 'UTC')::date, fingerprint, coalesce(reason, '') from deliveries_before
where state = 'parked';
drop table deliveries_before;
do $$
declare
  name text;
begin
  foreach name in array array['deliveries', 'delivery_queue', 'delivery_parked'] loop
    execute format('alter table %I force row level security', name);
  end loop;
end
$$;
