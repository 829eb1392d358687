-- The information desk's library. Never changed: what was written, reviewed or withdrawn is a row of its own, with who, when and why.
create table library (
    seq bigint generated always as identity primary key,
    organisation uuid not null,
    key text not null,
    kind text not null check (kind in ('written', 'reviewed', 'withdrawn')),
    at bigint not null,
    actor text not null,
    name text not null,
    why text not null,
    content text
);
create index library_of on library (organisation, seq);

-- Whether an answer was enough, by day. Whose answer it was stands nowhere: nobody has consented at the desk.
create table desk_answer (
    seq bigint generated always as identity primary key,
    organisation uuid not null,
    key text not null,
    day text not null,
    lang text not null,
    helped boolean not null
);
