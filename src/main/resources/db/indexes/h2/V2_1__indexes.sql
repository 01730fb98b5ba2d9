-- H2 knows no partial indexes: the ended jobs lie in these too, behind the state.
drop index job_state_cluster;
create index job_state_cluster on job (state, cluster, priority, owner, id);
create index job_owner_state on job (owner, state, id);
create index job_state_id on job (state, id);
create index job_heartbeat on job (state, heartbeat_at);
create index job_created on job (created_at, id);
create index job_ended on job (ended_at, id);
create index artifact_marked on artifact (marked_at);
