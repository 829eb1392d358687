-- Versions of protocols that were taken back, each with what stands in its place: from then on it judges nobody.
create table recall (
    seq bigint generated always as identity primary key,
    at bigint not null,
    protocol text not null,
    version text not null,
    instead text not null,
    organisation uuid,
    actor text not null
);
