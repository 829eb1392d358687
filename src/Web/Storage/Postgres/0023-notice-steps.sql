-- Whom a notice is for is written down in steps: how far it has come, and when it was whole.
alter table notice add column reached uuid;
alter table notice add column whole_at bigint;
update notice set whole_at = at;
create index notice_choosing on notice (seq) where whole_at is null;
