-- What people's documents gave, and what a clerk corrected.

-- Set where the county said that it has nothing to report（零报告）.
alter table submission add column zero_report text;

-- Facts of a version beside its lessons: Parquet files named by their hash.
create table fact (
    county text not null,
    week text not null,
    version bigint not null,
    kind text not null,
    sha256 text not null,
    row_count bigint not null,
    primary key (county, week, version, kind),
    foreign key (county, week, version) references submission (county, week, version)
);

-- What a county's own header means, as a clerk said once. Nothing is overwritten: undoing is a time.
create table mapping (
    id bigint primary key,
    county text not null,
    kind text not null,
    header text not null,
    -- The canonical column; empty where the header is none.
    field text not null,
    at text not null,
    by_whom text not null,
    undone_at text
);

-- When a reporting unit began or ceased to be due, and each change of its names. One that began with the folder has no
-- `added` row.
create table reporting_unit_change (
    county text not null references reporting_unit (county),
    number bigint not null,
    act text not null check (act in ('added', 'changed', 'retired')),
    from_week text not null,
    at text not null,
    by_person text not null,
    record text not null,
    primary key (county, number)
);

-- Readings of rules that the city chose: who chose what, when. The newest row is in force.
create table rule_change (
    name text not null,
    number bigint not null,
    value text not null,
    at text not null,
    by_person text not null,
    primary key (name, number)
);

-- One dossier per class applied for（开班申报）. Everything that follows it is added as a row and never rewritten.
create table application (
    dossier text primary key,
    county text not null,
    identity text not null,
    year bigint not null,
    number bigint not null,
    opened_at text not null,
    unique (county, identity),
    unique (county, year, number)
);

-- What ledgers, exports or a clerk said of the class; the newest row is in force. `origin` is a week, a system or a person.
create table application_fact (
    dossier text not null references application (dossier),
    number bigint not null,
    at text not null,
    source text not null check (source in ('ledger', 'export', 'entered')),
    origin text not null,
    record text not null,
    primary key (dossier, number)
);

create table application_paper (
    dossier text not null references application (dossier),
    number bigint not null,
    at text not null,
    paper text not null,
    state text not null check (state in ('missing', 'received', 'sent_back')),
    by_person text not null,
    note text,
    primary key (dossier, number)
);

-- Checks that a person ticked, and what was computed at the moment of a decision.
create table application_check (
    dossier text not null references application (dossier),
    number bigint not null,
    at text not null,
    code text not null,
    kind text not null check (kind in ('computed', 'ticked')),
    outcome text not null,
    numbers text not null,
    by_person text,
    note text,
    primary key (dossier, number),
    check (kind = 'computed' or by_person is not null)
);

create table application_decision (
    dossier text not null references application (dossier),
    number bigint not null,
    at text not null,
    decision text not null check (decision in ('papers_passed', 'papers_sent_back', 'approved', 'refused', 'withdrawn')),
    stated_on text,
    by_person text not null,
    reasons text,
    primary key (dossier, number)
);

-- The teaching plan（教学计划）of the class as it was read; the newest row is in force.
create table application_plan (
    dossier text not null references application (dossier),
    number bigint not null,
    at text not null,
    sha256 text not null,
    file_name text not null,
    by_person text not null,
    record text not null,
    primary key (dossier, number)
);
