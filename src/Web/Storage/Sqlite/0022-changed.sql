-- What has changed since a moment is found by the time of the last fact, whatever is due.
drop index head_changed;
create index head_changed on head (changed_at);
