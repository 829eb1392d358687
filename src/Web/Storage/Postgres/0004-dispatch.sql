-- What a clinician was writing, sealed under the clinician's own key; goes with the consultation's erasure and after sending.
create table draft (
    consultation uuid not null,
    clinician uuid not null,
    sealed bytea not null,
    at bigint not null,
    primary key (consultation, clinician)
);
