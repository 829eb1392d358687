-- Calls of the last minutes, by which dispatch keeps clinicians free for the next.
create index head_called on head (arrived_at) where channel <> 'chat';
