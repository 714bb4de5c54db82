-- Why: a connection is judged by what its provider itself showed. What a browser says that the provider
-- said may be made up by whoever drives it.

-- 1: how the sign-in ended shows how the connection is. 0: only a browser says so. Null: it says
-- nothing of the connection.
alter table attempts add column evidence integer;
create index attempts_evidence on attempts (provider, evidence, id) where evidence is not null;
