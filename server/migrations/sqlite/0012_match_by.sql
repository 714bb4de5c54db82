-- Why: an administrator chooses what a first sign-in is matched by, and an Okta account becomes an administrator's only
-- when its login is theirs, or when a person confirmed it.

alter table connection_settings add column match_by text not null default 'okta_login'
  check (match_by in ('okta_login', 'email'));
-- 1: an e-mail that Okta says is not verified is matched as well.
alter table connection_settings add column allow_unverified_email integer not null default 0;

-- Okta accounts that were refused as an administrator. A confirmed one is linked at its next sign-in, and its row goes.
create table unconfirmed_identities (
  user_id text not null references users (id) on delete cascade,
  provider text not null,
  issuer text not null,
  sub text not null,
  login text,
  requested_at integer not null,
  confirmed_at integer,
  confirmed_by text,
  primary key (user_id, provider, issuer, sub)
) strict, without rowid;
create unique index unconfirmed_identities_confirmed on unconfirmed_identities (provider, issuer, sub)
  where confirmed_at is not null;
