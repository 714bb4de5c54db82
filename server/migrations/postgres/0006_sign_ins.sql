-- Why: attempts are looked at by outcome, cause and person among millions, they say which stages
-- they passed, and days are counted once.

-- A letter and the milliseconds since the start for each stage: `c5300v5301`.
alter table attempts add column stages text;
alter table attempts add column user_agent text;
create index attempts_outcome on attempts (outcome, id);
create index attempts_cause on attempts (cause, id) where cause is not null;
-- Those whom nobody here is.
create index attempts_stranger on attempts (claimed, id) where user_id is null and claimed is not null;

-- How the sign-ins of each day (UTC) ended, so far as they are counted.
create table attempt_days (
  day bigint not null,
  outcome text collate "C" not null,
  cause text collate "C" not null,
  attempts bigint not null,
  primary key (day, outcome, cause)
);

create table attempt_days_until (
  id bigint primary key check (id = 1),
  -- Sign-ins that were started before this time are counted.
  until bigint not null
);
insert into attempt_days_until (id, until) values (1, 0);
