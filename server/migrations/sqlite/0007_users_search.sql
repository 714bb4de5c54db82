-- Why: the table of users is sorted, filtered, searched and counted at a cost that does not grow
-- with the number of users. `bucket` is status and role in one number: twice the status (0 Inactive,
-- 1 Active, 2 Needs attention, 3 Suspended), and one more for an administrator. Whatever is null
-- sorts first.

-- Kept by triggers: an index on a generated column never holds all that a statement reads, since
-- SQLite takes every column for used then.
alter table users add column bucket integer not null default 0;
alter table users add column login_key text not null default '';
alter table users add column first_key integer not null default 0;
alter table users add column last_key integer not null default 0;
-- By which version of the rules the words of the search were written; 0: never.
alter table users add column worded integer not null default 0;
-- The search has its own table now.
alter table users drop column search;

update users set
    bucket = case
      when suspended_at is not null then 6
      when attention is not null then 4
      when okta_since is not null then 2
      else 0
    end + case role when 'admin' then 1 else 0 end,
    login_key = coalesce(okta_login, ''),
    first_key = coalesce(first_sign_in_at, 0),
    last_key = coalesce(last_sign_in_at, 0);

drop index users_sort;
create index users_by_name on users (bucket, sort_name, id);
create index users_by_email on users (bucket, email, id);
create index users_by_login on users (bucket, login_key, id);
create index users_by_first on users (bucket, first_key, id);
create index users_by_last on users (bucket, last_key, id);
create index users_by_id on users (bucket, id);
create index users_attention on users (attention, id) where attention is not null;
create index users_unworded on users (worded, id);
create index users_who_can_enter on users (id)
  where role = 'admin' and suspended_at is null and password_hash is not null;

-- The beginnings by which a user is found; the first letter says what of: w a word, p a part of an
-- address before its @, d the domain.
create table user_words (
  word text not null,
  user_id text not null,
  primary key (word, user_id)
) strict, without rowid;

-- The beginnings by which a domain is found.
create table domain_words (
  word text not null,
  domain text not null,
  primary key (word, domain)
) strict, without rowid;

-- How many users are in each bucket, kept by every transaction that changes one.
create table user_counts (
  bucket integer not null,
  users integer not null
) strict;
create index user_counts_bucket on user_counts (bucket, users);
insert into user_counts (bucket, users)
  select b.bucket, (select count(*) from users u where u.bucket = b.bucket)
  from (select 0 as bucket union all select 1 union all select 2 union all select 3
        union all select 4 union all select 5 union all select 6 union all select 7) b;
create trigger users_counted_over after update of bucket on users
when old.bucket <> new.bucket begin
  update user_counts set users = users - 1 where bucket = old.bucket;
  update user_counts set users = users + 1 where bucket = new.bucket;
end;
create trigger users_counted_in after insert on users begin
  update user_counts set users = users + 1 where bucket = new.bucket;
  update users set
    bucket = case
      when new.suspended_at is not null then 6
      when new.attention is not null then 4
      when new.okta_since is not null then 2
      else 0
    end + case new.role when 'admin' then 1 else 0 end,
    login_key = coalesce(new.okta_login, ''),
    first_key = coalesce(new.first_sign_in_at, 0),
    last_key = coalesce(new.last_sign_in_at, 0)
  where id = new.id;
end;
create trigger users_counted_out after delete on users begin
  update user_counts set users = users - 1 where bucket = old.bucket;
end;
create trigger users_keyed
after update of role, okta_login, suspended_at, attention, okta_since, first_sign_in_at,
  last_sign_in_at on users begin
  update users set
    bucket = case
      when new.suspended_at is not null then 6
      when new.attention is not null then 4
      when new.okta_since is not null then 2
      else 0
    end + case new.role when 'admin' then 1 else 0 end,
    login_key = coalesce(new.okta_login, ''),
    first_key = coalesce(new.first_sign_in_at, 0),
    last_key = coalesce(new.last_sign_in_at, 0)
  where id = new.id;
end;

-- One act on many users, or the rows of a file. `doing` holds the act and who asked.
create table jobs (
  id text primary key,
  kind text not null,
  state text not null check (state in ('checking', 'checked', 'running', 'undoing', 'done', 'undone', 'failed')),
  doing text not null,
  total integer not null,
  done integer not null,
  changed integer not null,
  created integer not null default 0,
  skipped integer not null default 0,
  refused integer not null,
  started_at integer not null,
  ended_at integer,
  -- Whoever works on it says so again and again; who has been silent for long is taken over from.
  beat_at integer not null
) strict, without rowid;
create table job_items (
  job_id text not null references jobs (id) on delete cascade,
  place integer not null,
  item text not null,
  -- What becomes of it; null is not known yet. And what was there before, to take it back.
  outcome text,
  before text,
  primary key (job_id, place)
) strict, without rowid;
