create index run_application_due on run (application_due_at);
