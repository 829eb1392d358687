-- What setup was told about this machine. Every value is sealed under the deployment key: some are secrets, some are numbers of people.
create table setting (
    name text primary key,
    sealed blob not null,
    at integer not null
);

-- How long those waited who got a clinician in the last hour.
create index head_first_assigned on head (first_assigned_at) where first_assigned_at is not null;
