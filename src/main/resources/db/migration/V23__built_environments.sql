-- What projects ask to have installed, in one spelling; the same wish of many jobs is one row.
create table requirements (
    id         varchar(64)              primary key,
    content    varchar(1000000)         not null,
    created_at timestamp with time zone not null
);

-- Python environments that are built once for all who want the same. A key is built anew under the next generation.
create table environment (
    id              varchar(26)              primary key,
    version         bigint                   not null,
    env_key         varchar(64)              not null,
    generation      int                      not null,
    requirements_id varchar(64)              not null references requirements (id),
    cluster         varchar(200)             not null,
    python_version  varchar(20),
    project_id      varchar(64)              not null,
    execution_role  varchar(2048),
    owner           varchar(200)             not null,
    hashed          boolean                  not null,
    requested       boolean                  not null,
    state           varchar(20)              not null,
    attempt         int                      not null,
    intent_at       timestamp with time zone,
    remote_place    varchar(100),
    not_before      timestamp with time zone,
    message         varchar(2000),
    place           varchar(200),
    artifact_id     varchar(64)              references artifact (id),
    size_bytes      bigint                   not null,
    build_seconds   double precision         not null,
    packages        varchar(200000)          not null,
    python          varchar(20),
    created_at      timestamp with time zone not null,
    ended_at        timestamp with time zone,
    last_used_at    timestamp with time zone not null,
    constraint environment_generation unique (env_key, generation)
);
create index environment_state on environment (state, created_at);

alter table job add column requirements_id varchar(64) references requirements (id);
alter table job add column environment_need varchar(10);
alter table job add column built_environment_id varchar(26);
alter table job add column environment_place varchar(200);
alter table job add column environment_since timestamp with time zone;
create index job_environment_need on job (environment_need, state);
create index job_built_environment on job (built_environment_id);
