-- Why: a user's keys were all written anew by whatever changed one of their values, and six indexes with them: by each
-- sign-in, and twice for each new user. Each key is now written when it becomes another.

drop trigger users_counted_in;
drop trigger users_keyed;

create trigger users_counted_in after insert on users begin
  update user_counts set users = users + 1 where bucket = new.bucket;
end;

-- In whatever order these come: the change of a bucket is counted by `users_counted_over`.
create trigger users_bucket_in after insert on users
when new.suspended_at is not null or new.attention is not null or new.okta_since is not null or new.role = 'admin'
begin
  update users set
    bucket = case
      when new.suspended_at is not null then 6
      when new.attention is not null then 4
      when new.okta_since is not null then 2
      else 0
    end + case new.role when 'admin' then 1 else 0 end
  where id = new.id;
end;
create trigger users_bucket_over after update of role, suspended_at, attention, okta_since on users
when new.bucket <> case
    when new.suspended_at is not null then 6
    when new.attention is not null then 4
    when new.okta_since is not null then 2
    else 0
  end + case new.role when 'admin' then 1 else 0 end
begin
  update users set
    bucket = case
      when new.suspended_at is not null then 6
      when new.attention is not null then 4
      when new.okta_since is not null then 2
      else 0
    end + case new.role when 'admin' then 1 else 0 end
  where id = new.id;
end;

create trigger users_login_key_in after insert on users when new.okta_login is not null begin
  update users set login_key = new.okta_login where id = new.id;
end;
create trigger users_login_key_over after update of okta_login on users
when new.login_key <> coalesce(new.okta_login, '') begin
  update users set login_key = coalesce(new.okta_login, '') where id = new.id;
end;

create trigger users_first_key_in after insert on users when new.first_sign_in_at is not null begin
  update users set first_key = new.first_sign_in_at where id = new.id;
end;
create trigger users_first_key_over after update of first_sign_in_at on users
when new.first_key <> coalesce(new.first_sign_in_at, 0) begin
  update users set first_key = coalesce(new.first_sign_in_at, 0) where id = new.id;
end;

create trigger users_last_key_in after insert on users when new.last_sign_in_at is not null begin
  update users set last_key = new.last_sign_in_at where id = new.id;
end;
create trigger users_last_key_over after update of last_sign_in_at on users
when new.last_key <> coalesce(new.last_sign_in_at, 0) begin
  update users set last_key = coalesce(new.last_sign_in_at, 0) where id = new.id;
end;
