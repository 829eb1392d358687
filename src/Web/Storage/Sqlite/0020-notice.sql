-- A correction or a new rule that was sent to many. What was sent is never changed; it can be stopped for those whom it has not reached yet.
create table notice (
    seq integer primary key,
    id text not null unique,
    organisation text not null,
    at integer not null,
    actor text not null,
    name text not null,
    text_zh text not null,
    text_en text not null,
    why text not null,
    campaign text,
    waiting boolean not null,
    advised_since text,
    dispositions text not null,
    counted integer not null,
    chosen integer not null,
    stopped_at integer,
    stopped_by text
);

-- Whom it is sent to, chosen in the transaction of the sending: so that a restart loses none and doubles none.
create table notice_to (
    notice text not null,
    consultation text not null,
    urgency integer not null,
    state text not null check (state in ('due', 'told', 'handed', 'sent', 'failed', 'page', 'gone', 'stopped')),
    changed_at integer not null,
    primary key (notice, consultation)
);
create index notice_to_do on notice_to (state, urgency);

-- How many messages of notices went out in a minute, on all nodes.
create table notice_pace (
    minute integer primary key,
    used integer not null
);
