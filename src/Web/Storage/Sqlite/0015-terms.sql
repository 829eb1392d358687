-- What a campaign says beside its words and hours: one text, read strictly, and in each dated record with the rest.
alter table campaign add column terms text not null default '{}';

-- Campaigns that were paused: whoever waited then has the promise of an answer by a time. Never changed.
create table campaign_pause (
    seq integer primary key,
    campaign text not null,
    at integer not null,
    answer_by integer not null,
    actor text not null
);
create index campaign_pause_by on campaign_pause (answer_by);
