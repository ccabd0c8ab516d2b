-- Reports as submitted: each version is a row and never changes. `sealed` holds the report's JSON under the session's key.
create table reports (
    organisation_id text not null,
    id text not null primary key,
    session_id text not null references sessions (id),
    application_id text not null,
    version integer not null,
    care_level text,
    seq integer not null,
    sealed blob not null,
    code_hash blob not null,
    code_expires_at integer not null,
    submitted_at integer not null,
    unique (session_id, version)
) strict;

create index reports_of_code on reports (code_hash);

-- Messages to other systems, written in the transaction of what they tell of: ids and codes, never content.
create table outbox (
    organisation_id text not null,
    id text not null primary key,
    application_id text not null,
    kind text not null,
    subject_id text not null,
    state text not null,
    attempts integer not null,
    next_at integer not null,
    created_at integer not null
) strict;

create index outbox_due on outbox (state, next_at);

-- Keys with which other systems fetch what the messages tell of. The key itself is nowhere.
create table application_keys (
    organisation_id text not null,
    application_id text not null references applications (id),
    key_hash blob not null primary key,
    created_at integer not null
) strict;

-- A code with which another device goes on with a session: one a session, it works once.
create table session_codes (
    organisation_id text not null,
    session_id text not null primary key references sessions (id),
    code_hash blob not null unique,
    expires_at integer not null
) strict;
