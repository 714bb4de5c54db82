-- Why: an act that decides who is an administrator or who can sign in takes a sign-in of the last ten minutes, and a
-- session says when its user last signed in or confirmed their identity.

-- 0: not known.
alter table sessions add column authenticated_at integer not null default 0;
update sessions set authenticated_at = created_at where signed_in_by in ('password', 'break_glass');

-- The session that an attempt of purpose 'reauthenticate' confirms.
alter table attempts add column session_id text;
