-- Why: the checks of a connection are kept, so that a change for the worse is seen, and a client or
-- a secret that worked before is told from one that never did.

create table check_runs (
  id text collate "C" primary key,
  provider text not null,
  settings_id text not null references connection_settings (id),
  reason text not null,
  started_at bigint not null,
  ended_at bigint not null,
  verdict text not null,
  cause text,
  -- Of the organization that answered: another one later is worth a word.
  organization_id text,
  client_known bigint not null,
  secret_accepted bigint not null,
  checks text not null
);
create index check_runs_provider on check_runs (provider, id);
create index check_runs_settings on check_runs (settings_id);

-- Whose turn it is: one run at a time a connection, whatever the number of nodes.
create table check_turns (
  provider text primary key,
  run_id text not null,
  until bigint not null
);

-- How far an administrator has come in the guide; the secret is never in it.
create table guide (
  id bigint primary key check (id = 1),
  issuer text,
  ticks text not null
);
