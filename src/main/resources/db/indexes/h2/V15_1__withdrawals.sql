create index job_kept_place on job (kept_place_at);
create index run_launch_due on run (launch_due_at);
