-- Size of the body that waits, so that what waits can be summed up without the bodies. Of older rows: unknown, few, soon gone.
alter table delivery_queue add column bytes int not null default 0;
