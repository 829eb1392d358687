-- What a clinician was writing, sealed under the clinician's own key; goes with the consultation's erasure and after sending.
create table draft (
    consultation text not null,
    clinician text not null,
    sealed blob not null,
    at integer not null,
    primary key (consultation, clinician)
);
