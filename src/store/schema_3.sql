-- Risk models（评分卡）that were proposed, and what was decided on each. Nothing is overwritten.

create table model (
    sha256 text primary key,
    -- A changed model needs another name.
    name text not null unique,
    valid_from text not null,
    valid_until text not null,
    -- Canonical JSON, whose hash is the identity, and the file as it was proposed, with its comments.
    record text not null,
    source text not null
);

-- Proposals, approvals and withdrawals in their order. Going back to an older model is a further approval.
create table model_act (
    number bigint primary key,
    sha256 text not null references model (sha256),
    act text not null check (act in ('proposed', 'approved', 'withdrawn')),
    by_person text not null,
    -- For whom the approver acts.
    role text check (role in ('bureau', 'discipline')),
    at text not null,
    note text,
    check ((act = 'approved') = (role is not null))
);
