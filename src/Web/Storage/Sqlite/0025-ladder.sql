-- Levels of the surge ladder that a campaign may be put on. The newest row of a campaign counts; where there is none, all of them. Never changed.
create table campaign_ladder (
    seq integer primary key,
    campaign text not null,
    at integer not null,
    level_from integer not null,
    level_to integer not null,
    reason text not null,
    actor text not null
);
