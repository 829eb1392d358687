-- Whom a clinician is asked to take, by whom until when, and who was asked and did not; rebuilt from the log like the rest of the head.
alter table head add column prompted_to uuid;
alter table head add column prompted_until bigint;
alter table head add column passed_by text;
create index head_prompted_to on head (prompted_to) where prompted_to is not null;
-- How often in a row a clinician was asked and said nothing.
alter table duty add column missed integer not null default 0;
