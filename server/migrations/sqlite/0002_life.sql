-- Why: a connection's life after its proof (trial, degraded), and the way back in without Okta.

alter table connections add column trial_began_at integer;
alter table connections add column trial_ends_at integer;
-- What everything returns to if nobody confirms: states and live settings of all three, as JSON.
alter table connections add column trial_before text;
alter table connections add column undone_at integer;
alter table connections add column degraded_since integer;
alter table connections add column degraded_cause text;
-- Since when discovery or keys cannot be read.
alter table connections add column unreadable_since integer;

-- The bonds to the issuer before, while another issuer is on trial.
create table identities_aside (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  provider text not null,
  issuer text not null,
  sub text not null,
  bound_at integer not null
) strict, without rowid;

-- Codes are 130 random bits, so a plain SHA-256 of one tells nothing.
create table break_glass (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  kind text not null check (kind in ('armed', 'recovery')),
  code_hash blob not null,
  made_at integer not null,
  made_by text not null,
  ends_at integer,
  used_at integer,
  tested_at integer
) strict, without rowid;
create unique index break_glass_code on break_glass (code_hash);
create index break_glass_user on break_glass (user_id);
