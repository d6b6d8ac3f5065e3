-- Each meter whose readings are written has a window of its own: those that nobody asked for long are removed.
alter table quota_windows add column asked_at timestamptz not null default '2026-01-01';
alter table quota_windows alter column asked_at drop default;
