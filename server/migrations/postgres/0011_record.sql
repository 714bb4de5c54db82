-- Why: what an attempt that never came back kept for its end is looked at once and not every minute,
-- and the overview says how many users have a login, and how many of those came with it.

create table attempts_forgotten (
  id bigint primary key check (id = 1),
  -- Attempts with a smaller id keep nothing for their end.
  below text collate "C" not null
);
insert into attempts_forgotten (id, below) values (1, '');

-- Beside the buckets: 8 are the users with a login, 9 those of them who came with it.
insert into user_counts (bucket, users)
  select 8, count(*) from users where okta_login is not null;
insert into user_counts (bucket, users)
  select 9, count(*) from users where okta_login is not null and okta_since is not null;
create or replace function count_users_in() returns trigger language plpgsql as $$
begin
  insert into user_counts (bucket, users)
    select counted.bucket, count(*)
    from fresh it
    cross join lateral (values
      (it.bucket, true),
      (8, it.okta_login is not null),
      (9, it.okta_login is not null and it.okta_since is not null)
    ) counted (bucket, is_one)
    where counted.is_one
    group by counted.bucket;
  return null;
end $$;
create or replace function count_users_out() returns trigger language plpgsql as $$
begin
  insert into user_counts (bucket, users)
    select counted.bucket, -count(*)
    from gone it
    cross join lateral (values
      (it.bucket, true),
      (8, it.okta_login is not null),
      (9, it.okta_login is not null and it.okta_since is not null)
    ) counted (bucket, is_one)
    where counted.is_one
    group by counted.bucket;
  return null;
end $$;
create or replace function count_users_over() returns trigger language plpgsql as $$
begin
  insert into user_counts (bucket, users)
    select counted.bucket, sum(it.change)
    from (
      select bucket, okta_login, okta_since, 1 as change from fresh
      union all
      select bucket, okta_login, okta_since, -1 from gone
    ) it
    cross join lateral (values
      (it.bucket, true),
      (8, it.okta_login is not null),
      (9, it.okta_login is not null and it.okta_since is not null)
    ) counted (bucket, is_one)
    where counted.is_one
    group by counted.bucket
    having sum(it.change) <> 0;
  return null;
end $$;
