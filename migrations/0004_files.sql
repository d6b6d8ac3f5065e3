-- Files that hang on records: which there are, and how far their bytes have come. Links die within an hour and are not kept;
-- the path of a link names the file for good.
create table files (
  tenant_id uuid not null references tenants,
  organization_id text collate "C" not null,
  kind text collate "C" not null,
  record_id text collate "C" not null,
  path text collate "C" not null,
  file_name text,
  mime_type text,
  state text not null default 'wanted' check (state in ('wanted', 'stored', 'given-up')),
  -- Of the bytes; the blob's key is <tenant>/<sha256>.
  sha256 text,
  bytes bigint,
  content_type text,
  attempts integer not null default 0,
  -- Why it is not stored.
  reason text,
  due_at timestamptz not null,
  stored_at timestamptz,
  -- When the record lost it; its bytes are kept.
  lost_at timestamptz,
  primary key (tenant_id, organization_id, kind, record_id, path)
);
create index files_due on files (tenant_id, due_at) where state = 'wanted' and lost_at is null;

alter table files enable row level security;
alter table files force row level security;
create policy tenant on files using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
