-- Where a cluster says that its logs are, for the replicas that do not ask it.
alter table cluster_sighting add column log_uri varchar(1000);
