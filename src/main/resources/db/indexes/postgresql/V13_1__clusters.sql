-- Lists of one cluster, newest first. H2 has none of these: it would read the whole of a cluster where it now reads the live jobs alone.
create index job_cluster on job (cluster, id);
create index job_cluster_state on job (cluster, state, id);
