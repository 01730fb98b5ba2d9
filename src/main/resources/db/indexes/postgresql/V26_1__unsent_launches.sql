-- Nearly all rows have none.
create index job_unsent_launch_due on job (unsent_launch_due_at) where unsent_launch_due_at is not null;
