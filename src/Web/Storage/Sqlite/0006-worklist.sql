-- What somebody of the staff has to see to: ids and codes, never a word of anybody. What came of it, in words, is a fact of the consultation.
create table worklist (
    id text primary key,
    kind text not null,
    consultation text not null,
    campaign text not null,
    organisation text not null,
    urgency integer not null,
    role text not null,
    owner text,
    state text not null,
    made_at integer not null,
    due_at integer not null,
    escalate_at integer not null,
    escalated integer not null,
    came text,
    done_by text,
    done_at integer
);
create index worklist_open on worklist (due_at) where state <> 'done';
create index worklist_consultation on worklist (consultation);

-- A day after the advice people are asked how they are: found by the time of their last fact.
create index head_changed on head (changed_at) where due_at is null;
