-- The job that another one was run again from. Not a reference: an origin may be removed before those that came of it.
alter table job add column origin_id varchar(26);
