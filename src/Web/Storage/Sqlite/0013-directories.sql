-- Lists of hospitals and of other free services, as they were taken in. A list that was only looked at has no taken_at and stands nowhere;
-- one that was undone stays, and the one before it stands again.
create table directory_list (
    id text primary key,
    directory text not null,
    organisation text not null,
    at integer not null,
    actor text not null,
    name text not null,
    file text not null,
    adds integer not null,
    lines integer not null,
    taken_at integer,
    undone_at integer,
    undone_by text
);

create table directory_line (
    seq integer primary key,
    list text not null,
    key text not null,
    publisher text not null,
    body text not null
);
create index directory_line_list on directory_line (list);

-- What a hospital says about itself. Never changed: the newest counts.
create table hospital_statement (
    seq integer primary key,
    hospital text not null,
    at integer not null,
    actor text not null,
    open integer not null,
    room integer,
    waiting integer
);
create index hospital_statement_hospital on hospital_statement (hospital, seq);

-- The link by which a hospital speaks for itself: a digest, never the link.
create table hospital_link (
    id text primary key,
    hospital text not null,
    digest blob not null unique,
    organisation text not null,
    at integer not null,
    actor text not null,
    revoked_at integer,
    revoked_by text
);
create index hospital_link_hospital on hospital_link (hospital);
