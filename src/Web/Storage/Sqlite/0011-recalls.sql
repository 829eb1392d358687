-- Versions of protocols that were taken back, each with what stands in its place: from then on it judges nobody.
create table recall (
    seq integer primary key,
    at integer not null,
    protocol text not null,
    version text not null,
    instead text not null,
    organisation text,
    actor text not null
);
