-- Packed Python environments that came with a job are artifacts, too.
alter table artifact add column kind varchar(20) default 'PROJECT' not null;
alter table job add column environment_id varchar(64);
alter table job add constraint job_environment_artifact foreign key (environment_id) references artifact (id);
create index job_environment on job (environment_id, owner);
