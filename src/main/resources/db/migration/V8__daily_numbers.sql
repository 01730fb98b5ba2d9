-- Ended jobs that the daily numbers do not have yet. The row is written with the job's end and goes with its being counted, so that
-- each is counted once, however late it ends and whoever is killed in between.
create table uncounted_job (
    job_id varchar(26) primary key references job (id) on delete cascade
);

insert into uncounted_job (job_id)
select id from job where state in ('SUCCEEDED', 'FAILED', 'CANCELLED');

-- Ended jobs by the UTC day of their end; the owner '*' is all of them.
create table daily_end (
    owner       varchar(100) not null,
    on_day      date         not null,
    state       varchar(20)  not null,
    reason_code varchar(40)  not null,
    jobs        bigint       not null,
    primary key (owner, on_day, state, reason_code)
);

create index daily_end_day on daily_end (on_day);

-- How long they waited and ran, as histograms: those of days can be added up, percentiles cannot.
create table daily_time (
    owner   varchar(100) not null,
    on_day  date         not null,
    measure varchar(10)  not null,
    bucket  int          not null,
    jobs    bigint       not null,
    primary key (owner, on_day, measure, bucket)
);

create index daily_time_day on daily_time (on_day);
