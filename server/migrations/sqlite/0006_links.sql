-- Links with which a hospital hands a patient over: used once. `sealed` can be opened with the code alone, which is nowhere here.
create table links (
    organisation_id text not null,
    application_id text not null references applications (id),
    code_hash blob not null primary key,
    sealed blob not null,
    created_at integer not null,
    expires_at integer not null
) strict;

create index links_expiring on links (expires_at);
