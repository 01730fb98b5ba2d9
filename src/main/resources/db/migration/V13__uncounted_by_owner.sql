-- Whose jobs wait to be counted, so that an owner is told of their own without a look at all. A replica of the version before leaves it out.
alter table uncounted_job add column owner varchar(100);
update uncounted_job set owner = (select j.owner from job j where j.id = uncounted_job.job_id);
create index uncounted_job_owner on uncounted_job (owner, job_id);
