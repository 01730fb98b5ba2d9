-- By the cleanup that ends what runs left: it does not lead in any other index.
create index run_cleanup_key on run (cleanup_key);
