-- Lists by name and by end, of everybody or of one owner, and the history of one name.
create index job_by_name on job (name, id);
create index job_owner_name on job (owner, name, id);
create index job_owner_ended on job (owner, ended_at, id) where ended_at is not null;
