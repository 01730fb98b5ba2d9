-- Who is fetching a version of a source just now, so that all who want the same fetch it once. A row goes when the project is stored, or lapses
-- with its holder.
create table source_turn (
    id         varchar(64)              primary key,
    holder     varchar(64)              not null,
    held_until timestamp with time zone not null
);
