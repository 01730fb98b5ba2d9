-- Whose jobs wait to be counted, so that an owner is told of their own without a look at all of them. A replica of the version before
-- leaves the owner out. Made anew: an update would leave a dead row before each of very many.
alter table uncounted_job rename to uncounted_job_without_owner;

create table uncounted_job (
    job_id varchar(26) primary key references job (id) on delete cascade,
    owner  varchar(100)
);

insert into uncounted_job (job_id, owner)
select u.job_id, j.owner from uncounted_job_without_owner u join job j on j.id = u.job_id order by u.job_id;

drop table uncounted_job_without_owner;

create index uncounted_job_owner on uncounted_job (owner, job_id);
