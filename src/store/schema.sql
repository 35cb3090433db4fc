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

-- A void lets the next attempt be planned; see `plan.after_void`.
create table void (
    kind text not null,
    period text not null,
    attempt bigint not null,
    reason text not null,
    leaf_index bigint not null unique,
    primary key (kind, period, attempt)
);

-- One plan per kind, period and attempt; a further attempt stands on the void of the one before. Frame, keys and facts stay sealed here until publication.
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
    after_void bigint,
    primary key (kind, period, attempt),
    foreign key (kind, period, after_void) references void (kind, period, attempt),
    check ((attempt = 1 and after_void is null) or (after_void is not null and after_void = attempt - 1))
);

-- The parties of an attempt: nobody else commits or reveals.
create table plan_party (
    kind text not null,
    period text not null,
    attempt bigint not null,
    party text not null,
    primary key (kind, period, attempt, party),
    foreign key (kind, period, attempt) references plan (kind, period, attempt)
);

-- How far an attempt has come. Each step stands on the one before it, and every act below on its step, so that no other
-- order can be stored: 1 planned, 2 all committed, 3 public value, 4 all revealed, 5 drawn, 6 published.
create table stage (
    kind text not null,
    period text not null,
    attempt bigint not null,
    step bigint not null,
    previous bigint,
    primary key (kind, period, attempt, step),
    foreign key (kind, period, attempt) references plan (kind, period, attempt),
    foreign key (kind, period, attempt, previous) references stage (kind, period, attempt, step),
    check ((step = 1 and previous is null) or (step between 2 and 6 and previous is not null and previous = step - 1))
);

create table commitment (
    kind text not null,
    period text not null,
    attempt bigint not null,
    party text not null,
    value text not null,
    leaf_index bigint not null unique,
    step bigint not null check (step = 1),
    primary key (kind, period, attempt, party),
    foreign key (kind, period, attempt, party) references plan_party (kind, period, attempt, party),
    foreign key (kind, period, attempt, step) references stage (kind, period, attempt, step)
);

create table entropy (
    kind text not null,
    period text not null,
    attempt bigint not null,
    value text not null,
    leaf_index bigint not null unique,
    step bigint not null check (step = 2),
    primary key (kind, period, attempt),
    foreign key (kind, period, attempt, step) references stage (kind, period, attempt, step)
);

create table reveal (
    kind text not null,
    period text not null,
    attempt bigint not null,
    party text not null,
    nonce text not null,
    salt text not null,
    leaf_index bigint not null unique,
    step bigint not null check (step = 3),
    primary key (kind, period, attempt, party),
    foreign key (kind, period, attempt, party) references plan_party (kind, period, attempt, party),
    foreign key (kind, period, attempt, step) references stage (kind, period, attempt, step)
);

create table drawn (
    kind text not null,
    period text not null,
    attempt bigint not null,
    transcript text not null,
    salt text not null,
    leaf_index bigint not null unique,
    step bigint not null check (step = 4),
    primary key (kind, period, attempt),
    foreign key (kind, period, attempt, step) references stage (kind, period, attempt, step)
);

-- Substitutions and borrowed teams, in log order.
create table change (
    kind text not null,
    period text not null,
    attempt bigint not null,
    leaf_index bigint primary key,
    act text not null,
    salt text not null,
    record text not null,
    step bigint not null check (step = 5),
    foreign key (kind, period, attempt, step) references stage (kind, period, attempt, step)
);

create table publication (
    kind text not null,
    period text not null,
    attempt bigint not null,
    bundle text not null,
    leaf_index bigint not null unique,
    step bigint not null check (step = 5),
    primary key (kind, period, attempt),
    foreign key (kind, period, attempt, step) references stage (kind, period, attempt, step)
);

-- Witnesses that are asked for, and what they cosigned: their lines under a checkpoint.
create table witness (
    vkey text primary key,
    owner text not null
);

create table cosignature (
    size bigint not null,
    vkey text not null,
    time bigint not null,
    line text not null,
    primary key (size, vkey, time)
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
