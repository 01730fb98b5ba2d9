-- Where a job's project was fetched from: an address, and the commit or ETag that it had.
alter table job add column source_uri varchar(1100);
alter table job add column source_version varchar(150);

-- Projects that were fetched before: each version of a source is fetched once. A row goes with its artifact, and proves no right to it.
create table source_version (
    id          varchar(64)              primary key,
    artifact_id varchar(64)              not null references artifact (id) on delete cascade,
    name        varchar(200)             not null,
    left_out    text                     not null,
    fetched_at  timestamp with time zone not null
);

create index source_version_artifact on source_version (artifact_id);
