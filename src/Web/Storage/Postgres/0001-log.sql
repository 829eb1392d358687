create table deployment (
    only_one boolean primary key default true check (only_one),
    kind text not null check (kind in ('demo', 'drill', 'real')),
    zone text not null,
    created_at bigint not null,
    key_check bytea not null,
    authority_key text
);

-- The log. Nothing here is ever updated but payload and digest-free columns of an erased consultation: payload becomes null.
create table fact (
    seq bigint generated always as identity primary key,
    consultation uuid not null,
    version bigint not null,
    at bigint not null,
    kind text not null,
    actor text not null,
    retention text not null,
    bucket text not null,
    urgency smallint,
    reason text,
    due_at bigint,
    digest bytea not null,
    hash bytea not null,
    payload bytea,
    unique (consultation, version)
);

create table head (
    id uuid primary key,
    version bigint not null,
    last_hash bytea not null,
    bucket text not null,
    urgency smallint,
    opened_at bigint not null,
    arrived_at bigint,
    queued_at bigint,
    due_at bigint,
    changed_at bigint not null,
    first_assigned_at bigint,
    assigned_to uuid,
    assigned_at bigint,
    epoch integer not null,
    out_of_sight boolean not null,
    unanswered_since bigint,
    times_rung integer not null,
    need text not null,
    lang text not null,
    region text,
    channel text not null,
    own_clinician uuid,
    patient uuid,
    campaign text not null,
    entrance text not null,
    organisation uuid not null,
    mode text not null,
    consent text not null,
    verified boolean not null
);
create index head_bucket on head (bucket, urgency, arrived_at);
create index head_assigned on head (assigned_to) where assigned_to is not null;
create index head_patient on head (patient);

create table consultation_key (
    id uuid primary key,
    consultation uuid not null,
    retention text not null,
    wrapped bytea not null,
    unique (consultation, retention)
);

create table picture_chunk (
    consultation uuid not null,
    version bigint not null,
    part integer not null,
    bytes bytea not null,
    primary key (consultation, version, part)
);

create table access (
    seq bigint generated always as identity primary key,
    at bigint not null,
    account uuid not null,
    role text not null,
    sign_in uuid,
    consultation uuid,
    purpose text not null,
    selection text,
    amount integer
);

create table pool (
    name text primary key,
    epoch bigint not null
);
insert into pool (name, epoch) values ('light', 1);

create table journal (
    seq bigint generated always as identity primary key,
    pool text not null,
    at bigint not null,
    kind text not null,
    clinician uuid,
    consultation uuid,
    body text not null
);

create table duty (
    clinician uuid primary key,
    pool text not null,
    state text not null check (state in ('on', 'pausing', 'paused', 'off')),
    seats integer not null,
    since bigint not null,
    last_sign_at bigint not null,
    last_assigned_at bigint not null
);

create table door (
    id uuid primary key,
    campaign text not null,
    entrance text not null,
    account uuid not null,
    started_at bigint not null,
    last_step_at bigint not null,
    turned_back text
);

-- Short messages to people (codes, "your turn is near"). Number and text are encrypted under the person's key.
create table outbox (
    id uuid primary key,
    person uuid,
    at bigint not null,
    kind text not null,
    sealed bytea not null,
    sent_at bigint,
    attempts integer not null,
    failed text,
    claimed_until bigint
);
create index outbox_unsent on outbox (at) where sent_at is null;
