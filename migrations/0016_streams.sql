-- What a record's webhooks told, without reading the whole log; its changes are found by their versions.
create index events_told on events (tenant_id, stream, seq) where family = 'fact';
