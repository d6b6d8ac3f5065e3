-- Key or permission changed a short while ago: the delete waits for due_at, or for a person.
alter table hydrations add column withheld boolean not null default false;
