-- Ids are handed out before a commit, so an event can come to light behind one with a larger id. Its place in the feed is given to it
-- after its commit, from this one row, by one replica at a time.
create table feed (
    id            int primary key,
    next_position bigint not null
);

alter table job_event add column feed_position bigint;
update job_event set feed_position = id;

insert into feed (id, next_position) select 1, coalesce(max(id), 0) + 1 from job_event;
