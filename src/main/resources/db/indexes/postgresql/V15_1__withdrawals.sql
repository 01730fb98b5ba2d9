-- Nearly all rows have neither.
create index job_kept_place on job (kept_place_at) where kept_place_at is not null;
create index run_launch_due on run (launch_due_at) where launch_due_at is not null;
