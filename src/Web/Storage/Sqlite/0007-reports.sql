-- Under which duty of the reporting policy an entry stands: its id there. Null for what nobody has to report.
alter table worklist add column duty text;
