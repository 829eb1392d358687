-- What organisations lend to the campaigns of others: each row is a version of a rule, with who set it, when and why. The newest counts; none is changed.
create table aid_rule (
    seq bigint generated always as identity primary key,
    rule uuid not null,
    version integer not null,
    lender uuid not null,
    at bigint not null,
    account uuid not null,
    name text not null,
    reason text not null,
    campaign text not null,
    keep integer not null check (keep between 0 and 100),
    needs text not null,
    areas text not null,
    hours text not null,
    ended boolean not null,
    unique (rule, version)
);
