create index run_cause_due on run (cause_due_at);
