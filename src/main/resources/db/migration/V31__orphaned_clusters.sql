-- Clusters of this installation that no order owns, as the leader last saw them.
create table orphaned_cluster (
    cluster_id    varchar(64)              primary key,
    cluster       varchar(200)             not null,
    order_key     varchar(26)              not null,
    created_at    timestamp with time zone not null,
    found_at      timestamp with time zone not null,
    why           varchar(500)             not null,
    order_known   boolean                  not null,
    end_wished_at timestamp with time zone,
    end_wished_by varchar(100),
    end_asked_at  timestamp with time zone
);

-- Retention looks for orders that ended long ago.
create index cluster_order_ended on cluster_order (ended_at);
