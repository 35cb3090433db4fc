-- State of one office. Types are text and bigint only, so that one text serves SQLite and PostgreSQL.
-- What must be unique is a key here, not an `if` in the program.

create table reporting_unit (
    county text primary key,
    position bigint not null,
    record text not null
);

create table setting (
    name text primary key,
    value text not null
);

-- One row per version of what a county sent for a week.
create table submission (
    county text not null,
    week text not null,
    version bigint not null,
    at text not null,
    row_count bigint not null,
    salt text not null,
    leaf_index bigint not null unique,
    -- SHA-256 of the Parquet file of its lessons, where it has any.
    lessons text,
    primary key (county, week, version)
);

-- Documents in force for a version, whether they came with it or with an earlier one.
create table document (
    county text not null,
    week text not null,
    version bigint not null,
    sha256 text not null,
    kind text not null,
    file_name text not null,
    primary key (county, week, version, sha256)
);

-- A class keeps its unit code for life.
create table class (
    unit text primary key,
    county text not null,
    identity text not null,
    year bigint not null,
    number bigint not null,
    unique (county, identity),
    unique (county, year, number)
);

create table ledger_row (
    county text not null,
    week text not null,
    version bigint not null,
    position bigint not null,
    unit text not null,
    record text not null,
    -- Codes of the findings that must be mended, where the row is owed.
    owed text,
    primary key (county, week, version, position)
);

create table finding (
    county text not null,
    week text not null,
    version bigint not null,
    position bigint not null,
    record text not null,
    primary key (county, week, version, position)
);

-- One plan per kind, period and attempt. Frame, keys and facts stay sealed here until publication.
create table plan (
    kind text not null,
    period text not null,
    attempt bigint not null,
    hash text not null unique,
    input text not null,
    record text not null,
    roster text not null,
    frame text not null,
    frame_key text not null,
    facts_key text not null,
    facts text not null,
    left_out text not null,
    leaf_index bigint not null unique,
    primary key (kind, period, attempt)
);

create table commitment (
    kind text not null,
    period text not null,
    attempt bigint not null,
    party text not null,
    value text not null,
    leaf_index bigint not null unique,
    primary key (kind, period, attempt, party)
);

create table entropy (
    kind text not null,
    period text not null,
    attempt bigint not null,
    value text not null,
    leaf_index bigint not null unique,
    primary key (kind, period, attempt)
);

create table reveal (
    kind text not null,
    period text not null,
    attempt bigint not null,
    party text not null,
    nonce text not null,
    salt text not null,
    leaf_index bigint not null unique,
    primary key (kind, period, attempt, party)
);

create table drawn (
    kind text not null,
    period text not null,
    attempt bigint not null,
    transcript text not null,
    salt text not null,
    leaf_index bigint not null unique,
    primary key (kind, period, attempt)
);

create table publication (
    kind text not null,
    period text not null,
    attempt bigint not null,
    bundle text not null,
    leaf_index bigint not null unique,
    primary key (kind, period, attempt)
);

-- The log: leaves as their exact data, and the signed checkpoint of each size.
create table leaf (
    leaf_index bigint primary key,
    data text not null
);

create table checkpoint (
    size bigint primary key,
    note text not null
);
