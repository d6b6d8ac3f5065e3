-- The windows of principals, shared by all processes. Directory: a principal is the hash of a key, or a name that an
-- operator declared; there is no customer data in it.
create table quota_windows (
  principal text primary key,
  state json not null
) with (fillfactor = 50);

-- Whose quota a connection uses; null: its key's own. Two connections of one user share one window.
alter table connections add column principal text;
