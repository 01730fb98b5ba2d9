-- Jobs that have not ended are few among all: what asks for them alone reads indexes that hold nothing else.
drop index job_state_cluster;
drop index job_queue_deadline;
create index job_queue on job (cluster, priority, owner, id) where state = 'QUEUED';
create index job_queue_deadline on job (queue_deadline_at) where state = 'QUEUED';
create index job_on_cluster on job (cluster, id) where state in ('SUBMITTING', 'PENDING', 'RUNNING');
create index job_receiving on job (heartbeat_at) where state = 'RECEIVING';
create index job_alive on job (owner, id)
    where state in ('RECEIVING', 'QUEUED', 'SUBMITTING', 'PENDING', 'RUNNING');

-- Lists: newest first, of everybody or of one owner, by state and by time.
create index job_state on job (state, id);
create index job_owner_state on job (owner, state, id);
create index job_created on job (created_at, id);

-- Retention.
create index job_ended on job (ended_at, id) where ended_at is not null;
create index artifact_marked on artifact (marked_at) where marked_at is not null;

-- A part of a name needs trigrams. Where the role may not have the extension, such a filter reads the list from its newest end.
do
$$
    begin
        create extension if not exists pg_trgm;
        create index job_name on job using gin (lower(name) gin_trgm_ops);
    exception
        when insufficient_privilege or undefined_file or feature_not_supported then
            raise notice 'pg_trgm cannot be had here: filters by a part of the name stay slow';
    end
$$;
