-- Why: the first schema. Ids are UUID v7 in text, times are UTC milliseconds, states are the
-- words of the `api` crate. What is unique is named, so that an error can name the field.

create table deployment (
  id bigint primary key check (id = 1),
  -- The first eight bytes of the SHA-256 of the sealing key: tells a wrong key before it is used.
  key_id bytea not null,
  set_up_token_hash bytea,
  created_at bigint not null
);

create table organization (
  id bigint primary key check (id = 1),
  name text not null,
  version bigint not null,
  created_at bigint not null
);

create table users (
  id text collate "C" primary key,
  name text not null,
  email text not null,
  okta_login text,
  role text not null check (role in ('admin', 'member')),
  -- Lower-cased by the server, so that both engines order and find alike.
  sort_name text collate "C" not null,
  search text not null,
  password_hash text,
  suspended_at bigint,
  attention text,
  attention_detail text,
  -- Since when the Okta login is bound: Active if set.
  okta_since bigint,
  first_sign_in_at bigint,
  last_sign_in_at bigint,
  created_at bigint not null,
  version bigint not null
);
create unique index users_email on users (email);
create unique index users_okta_login on users (okta_login) where okta_login is not null;
create index users_sort on users (sort_name, id);

create table identities (
  id text collate "C" primary key,
  user_id text not null references users (id) on delete cascade,
  provider text not null,
  issuer text not null,
  sub text not null,
  bound_at bigint not null
);
create unique index identities_sub on identities (provider, issuer, sub);
create unique index identities_user on identities (user_id, provider);

create table connection_settings (
  id text collate "C" primary key,
  provider text not null,
  issuer text not null,
  client_id text not null,
  secret bytea not null,
  secret_last_four text not null,
  secret_set_at bigint not null,
  secret_set_by text not null,
  native_client_id text,
  audience text,
  hosted_domain text,
  tenant text,
  proof text,
  created_at bigint not null
);

create table connections (
  provider text collate "C" primary key,
  state text not null,
  live_settings text references connection_settings (id),
  draft_settings text references connection_settings (id),
  active_since bigint,
  failure text,
  version bigint not null
);

create table attempts (
  id text collate "C" primary key,
  reference text not null,
  provider text not null,
  purpose text not null,
  settings_id text references connection_settings (id),
  actor_id text,
  state_hash bytea,
  browser_hash bytea,
  nonce text,
  verifier text,
  return_to text,
  started_at bigint not null,
  consumed_at bigint,
  ended_at bigint,
  outcome text not null check (outcome in ('started', 'succeeded', 'failed')),
  cause text,
  user_id text references users (id) on delete set null,
  claimed text,
  provider_said text,
  address text
);
create unique index attempts_state on attempts (state_hash) where state_hash is not null;
create unique index attempts_reference on attempts (reference);
create index attempts_user on attempts (user_id, id) where user_id is not null;

create table sessions (
  id text collate "C" primary key,
  token_hash bytea not null,
  user_id text not null references users (id) on delete cascade,
  signed_in_by text not null,
  issuer text,
  -- Sealed: only handed back to the provider, as the hint of a sign-out.
  id_token bytea,
  created_at bigint not null,
  last_seen_at bigint not null,
  expires_at bigint not null,
  address text,
  user_agent text
);
create unique index sessions_token on sessions (token_hash);
create index sessions_user on sessions (user_id);
create index sessions_expiry on sessions (expires_at);

create table audit_events (
  id text collate "C" primary key,
  at bigint not null,
  actor_id text,
  actor_name text not null,
  act text not null,
  target text,
  detail text not null,
  address text,
  request_id text
);
