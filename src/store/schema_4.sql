-- People who sign in, systems that call, and who looked at what.

create table account (
    name text primary key,
    full_name text not null,
    -- A county's clerk: the county.
    county text references reporting_unit (county),
    -- Argon2id, in the PHC form.
    password text not null,
    -- The secret of a second factor, where the person set one up.
    totp text,
    -- The last time step of a code that was used: none is used twice.
    totp_step bigint,
    failures bigint not null,
    locked_until text,
    disabled_at text,
    created_at text not null,
    -- The first password is somebody else's.
    must_change bigint not null
);

create table account_role (
    account text not null references account (name),
    role text not null check (role in ('county', 'bureau', 'discipline', 'analyst', 'inspector', 'system_admin', 'security_admin', 'auditor')),
    primary key (account, role)
);

-- Sessions by the hash of what the browser holds.
create table session (
    sha256 text primary key,
    account text not null references account (name),
    -- Stands in every form, so that another site can't fill one in.
    form_token text not null,
    begun_at text not null,
    seen_at text not null
);

-- Systems of counties that push over HTTP.
create table token (
    sha256 text primary key,
    name text not null,
    county text references reporting_unit (county),
    scopes text not null,
    made_at text not null,
    made_by text not null,
    expires_at text,
    revoked_at text
);

-- What was done to accounts and settings, and every look at personal data. Rows are only added.
create table access (
    number bigint primary key,
    at text not null,
    who text not null,
    -- `signed_in`, `account_added`, `looked` …
    act text not null,
    subject text not null,
    detail text not null
);

-- The answer to a write that carried a key, so that asking again does nothing new.
create table idempotency (
    who text not null,
    key text not null,
    request text not null,
    status bigint not null,
    body text not null,
    at text not null,
    primary key (who, key)
);

-- Signatures of an act that several parties sign, until all are there. The text is what that party typed by itself.
create table pending_signature (
    kind text not null,
    period text not null,
    attempt bigint not null,
    act text not null check (act in ('entropy', 'void', 'substitution', 'borrowed')),
    party text not null,
    record text not null,
    at text not null,
    primary key (kind, period, attempt, act, party)
);
