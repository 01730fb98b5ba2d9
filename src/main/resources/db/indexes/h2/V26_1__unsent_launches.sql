create index job_unsent_launch_due on job (unsent_launch_due_at);
