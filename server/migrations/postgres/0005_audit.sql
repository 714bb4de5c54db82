-- Why: the audit log becomes a chain, each row with the hash of the one before in its own; rows
-- have a number, which is their order, and old ones can go. What was there begins the chain: its
-- hashes are made by the program, with the first row that follows.

create table audit_rows (
  seq bigint primary key,
  id text collate "C" not null,
  at bigint not null,
  actor_id text,
  actor_name text not null,
  act text not null,
  target text,
  detail text not null,
  address text,
  request_id text,
  hash bytea
);
insert into audit_rows (seq, id, at, actor_id, actor_name, act, target, detail, address, request_id)
  select row_number() over (order by id), id, at, actor_id, actor_name, act, target, detail, address,
         request_id
  from audit_events;
drop table audit_events;
alter table audit_rows rename to audit_events;
create index audit_at on audit_events (at, seq);
create index audit_actor on audit_events (actor_id, seq) where actor_id is not null;
create index audit_act on audit_events (act, seq);
create index audit_target on audit_events (target, seq) where target is not null;

create table audit_head (
  id bigint primary key check (id = 1),
  -- The last row: its number and its hash. An empty hash: the rows have none yet.
  seq bigint not null,
  hash bytea not null,
  -- The last row that was removed because it was old: the chain goes on from here.
  pruned_seq bigint not null,
  pruned_hash bytea not null
);
insert into audit_head (id, seq, hash, pruned_seq, pruned_hash)
  select 1, count(*), ''::bytea, 0, decode(repeat('00', 32), 'hex') from audit_events;

create table retention (
  id bigint primary key check (id = 1),
  -- Days; none is for ever.
  audit_days bigint,
  sign_in_days bigint,
  version bigint not null
);
insert into retention (id, audit_days, sign_in_days, version) values (1, null, 90, 1);
