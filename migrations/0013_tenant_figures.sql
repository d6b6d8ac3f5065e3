-- What an administrator sees of all tenants in one answer. Numbers alone, no customer data, so a directory table; kept up from the
-- log by each tenant's `figures` lane, so that nothing wide is read when somebody asks.
create table tenant_figures (
  tenant_id uuid primary key references tenants,
  -- The last event that is counted in.
  seq bigint not null,
  last_event_at timestamptz,
  -- By kind: {"asset": {"living": 7, "deleted": 1}, …}
  records jsonb not null,
  waiting_webhooks int not null,
  oldest_webhook_at timestamptz,
  waiting_reads int not null,
  parked int not null,
  refreshed_at timestamptz not null
);

insert into tenant_leases (tenant_id, lane, due_at) select tenant_id, 'figures', created_at from tenants;
