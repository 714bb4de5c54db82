-- Why: the first schema. Ids are UUID v7 in text, times are UTC milliseconds, states are the
-- words of the `api` crate. What is unique is named, so that an error can name the field.

create table deployment (
  id integer primary key check (id = 1),
  -- The first eight bytes of the SHA-256 of the sealing key: tells a wrong key before it is used.
  key_id blob not null,
  set_up_token_hash blob,
  created_at integer not null
) strict;

create table organization (
  id integer primary key check (id = 1),
  name text not null,
  version integer not null,
  created_at integer not null
) strict;

create table users (
  id text primary key,
  name text not null,
  email text not null,
  okta_login text,
  role text not null check (role in ('admin', 'member')),
  -- Lower-cased by the server, so that both engines order and find alike.
  sort_name text not null,
  search text not null,
  password_hash text,
  suspended_at integer,
  attention text,
  attention_detail text,
  -- Since when the Okta login is bound: Active if set.
  okta_since integer,
  first_sign_in_at integer,
  last_sign_in_at integer,
  created_at integer not null,
  version integer not null
) strict, without rowid;
create unique index users_email on users (email);
create unique index users_okta_login on users (okta_login) where okta_login is not null;
create index users_sort on users (sort_name, id);

create table identities (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  provider text not null,
  issuer text not null,
  sub text not null,
  bound_at integer not null
) strict, without rowid;
create unique index identities_sub on identities (provider, issuer, sub);
create unique index identities_user on identities (user_id, provider);

create table connection_settings (
  id text primary key,
  provider text not null,
  issuer text not null,
  client_id text not null,
  secret blob not null,
  secret_last_four text not null,
  secret_set_at integer not null,
  secret_set_by text not null,
  native_client_id text,
  audience text,
  hosted_domain text,
  tenant text,
  proof text,
  created_at integer not null
) strict, without rowid;

create table connections (
  provider text primary key,
  state text not null,
  live_settings text references connection_settings (id),
  draft_settings text references connection_settings (id),
  active_since integer,
  failure text,
  version integer not null
) strict, without rowid;

create table attempts (
  id text primary key,
  reference text not null,
  provider text not null,
  purpose text not null,
  settings_id text references connection_settings (id),
  actor_id text,
  state_hash blob,
  browser_hash blob,
  nonce text,
  verifier text,
  return_to text,
  started_at integer not null,
  consumed_at integer,
  ended_at integer,
  outcome text not null check (outcome in ('started', 'succeeded', 'failed')),
  cause text,
  user_id text references users (id) on delete set null,
  claimed text,
  provider_said text,
  address text
) strict, without rowid;
create unique index attempts_state on attempts (state_hash) where state_hash is not null;
create unique index attempts_reference on attempts (reference);
create index attempts_user on attempts (user_id, id) where user_id is not null;

create table sessions (
  id text primary key,
  token_hash blob not null,
  user_id text not null references users (id) on delete cascade,
  signed_in_by text not null,
  issuer text,
  -- Sealed: only handed back to the provider, as the hint of a sign-out.
  id_token blob,
  created_at integer not null,
  last_seen_at integer not null,
  expires_at integer not null,
  address text,
  user_agent text
) strict, without rowid;
create unique index sessions_token on sessions (token_hash);
create index sessions_user on sessions (user_id);
create index sessions_expiry on sessions (expires_at);

create table audit_events (
  id text primary key,
  at integer not null,
  actor_id text,
  actor_name text not null,
  act text not null,
  target text,
  detail text not null,
  address text,
  request_id text
) strict, without rowid;
