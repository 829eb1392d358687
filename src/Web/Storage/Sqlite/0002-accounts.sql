-- A person who asks for help. The key seals everything personal about them; destroying it destroys that.
create table account (
    id text primary key,
    wrapped blob not null,
    phone_digest blob unique,
    phone_sealed blob,
    verified_at integer,
    lang text not null,
    created_at integer not null
);

-- A browser or app that has pressed Start, or has come back by code. The token itself is only in the device.
create table device (
    id text primary key,
    account text not null,
    token_digest blob not null unique,
    created_at integer not null,
    last_seen_at integer not null
);
create index device_account on device (account);

-- The person who is ill, which is not the account that writes.
create table patient (
    id text primary key,
    account text not null,
    relation text not null,
    label_sealed blob,
    created_at integer not null
);
create index patient_account on patient (account);

create table recovery (
    digest blob primary key,
    account text not null,
    created_at integer not null
);

create table code (
    id text primary key,
    purpose text not null,
    person text not null,
    number_digest blob not null,
    number_sealed blob not null,
    device text not null,
    network text not null,
    code_digest blob not null,
    created_at integer not null,
    expires_at integer not null,
    tries integer not null,
    used_at integer
);
create index code_number on code (number_digest, created_at);
create index code_created on code (created_at);

create table organisation (
    id text primary key,
    name_zh text not null,
    name_en text not null,
    province text not null,
    created_at integer not null
);

create table staff (
    id text primary key,
    organisation text not null,
    role text not null,
    login text not null unique,
    name text not null,
    title text not null,
    wrapped blob not null,
    phone_sealed blob not null,
    password_hash text not null,
    totp_sealed blob,
    totp_step integer,
    skills text not null,
    langs text not null,
    licence text not null,
    channels text not null,
    active integer not null,
    failures integer not null,
    locked_until integer,
    created_at integer not null
);

create table staff_sign_in (
    id text primary key,
    staff text not null,
    token_digest blob not null unique,
    created_at integer not null,
    last_seen_at integer not null,
    second_factor_at integer,
    ended_at integer
);

create table invitation (
    id text primary key,
    token_digest blob not null unique,
    organisation text not null,
    role text not null,
    skills text not null,
    langs text not null,
    licence text not null,
    created_by text,
    created_at integer not null,
    expires_at integer not null,
    spent_at integer
);

-- Keys of ASP.NET's data protection (antiforgery), shared by the nodes, sealed under the deployment key.
create table protection_key (
    id text primary key,
    created_at integer not null,
    sealed blob not null
);
