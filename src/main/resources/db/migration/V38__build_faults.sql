-- What was at fault when the last build of an environment did not go well: where the index of packages is away, jobs that did not ask for what
-- was found in their projects go without it.
alter table environment add column fault varchar(20);
alter table environment add column fault_at timestamp with time zone;
create index environment_fault on environment (cluster, fault_at);
