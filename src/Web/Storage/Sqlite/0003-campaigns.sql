create table campaign (
    slug text primary key,
    organisation text not null,
    name_zh text not null,
    name_en text not null,
    owner_zh text not null,
    owner_en text not null,
    purpose_zh text not null,
    purpose_en text not null,
    covers_zh text not null,
    covers_en text not null,
    regions text not null,
    hours text not null,
    hotline text not null,
    numbers text not null,
    rules_date text,
    state text not null,
    created_at integer not null
);

create table campaign_change (
    seq integer primary key,
    campaign text not null,
    at integer not null,
    actor text not null,
    kind text not null,
    body text not null
);
