-- What packed environments that were sent are made for: a job that names one by its id gets the findings that the one that sent it got. A row goes
-- with its artifact.
create table packed_environment (
    artifact_id varchar(64) primary key references artifact (id) on delete cascade,
    facts       text        not null
);
