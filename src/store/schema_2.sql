-- What people's documents gave, and what a clerk corrected.

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
