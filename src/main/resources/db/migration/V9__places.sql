-- A cluster's name may stand for one cluster today and for another tomorrow: runs know where they were sent.
alter table run add column place varchar(256);
alter table cleanup add column place varchar(256);
alter table cluster_sighting add column place varchar(256);
