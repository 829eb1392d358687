-- Lists of hospitals and of other free services, as they were taken in. A list that was only looked at has no taken_at and stands nowhere;
-- one that was undone stays, and the one before it stands again.
create table directory_list (
    id uuid primary key,
    directory text not null,
    organisation uuid not null,
    at bigint not null,
    actor text not null,
    name text not null,
    file text not null,
    adds boolean not null,
    lines bigint not null,
    taken_at bigint,
    undone_at bigint,
    undone_by text
);

create table directory_line (
    seq bigint generated always as identity primary key,
    list uuid not null,
    key uuid not null,
    publisher text not null,
    body text not null
);
create index directory_line_list on directory_line (list);

-- What a hospital says about itself. Never changed: the newest counts.
create table hospital_statement (
    seq bigint generated always as identity primary key,
    hospital uuid not null,
    at bigint not null,
    actor text not null,
    open boolean not null,
    room bigint,
    waiting bigint
);
create index hospital_statement_hospital on hospital_statement (hospital, seq);

-- The link by which a hospital speaks for itself: a digest, never the link.
create table hospital_link (
    id uuid primary key,
    hospital uuid not null,
    digest bytea not null unique,
    organisation uuid not null,
    at bigint not null,
    actor text not null,
    revoked_at bigint,
    revoked_by text
);
create index hospital_link_hospital on hospital_link (hospital);
