-- A person who asks for help. The key seals everything personal about them; destroying it destroys that.
create table account (
    id uuid primary key,
    wrapped bytea not null,
    phone_digest bytea unique,
    phone_sealed bytea,
    verified_at bigint,
    lang text not null,
    created_at bigint not null
);

-- A browser or app that has pressed Start, or has come back by code. The token itself is only in the device.
create table device (
    id uuid primary key,
    account uuid not null,
    token_digest bytea not null unique,
    created_at bigint not null,
    last_seen_at bigint not null
);
create index device_account on device (account);

-- The person who is ill, which is not the account that writes.
create table patient (
    id uuid primary key,
    account uuid not null,
    relation text not null,
    label_sealed bytea,
    created_at bigint not null
);
create index patient_account on patient (account);

create table recovery (
    digest bytea primary key,
    account uuid not null,
    created_at bigint not null
);

create table code (
    id uuid primary key,
    purpose text not null,
    person uuid not null,
    number_digest bytea not null,
    number_sealed bytea not null,
    device uuid not null,
    network text not null,
    code_digest bytea not null,
    created_at bigint not null,
    expires_at bigint not null,
    tries integer not null,
    used_at bigint
);
create index code_number on code (number_digest, created_at);
create index code_created on code (created_at);

create table organisation (
    id uuid primary key,
    name_zh text not null,
    name_en text not null,
    province text not null,
    created_at bigint not null
);

create table staff (
    id uuid primary key,
    organisation uuid not null,
    role text not null,
    login text not null unique,
    name text not null,
    title text not null,
    wrapped bytea not null,
    phone_sealed bytea not null,
    password_hash text not null,
    totp_sealed bytea,
    totp_step bigint,
    skills text not null,
    langs text not null,
    licence text not null,
    channels text not null,
    active boolean not null,
    failures integer not null,
    locked_until bigint,
    created_at bigint not null
);

create table staff_sign_in (
    id uuid primary key,
    staff uuid not null,
    token_digest bytea not null unique,
    created_at bigint not null,
    last_seen_at bigint not null,
    second_factor_at bigint,
    ended_at bigint
);

create table invitation (
    id uuid primary key,
    token_digest bytea not null unique,
    organisation uuid not null,
    role text not null,
    skills text not null,
    langs text not null,
    licence text not null,
    created_by uuid,
    created_at bigint not null,
    expires_at bigint not null,
    spent_at bigint
);

-- Keys of ASP.NET's data protection (antiforgery), shared by the nodes, sealed under the deployment key.
create table protection_key (
    id uuid primary key,
    created_at bigint not null,
    sealed bytea not null
);
