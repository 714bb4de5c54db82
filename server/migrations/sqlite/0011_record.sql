-- Why: what an attempt that never came back kept for its end is looked at once and not every minute,
-- and the overview says how many users have a login, and how many of those came with it.

create table attempts_forgotten (
  id integer primary key check (id = 1),
  -- Attempts with a smaller id keep nothing for their end.
  below text not null
) strict;
insert into attempts_forgotten (id, below) values (1, '');

-- Beside the buckets: 8 are the users with a login, 9 those of them who came with it.
insert into user_counts (bucket, users)
  select 8, count(*) from users where okta_login is not null;
insert into user_counts (bucket, users)
  select 9, count(*) from users where okta_login is not null and okta_since is not null;
create trigger users_assigned_in after insert on users
when new.okta_login is not null begin
  update user_counts set users = users + 1
  where bucket between 8 and 8 + (new.okta_since is not null);
end;
create trigger users_assigned_out after delete on users
when old.okta_login is not null begin
  update user_counts set users = users - 1
  where bucket between 8 and 8 + (old.okta_since is not null);
end;
create trigger users_assigned_over after update of okta_login, okta_since on users
when (old.okta_login is null) <> (new.okta_login is null)
  or (old.okta_since is null) <> (new.okta_since is null) begin
  update user_counts set users = users - 1
  where old.okta_login is not null and bucket between 8 and 8 + (old.okta_since is not null);
  update user_counts set users = users + 1
  where new.okta_login is not null and bucket between 8 and 8 + (new.okta_since is not null);
end;
