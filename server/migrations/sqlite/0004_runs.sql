-- Runs lie in their key, as events do: a turn writes one page less.
create table runs_in_key (
    organisation_id text not null,
    session_id text not null references sessions (id),
    turn_id text not null,
    body_mac blob not null,
    state text not null,
    first_seq integer not null,
    last_seq integer,
    lease_until integer not null,
    started_at integer not null,
    ended_at integer,
    primary key (session_id, turn_id)
) strict, without rowid;

insert into runs_in_key select * from runs;
drop table runs;
alter table runs_in_key rename to runs;
