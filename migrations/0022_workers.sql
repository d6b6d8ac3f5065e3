-- Most of a tenant's organisations that a lane works for at once; null: half of a process's workers.
alter table tenants add column workers smallint check (workers between 1 and 100);
