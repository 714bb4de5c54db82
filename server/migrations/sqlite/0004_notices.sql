-- Why: administrators are told of what matters without asking (notices, by webhook too), a
-- connection can have its next secret beside the one in use, and a file can own fields.

create table notices (
  id text primary key,
  -- What makes it this one: a second telling of the same is none, also from another node.
  once text not null,
  kind text not null,
  provider text,
  facts text not null,
  told_at integer not null,
  -- Nobody needs it any more: dismissed by somebody, or overtaken by another notice.
  closed_at integer,
  closed_by text
) strict, without rowid;
create unique index notices_once on notices (once);
create index notices_open on notices (id) where closed_at is null;

create table webhook (
  id integer primary key check (id = 1),
  url text,
  -- Sealed, as the one before it, which messages are signed with as well until then.
  secret blob,
  secret_set_at integer,
  secret_set_by text,
  secret_before blob,
  secret_before_until integer,
  version integer not null
) strict;

create table deliveries (
  id text primary key,
  -- None: a test.
  kind text,
  body text not null,
  created_at integer not null,
  state text not null check (state in ('waiting', 'delivered', 'given_up')),
  tries integer not null,
  -- When it is due; a try moves it first, so that one node alone makes it.
  next_at integer not null,
  status integer,
  fault text
) strict, without rowid;
create index deliveries_due on deliveries (next_at) where state = 'waiting';

create table next_secrets (
  provider text primary key,
  issuer text not null,
  client_id text not null,
  secret blob not null,
  secret_last_four text not null,
  secret_set_at integer not null,
  secret_set_by text not null,
  secret_runs_out_on text
) strict, without rowid;

alter table connection_settings add column secret_runs_out_on text;

create table owned_fields (
  field text primary key,
  file text not null,
  applied_at integer not null
) strict, without rowid;
