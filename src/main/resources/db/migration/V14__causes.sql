-- Why a run failed, in its program's own words: read from its logs, which arrive some minutes after its end.
alter table run add column cause_type varchar(300);
alter table run add column cause_message varchar(2000);
alter table run add column cause_file varchar(1024);
alter table run add column cause_line int;
-- When the logs are looked at next; null when nothing more is expected of them.
alter table run add column cause_due_at timestamp with time zone;

-- Apart from the runs: lists of jobs have no use for it.
create table run_traceback (
    submission_key varchar(40) primary key references run (submission_key) on delete cascade,
    lines          varchar(16384) not null
);

-- What a line of the history is; null where its states tell.
alter table job_event add column kind varchar(20);
alter table job_event add column data varchar(12000);

-- When somebody last waited for what needs the YARN application of the run.
alter table run add column application_wanted_at timestamp with time zone;
