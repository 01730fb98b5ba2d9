-- What of a job's upload is no part of its project, as a JSON list. It goes with its job; a job without a row left nothing out.
create table job_left_out (
    job_id varchar(26) primary key references job (id) on delete cascade,
    files text not null
);
