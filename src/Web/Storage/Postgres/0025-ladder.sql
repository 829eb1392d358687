-- Levels of the surge ladder that a campaign may be put on. The newest row of a campaign counts; where there is none, all of them. Never changed.
create table campaign_ladder (
    seq bigint generated always as identity primary key,
    campaign text not null,
    at bigint not null,
    level_from integer not null,
    level_to integer not null,
    reason text not null,
    actor text not null
);
