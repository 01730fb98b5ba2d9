-- Projects that are being fetched for jobs in RECEIVING: what was asked, and which replica is at it until when. Any replica takes up a row
-- that nobody holds. A row goes when the job is queued or has ended.
create table source_fetch (
    job_id     varchar(26)              primary key references job (id) on delete cascade,
    request    text                     not null,
    holder     varchar(64)              not null,
    held_until timestamp with time zone not null
);

create index source_fetch_held on source_fetch (held_until);
