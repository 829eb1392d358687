-- Keys of partners: a digest, never the key. Each belongs to one entrance of one campaign.
create table partner_key (
    id uuid primary key,
    organisation uuid not null,
    campaign text not null,
    entrance text not null,
    name text not null,
    digest bytea not null unique,
    scopes text not null,
    per_minute integer not null,
    per_day integer,
    at bigint not null,
    actor text not null,
    revoked_at bigint,
    revoked_by text
);
create index partner_key_campaign on partner_key (campaign);

-- Where a partner is told that a consultation of its entrance has moved on; the secret of the signature is sealed under the deployment key.
create table webhook (
    id uuid primary key,
    partner uuid not null unique,
    campaign text not null,
    entrance text not null,
    url text not null,
    secret bytea not null,
    seen_until bigint not null,
    at bigint not null
);

-- What was told or is still to be told: ids and states. The id follows from webhook, consultation and version, so that whichever node is first tells it, and once.
create table webhook_delivery (
    id uuid primary key,
    webhook uuid not null,
    consultation uuid not null,
    version bigint not null,
    state text not null,
    at bigint not null,
    attempts integer not null,
    next_at bigint,
    claimed_until bigint,
    sent_at bigint,
    failed text
);
create index webhook_delivery_next on webhook_delivery (next_at) where next_at is not null;
create index webhook_delivery_consultation on webhook_delivery (webhook, consultation, version);
create index head_entrance on head (campaign, entrance, changed_at);
