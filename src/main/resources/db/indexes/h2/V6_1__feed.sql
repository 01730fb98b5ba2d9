-- Also finds what has no place yet: H2 keeps nulls in indexes, and takes them for different.
create unique index job_event_feed on job_event (feed_position);
