-- Logins of browsers, for every replica. Neither the id that the browser has nor the token that it was got with can be read from here.

create table web_session (
    id_hash      varchar(64)              primary key,
    owner        varchar(100)             not null,
    token_hash   varchar(64)              not null,
    last_used_at timestamp with time zone not null,
    expires_at   timestamp with time zone not null
);

create index web_session_owner on web_session (owner, last_used_at);
create index web_session_last_use on web_session (last_used_at);
create index web_session_expiry on web_session (expires_at);
