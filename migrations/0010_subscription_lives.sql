-- `retiring`: still delivers until another one does · `retired`: replaced, and deleted at MaintainX.
alter table webhook_subscriptions
  drop constraint webhook_subscriptions_state_check,
  add constraint webhook_subscriptions_state_check
    check (state in ('creating', 'active', 'pending-approval', 'retiring', 'retired', 'lost')),
  -- For a while before it nothing told of its events: what changed meanwhile is still to be read.
  add column follows_gap boolean not null default false;
