-- Photos that patients add to their report, each sealed with its session's key. `seq` is the event that tells of it.
create table photos (
    organisation_id text not null,
    id text not null primary key,
    session_id text not null references sessions (id),
    seq integer not null,
    sealed blob not null,
    -- The same, small, for paper.
    paper_sealed blob not null,
    created_at integer not null
) strict;

create index photos_of_session on photos (session_id);
