-- Frequently asked questions are published with the directory. `content` is the record as JSON.
create table faq_entries (
    organisation_id text not null,
    id text not null,
    position integer not null,
    content text not null,
    primary key (organisation_id, id)
) strict;
