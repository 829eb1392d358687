-- Where the journal has what a clinician last said about their duty: who came in the same millisecond stands in that order, never by id.
alter table duty add column place bigint not null default 0;
update duty set place = told.seq from (select clinician, max(seq) as seq from journal where kind like 'duty~_%' escape '~' group by clinician) as told where told.clinician = duty.clinician;
