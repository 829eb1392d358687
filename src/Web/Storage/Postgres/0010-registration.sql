-- Who may give advice is found in the national register first; who looked, and when, stays with the person (CN-DOC-04).
alter table staff add column registration text;
alter table staff add column registration_checked_by uuid;
alter table staff add column registration_checked_at bigint;
