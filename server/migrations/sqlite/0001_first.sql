-- The first schema. Ids are text (UUIDv7 where made here), times are unix milliseconds, sealed values are blobs.
-- Every table carries its organisation. A shipped migration is never edited.

create table organisations (
    id text not null primary key,
    name text not null,
    directory_version integer not null,
    created_at integer not null
) strict;

create table applications (
    organisation_id text not null references organisations (id),
    id text not null primary key,
    position integer not null,
    name text not null,
    kind text not null,
    description text not null,
    domains text not null,
    region text not null,
    url text not null,
    network_type text not null,
    accent text,
    languages text not null,
    setting text not null,
    time_zone text not null,
    question_budget integer not null,
    self_care integer not null,
    voice integer not null,
    retention_days integer not null,
    requests_per_minute integer not null,
    created_at integer not null,
    updated_at integer not null
) strict;

-- The published directory. `content` is the record as JSON; the columns beside it are what lists select by.
create table hospitals (
    organisation_id text not null references organisations (id),
    id text not null,
    position integer not null,
    content text not null,
    primary key (organisation_id, id)
) strict;

create table departments (
    organisation_id text not null references organisations (id),
    id text not null,
    hospital_id text not null,
    position integer not null,
    content text not null,
    primary key (organisation_id, id)
) strict;

create table doctors (
    organisation_id text not null references organisations (id),
    id text not null,
    department_id text not null,
    position integer not null,
    content text not null,
    primary key (organisation_id, id)
) strict;

create table routing_rules (
    organisation_id text not null references organisations (id),
    id text not null,
    position integer not null,
    content text not null,
    primary key (organisation_id, id)
) strict;

-- One row per visit. Nothing the patient said stands here; what lists and figures need does.
create table sessions (
    organisation_id text not null references organisations (id),
    id text not null primary key,
    application_id text not null,
    locale text not null,
    status text not null,
    last_seq integer not null,
    patient_seq integer not null,
    client_secret_hash blob not null,
    knowledge text not null,
    care_level text,
    step text,
    turns integer not null,
    created_at integer not null,
    expires_at integer not null,
    ended_at integer
) strict;

create index sessions_expiring on sessions (expires_at);

create table session_tokens (
    organisation_id text not null,
    session_id text not null references sessions (id),
    token_hash blob not null primary key,
    created_at integer not null
) strict;

create index session_tokens_of_session on session_tokens (session_id);

-- Append only. `sealed` holds the event's JSON under the session's key.
create table session_events (
    organisation_id text not null,
    session_id text not null references sessions (id),
    seq integer not null,
    kind text not null,
    version integer not null,
    audience text not null,
    turn_id text not null,
    sealed blob not null,
    created_at integer not null,
    primary key (session_id, seq)
) strict, without rowid;

-- What answers one turn. A running one holds a lease; an expired one is ended by the next caller.
create table runs (
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
) strict;

create table consents (
    organisation_id text not null,
    session_id text not null references sessions (id),
    purpose text not null,
    version integer not null,
    language text not null,
    text_sha256 text not null,
    given_by text not null,
    given_at integer not null,
    withdrawn_at integer,
    primary key (session_id, purpose)
) strict;

create table feedback (
    organisation_id text not null,
    session_id text not null references sessions (id),
    helpful integer not null,
    reason text,
    created_at integer not null,
    primary key (session_id)
) strict;

-- Outlives the session: says what became of it, to who holds the code. Also the tombstone a restored backup replays.
create table receipts (
    organisation_id text not null,
    code_hash blob not null primary key,
    session_id text not null,
    state text not null,
    expires_at integer not null,
    erased_at integer,
    backups_until integer,
    reason text
) strict;

create index receipts_of_session on receipts (session_id);

-- Sums for the bill, per application and day (days since 1970-01-01).
create table usage_days (
    organisation_id text not null,
    application_id text not null,
    day integer not null,
    requests integer not null,
    sessions integer not null,
    turns integer not null,
    primary key (application_id, day)
) strict;
