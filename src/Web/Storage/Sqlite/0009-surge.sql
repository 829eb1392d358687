-- The surge levels of the pool, each with who set it, when and why: the newest row counts.
create table surge (
    seq integer primary key,
    pool text not null,
    at integer not null,
    level integer not null check (level between 0 and 4),
    account text not null,
    name text not null,
    reason text not null,
    proposed integer not null
);

-- A dated answer instead of waiting: offered, promised, kept.
alter table head add column offered_at integer;
alter table head add column promise text;
alter table head add column promised_by integer;
alter table head add column promise_kept_at integer;
create index head_promised on head (promised_by) where promise is not null;

-- Decisions of the last minutes are looked up by their time.
create index journal_at on journal (at);

-- The information desk's answers and the briefing of a campaign. Never changed: a later row of the same key stands in the place of the earlier one.
create table desk_text (
    seq integer primary key,
    campaign text not null,
    key text not null,
    at integer not null,
    actor text not null,
    title_zh text not null,
    title_en text not null,
    body_zh text not null,
    body_en text not null,
    withdrawn integer not null
);
create index desk_text_campaign on desk_text (campaign, key);

-- Whoever read an answer at the desk and needed no more.
alter table door add column answered_at integer;
