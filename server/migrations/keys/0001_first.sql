-- Keys live in a file of their own, outside the content's backup. Every value here is wrapped by the key above it.

-- Proves at start that the master key is the one this data was written with.
create table key_checks (
    id integer not null primary key,
    master_key_id text not null,
    sealed blob not null,
    created_at integer not null
) strict;

create table organisation_keys (
    organisation_id text not null primary key,
    key_id blob not null,
    wrapped blob not null,
    created_at integer not null
) strict;

create table session_keys (
    organisation_id text not null,
    session_id text not null primary key,
    key_id blob not null,
    wrapped blob not null,
    created_at integer not null
) strict;
