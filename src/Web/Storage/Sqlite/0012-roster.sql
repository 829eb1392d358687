-- Who is to come when: one clinician, or so many of an organisation whose names are not known. What a named clinician can do stands with them, and not here.
create table shift (
    id text primary key,
    organisation text not null,
    clinician text,
    people integer not null check (people >= 1),
    skills text not null,
    langs text not null,
    licence text not null,
    channels text not null,
    seats integer not null check (seats >= 1),
    starts_at integer not null,
    ends_at integer not null check (ends_at > starts_at),
    made_by text not null,
    made_at integer not null,
    declined_at integer,
    withdrawn_at integer
);
create index shift_ends on shift (ends_at);
create unique index shift_once on shift (clinician, starts_at) where clinician is not null and declined_at is null and withdrawn_at is null;
