-- Projects that an owner sent without a job: usable by their id until they expire.

create table stored_project (
    owner       varchar(100)             not null,
    artifact_id varchar(64)              not null references artifact (id),
    expires_at  timestamp with time zone not null,
    primary key (owner, artifact_id)
);

create index stored_project_expiry on stored_project (expires_at);
create index stored_project_artifact on stored_project (artifact_id);
