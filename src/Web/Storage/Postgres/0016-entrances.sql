-- The entrances of a campaign: each row is a version of one, with who set it and when. The newest of a code counts; none is changed.
create table entrance (
    seq bigint generated always as identity primary key,
    code text not null,
    version integer not null,
    campaign text not null,
    name text not null,
    kind text not null,
    per_hour integer,
    origins text not null,
    closed boolean not null,
    at bigint not null,
    actor text not null,
    unique (code, version)
);
create index entrance_campaign on entrance (campaign);

-- Whoever came when an entrance was full has the promise of an hour; and how somebody came in past the count.
alter table door add column comes_at bigint;
alter table door add column let_in text;
create index door_campaign on door (campaign, started_at);
create index door_comes on door (campaign, comes_at) where comes_at is not null;
