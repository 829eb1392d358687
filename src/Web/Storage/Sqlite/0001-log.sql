create table deployment (
    only_one integer primary key default 1 check (only_one = 1),
    kind text not null check (kind in ('demo', 'drill', 'real')),
    zone text not null,
    created_at integer not null,
    key_check blob not null,
    authority_key text
);

-- The log. Nothing here is ever updated but payload and digest-free columns of an erased consultation: payload becomes null.
create table fact (
    seq integer primary key,
    consultation blob not null,
    version integer not null,
    at integer not null,
    kind text not null,
    actor text not null,
    retention text not null,
    bucket text not null,
    urgency integer,
    reason text,
    due_at integer,
    digest blob not null,
    hash blob not null,
    payload blob,
    unique (consultation, version)
);

create table head (
    id text primary key,
    version integer not null,
    last_hash blob not null,
    bucket text not null,
    urgency integer,
    opened_at integer not null,
    arrived_at integer,
    queued_at integer,
    due_at integer,
    changed_at integer not null,
    first_assigned_at integer,
    assigned_to text,
    assigned_at integer,
    epoch integer not null,
    out_of_sight integer not null,
    unanswered_since integer,
    times_rung integer not null,
    need text not null,
    lang text not null,
    region text,
    channel text not null,
    own_clinician text,
    patient text,
    campaign text not null,
    entrance text not null,
    organisation text not null,
    mode text not null,
    consent text not null,
    verified integer not null
);
create index head_bucket on head (bucket, urgency, arrived_at);
create index head_assigned on head (assigned_to) where assigned_to is not null;
create index head_patient on head (patient);

create table consultation_key (
    id text primary key,
    consultation blob not null,
    retention text not null,
    wrapped blob not null,
    unique (consultation, retention)
);

create table picture_chunk (
    consultation blob not null,
    version integer not null,
    part integer not null,
    bytes blob not null,
    primary key (consultation, version, part)
);

create table access (
    seq integer primary key,
    at integer not null,
    account text not null,
    role text not null,
    sign_in text,
    consultation text,
    purpose text not null,
    selection text,
    amount integer
);

create table pool (
    name text primary key,
    epoch integer not null
);
insert into pool (name, epoch) values ('light', 1);

create table journal (
    seq integer primary key,
    pool text not null,
    at integer not null,
    kind text not null,
    clinician text,
    consultation text,
    body text not null
);

create table duty (
    clinician text primary key,
    pool text not null,
    state text not null check (state in ('on', 'pausing', 'paused', 'off')),
    seats integer not null,
    since integer not null,
    last_sign_at integer not null,
    last_assigned_at integer not null
);

create table door (
    id text primary key,
    campaign text not null,
    entrance text not null,
    account text not null,
    started_at integer not null,
    last_step_at integer not null,
    turned_back text
);

-- Short messages to people (codes, "your turn is near"). Number and text are encrypted under the person's key.
create table outbox (
    id text primary key,
    person text,
    at integer not null,
    kind text not null,
    sealed blob not null,
    sent_at integer,
    attempts integer not null,
    failed text,
    claimed_until integer
);
create index outbox_unsent on outbox (at) where sent_at is null;
