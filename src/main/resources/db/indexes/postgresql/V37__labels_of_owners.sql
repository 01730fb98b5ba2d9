-- A label's rows say whose job they are of, and on which cluster: a list of one owner's jobs with a common label reads nothing of others'.
-- Made anew: an update would leave a dead row before each of very many.
alter table job_label rename to job_label_without_owner;

create table job_label (
    job_id      varchar(26)  not null,
    label_key   varchar(100) not null,
    label_value varchar(500) not null,
    owner       varchar(100) not null,
    cluster     varchar(100) not null
);

insert into job_label (job_id, label_key, label_value, owner, cluster)
select l.job_id, l.label_key, l.label_value, j.owner, j.cluster
from job_label_without_owner l join job j on j.id = l.job_id order by l.job_id, l.label_key;

drop table job_label_without_owner;

alter table job_label add primary key (job_id, label_key);
alter table job_label add foreign key (job_id) references job (id);
create index job_label_value on job_label (label_key, label_value, job_id);
create index job_label_owner on job_label (label_key, label_value, owner, job_id);
create index job_label_cluster on job_label (label_key, label_value, cluster, job_id);

create index job_owner_cluster on job (owner, cluster, id);

-- A replica of the version before leaves both out while it is still there.
create function label_of_job() returns trigger language plpgsql as
$$
begin
    if new.owner is null then
        select j.owner, j.cluster into new.owner, new.cluster from job j where j.id = new.job_id;
    end if;
    return new;
end
$$;

create trigger job_label_of_job before insert on job_label for each row execute function label_of_job();
