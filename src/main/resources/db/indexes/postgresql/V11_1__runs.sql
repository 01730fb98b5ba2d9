-- Nearly no run leaves anything: the indexes of those that do hold nothing else.
drop index run_cleanup;
create index run_cleanup on run (cleanup, submission_key) where cleanup is not null;
create index run_cleanup_key on run (cleanup_key) where cleanup_key is not null;
