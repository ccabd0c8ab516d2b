-- What an application settles of its model and its speech provider, as JSON; null is the deployment's.
alter table applications add column model text;
alter table applications add column speech text;

-- Tokens and sound a session has used, for its limits: plain columns, so that no turn has to add the ledger up.
alter table sessions add column tokens integer not null default 0;
alter table sessions add column audio_ms integer not null default 0;

-- One row per call of somebody else's computer, written before the call and closed after it; never content. Rows outlive the
-- session, without its id. Prices are millionths of the contract's currency.
create table upstream_calls (
    organisation_id text not null,
    id text not null primary key,
    application_id text not null,
    session_id text,
    turn_id text,
    interface text not null,
    purpose text not null,
    template text not null,
    template_version integer not null,
    model text not null,
    request_id text,
    day integer not null,
    started_at integer not null,
    first_at integer,
    ended_at integer,
    status text not null,
    input_tokens integer not null,
    output_tokens integer not null,
    is_estimate integer not null,
    audio_ms integer not null,
    bytes_sent integer not null,
    bytes_received integer not null,
    price integer not null
) strict, without rowid;

create index upstream_calls_of_application on upstream_calls (application_id, day);
create index upstream_calls_of_session on upstream_calls (session_id);
