-- Why: the table of users is sorted, filtered, searched and counted at a cost that does not grow
-- with the number of users. `bucket` is status and role in one number: twice the status (0 Inactive,
-- 1 Active, 2 Needs attention, 3 Suspended), and one more for an administrator. Whatever is null
-- sorts first.

alter table users alter column email type text collate "C";
alter table users alter column okta_login type text collate "C";
alter table users add column bucket bigint generated always as (
  case
    when suspended_at is not null then 6
    when attention is not null then 4
    when okta_since is not null then 2
    else 0
  end + case role when 'admin' then 1 else 0 end) stored;
alter table users add column login_key text collate "C"
  generated always as (coalesce(okta_login, '')) stored;
alter table users add column first_key bigint
  generated always as (coalesce(first_sign_in_at, 0)) stored;
alter table users add column last_key bigint
  generated always as (coalesce(last_sign_in_at, 0)) stored;
-- By which version of the rules the words of the search were written; 0: never.
alter table users add column worded bigint not null default 0;
-- The search has its own table now.
alter table users drop column search;

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
  word text collate "C" not null,
  user_id text collate "C" not null,
  primary key (word, user_id)
);

-- The beginnings by which a domain is found.
create table domain_words (
  word text collate "C" not null,
  domain text collate "C" not null,
  primary key (word, domain)
);

-- How many users are in each bucket: the sum of what every transaction added or took. A sum of
-- rows, since a single row would make every first sign-in wait for the others.
create table user_counts (
  bucket bigint not null,
  users bigint not null
);
create index user_counts_bucket on user_counts (bucket, users);
insert into user_counts (bucket, users)
  select bucket, count(*) from users group by bucket;

create function count_users_in() returns trigger language plpgsql as $$
begin
  insert into user_counts (bucket, users) select bucket, count(*) from fresh group by bucket;
  return null;
end $$;
create function count_users_out() returns trigger language plpgsql as $$
begin
  insert into user_counts (bucket, users) select bucket, -count(*) from gone group by bucket;
  return null;
end $$;
create function count_users_over() returns trigger language plpgsql as $$
begin
  insert into user_counts (bucket, users)
    select bucket, sum(change)
    from (select bucket, 1 as change from fresh union all select bucket, -1 from gone) moved
    group by bucket
    having sum(change) <> 0;
  return null;
end $$;
create trigger users_counted_in after insert on users
  referencing new table as fresh for each statement execute function count_users_in();
create trigger users_counted_out after delete on users
  referencing old table as gone for each statement execute function count_users_out();
create trigger users_counted_over after update on users
  referencing old table as gone new table as fresh
  for each statement execute function count_users_over();

-- Puts the rows of each bucket together; called now and then.
create function add_up_user_counts() returns void language sql as $$
  with gone as (delete from user_counts returning bucket, users)
  insert into user_counts (bucket, users) select bucket, sum(users) from gone group by bucket;
$$;

-- One act on many users, or the rows of a file. `doing` holds the act and who asked.
create table jobs (
  id text collate "C" primary key,
  kind text not null,
  state text not null check (state in ('checking', 'checked', 'running', 'undoing', 'done', 'undone', 'failed')),
  doing text not null,
  total bigint not null,
  done bigint not null,
  changed bigint not null,
  created bigint not null default 0,
  skipped bigint not null default 0,
  refused bigint not null,
  started_at bigint not null,
  ended_at bigint,
  -- Whoever works on it says so again and again; who has been silent for long is taken over from.
  beat_at bigint not null
);
create table job_items (
  job_id text collate "C" not null references jobs (id) on delete cascade,
  place bigint not null,
  item text not null,
  -- What becomes of it; null is not known yet. And what was there before, to take it back.
  outcome text,
  before text,
  primary key (job_id, place)
);
