-- Whether this database is a restored backup: then it does not know what was written to MaintainX since, and nothing is written
-- until a person has looked.
alter table installation
  -- Cluster, timeline and database in which it was last started; null: not yet, or a test's copy.
  add column home text,
  add column restored_at timestamptz;
