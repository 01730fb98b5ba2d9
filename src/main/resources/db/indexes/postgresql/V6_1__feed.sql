create unique index job_event_feed on job_event (feed_position) where feed_position is not null;
create index job_event_new on job_event (id) where feed_position is null;
