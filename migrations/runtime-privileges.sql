-- All that the runtime role may do; run by the owner after every migration with the role's name in place of :runtime.
-- It owns nothing, creates nothing, and cannot change or delete an event.

grant usage on schema public to :runtime;
grant select, update (master_key_id, login_secret, restored_at) on installation to :runtime;
grant select, insert, update on tenants to :runtime;
grant select, insert, update on tenant_leases to :runtime;
grant select, insert, delete on hook_keys to :runtime;
grant select, insert, update, delete on quota_windows to :runtime;
grant usage on sequence observation_tickets to :runtime;
grant select, insert, update on access_tokens to :runtime;
grant select, insert, update on tenant_figures to :runtime;
grant select, insert, update, delete on tenant_keys to :runtime;
grant select, insert on audit to :runtime;
grant select, insert, update (answer), delete on repeatable_requests to :runtime;
grant select, insert, update on connections to :runtime;
grant select, insert, update on webhook_subscriptions to :runtime;
grant select, insert on deliveries to :runtime;
grant select, insert, delete on delivery_queue to :runtime;
grant select, insert, update (discarded), delete on delivery_parked to :runtime;
grant select, insert on events to :runtime;
grant select, insert, update on checkpoints to :runtime;
grant select, insert, update on records to :runtime;
grant select, insert, update, delete on hydrations to :runtime;
grant select, insert, update on poll_cursors to :runtime;
grant select, insert, update on sync_runs to :runtime;
grant select, insert, update on sync_run_kinds to :runtime;
grant select, insert, delete on sweep_pages to :runtime;
grant select, insert, update on pull_settings to :runtime;
grant select, insert, update on access to :runtime;
grant select, insert, update on files to :runtime;
grant execute on function current_tenant(), taken_in_for() to :runtime;
grant execute on function prepare_delivery_days(date, date), drop_delivery_days(date) to :runtime;
grant execute on function erase_some(uuid, integer), erase_tenant(uuid) to :runtime;
grant execute on function redact_event(bigint, json), forget_bodies(text, bytea[]) to :runtime;
