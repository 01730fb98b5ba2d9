create index run_application_due on run (application_due_at) where application_due_at is not null;
