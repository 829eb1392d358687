-- Since when a wait counts by which a class is lifted: not the hours of a date, nor those at home after advice. Rebuilt from the log like the rest of the head.
alter table head add column waits_from integer;
