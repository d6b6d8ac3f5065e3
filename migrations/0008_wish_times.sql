-- When the latest hook that asks for the record was told, by MaintainX's clock: a list row at least as new shows its change.
alter table hydrations add column told_at timestamptz;
