-- Triage flagged something for an authority, no physician has decided it, and nobody at a desk will: found without opening a fact.
alter table head add column flag_left integer not null default 0;
create index head_flag_left on head (changed_at) where flag_left;
