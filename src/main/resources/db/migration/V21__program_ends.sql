-- How the program of a run ended by its driver's own word, which comes before the cluster's and decides nothing.
alter table run add column program_exit_code int;
alter table run add column program_ended_at timestamp with time zone;
