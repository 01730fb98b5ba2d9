-- A run that the cluster had not begun may be taken back, so that a cleanup step comes before it: its job waits in our queue again,
-- at its old place, and is sent under another key.
alter table job add column withdrawals int default 0 not null;
alter table job add column kept_place_at timestamp with time zone;
alter table run add column withdraw_asked_at timestamp with time zone;
alter table run add column withdrawn boolean default false not null;

-- When the file that the run's launcher reads is no longer needed; it holds the job's environment.
alter table run add column launch_due_at timestamp with time zone;
