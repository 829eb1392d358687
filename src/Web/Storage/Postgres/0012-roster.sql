-- Who is to come when: one clinician, or so many of an organisation whose names are not known. What a named clinician can do stands with them, and not here.
create table shift (
    id uuid primary key,
    organisation uuid not null,
    clinician uuid,
    people integer not null check (people >= 1),
    skills text not null,
    langs text not null,
    licence text not null,
    channels text not null,
    seats integer not null check (seats >= 1),
    starts_at bigint not null,
    ends_at bigint not null check (ends_at > starts_at),
    made_by uuid not null,
    made_at bigint not null,
    declined_at bigint,
    withdrawn_at bigint
);
create index shift_ends on shift (ends_at);
create unique index shift_once on shift (clinician, starts_at) where clinician is not null and declined_at is null and withdrawn_at is null;
