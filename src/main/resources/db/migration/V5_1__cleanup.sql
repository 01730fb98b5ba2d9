-- Steps that end what cancelled steps left running on their cluster. One ends what several runs left. It is gone when it has ended.
create table cleanup (
    submission_key varchar(40) primary key,
    version        bigint                   not null,
    cluster        varchar(100)             not null,
    sender         varchar(200)             not null,
    intent_at      timestamp with time zone not null,
    remote_id      varchar(256)
);

create index cleanup_cluster on cleanup (cluster);

alter table run add column cleanup varchar(20);
alter table run add column cleanup_key varchar(40);

create index run_cleanup on run (cleanup, cleanup_key);
