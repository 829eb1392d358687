-- How many people live where, as somebody brought it: for figures per 100,000. Brought whole, so that year and source are those of every line.
create table population (
    code text primary key,
    people integer not null check (people >= 1),
    year integer not null,
    source text not null,
    brought_by text not null,
    brought_at integer not null
);
-- What is to be told to the provincial platform: counts only, kept until it was taken and then as proof.
create table upload (
    id text primary key,
    made_at integer not null,
    body text not null,
    tries integer not null,
    next_at integer not null,
    sent_at integer,
    fault text
);
create index upload_open on upload (made_at) where sent_at is null;
-- The picture counts who stands at the door every few seconds, also on a day with hundreds of thousands.
create index door_last_step on door (last_step_at);
create index door_turned_back on door (id) where turned_back is not null;
create index door_answered on door (id) where answered_at is not null;
create index head_changed_at on head (changed_at);
