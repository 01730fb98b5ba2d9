-- The YARN application that a run started: its driver's and executors' logs lie under its id.
alter table run add column application_id varchar(64);
alter table run add column application_has_driver boolean default false not null;
-- When it is looked for next.
alter table run add column application_due_at timestamp with time zone;

-- What is left of the budget of calls to AWS, as the leader counts it.
alter table cluster_sighting add column budget varchar(2000);
