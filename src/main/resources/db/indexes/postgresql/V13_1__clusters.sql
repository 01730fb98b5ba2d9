-- Lists of one cluster, newest first.
create index job_cluster on job (cluster, id);
create index job_cluster_state on job (cluster, state, id);
