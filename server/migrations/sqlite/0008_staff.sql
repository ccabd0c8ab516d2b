-- Staff members, how they sign in, and what they were seen to do. `login` is a name the administrator picks, unique over all organisations.
create table staff (
    organisation_id text not null references organisations (id),
    id text not null primary key,
    login text not null unique,
    name text not null,
    role text not null,
    departments text not null,
    state text not null,
    password_hash text,
    totp_sealed blob,
    totp_step integer not null default 0,
    created_at integer not null,
    updated_at integer not null
) strict;

-- Recovery codes: each opens once in place of the second factor.
create table staff_recovery_codes (
    organisation_id text not null,
    staff_id text not null references staff (id),
    code_hash blob not null primary key
) strict;

-- Links that set a password: invitation, reset, and the code of the first start (which has no member yet).
create table staff_links (
    organisation_id text,
    staff_id text references staff (id),
    code_hash blob not null primary key,
    created_at integer not null,
    expires_at integer not null
) strict;

-- Sign-ins. `level` is `password` until the second factor was shown, then `full`.
create table staff_sign_ins (
    organisation_id text not null,
    staff_id text not null references staff (id),
    id text not null primary key,
    token_hash blob not null unique,
    level text not null,
    browser text not null,
    created_at integer not null,
    seen_at integer not null,
    expires_at integer not null
) strict;

create index staff_sign_ins_of on staff_sign_ins (staff_id);
