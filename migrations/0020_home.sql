-- Where the database was when it was last started. Its one row is written whole, and names the transaction that wrote it: one that
-- came here from a dump was written by another.
create table database_home (
  only_one boolean primary key default true check (only_one),
  -- Cluster, timeline and database.
  place text not null,
  -- The embedded server's folder on its disk; null: not known.
  folder text,
  written_by xid8 not null
);
insert into database_home (place, written_by) select home, pg_current_xact_id() from installation where home is not null;
alter table installation drop column home;
