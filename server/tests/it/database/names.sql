-- Why: rows as the program before migration 0014 wrote them, for the test of that migration.
insert into deployment (id, key_id, created_at) values (1, {key}, 1);
insert into organization (id, name, version, created_at) values (1, 'Northwind', 1, 1);
insert into users (id, name, email, okta_login, role, sort_name, password_hash, okta_since, created_at, version)
  values ('019abcde-0000-7000-8000-000000000001', 'Ada Lovelace', 'ada@northwind.example', 'ada@northwind.example',
          'admin', 'ada lovelace', '{hash}', 5, 1, 1);
insert into identities (id, user_id, provider, issuer, sub, bound_at)
  values ('i1', '019abcde-0000-7000-8000-000000000001', 'okta', 'https://acme.okta.com', '00u1', 5);
insert into identities_aside (id, user_id, provider, issuer, sub, bound_at)
  values ('i2', '019abcde-0000-7000-8000-000000000001', 'okta', 'https://old.okta.com', '00u2', 4);
insert into connection_settings
  (id, provider, issuer, client_id, secret, secret_last_four, secret_set_at, secret_set_by, proof, created_at,
   secret_runs_out_on)
  values
  ('s1', 'okta', 'https://acme.okta.com', '0oa1', {b:00}, 'ab12', 1, 'Ada',
   '{"at":1,"by":"Ada","sub":"00u1","login":"ada@northwind.example","claims":[],"fingerprint":"00","notes":[{"claim":"upn","fault":"near_name","seen":"UPN"}]}',
   1, '2027-06-30'),
  ('s2', 'google', 'https://accounts.google.com', 'g1', {b:00}, 'cd34', 1, 'Ada', null, 1, null);
insert into connections
  (provider, state, live_settings, draft_settings, failure, version, trial_before, undone_at, degraded_since,
   degraded_cause)
  values
  ('okta', 'proven', null, 's1', null, 1,
   '[{"provider":"okta","state":"proven","live":null,"draft":"s1","active_since":null},{"provider":"google","state":"active","live":"s2","draft":null,"active_since":1},{"provider":"microsoft","state":"switched_off","live":null,"draft":null,"active_since":null}]',
   7, null, null),
  ('google', 'active', 's2', null,
   '{"at":1,"cause":"bound_to_other","reference":"7K2M-9QXD"}', 1, null, null, null, null),
  ('microsoft', 'switched_off', null, null, null, 1, null, null, null, null);
insert into next_secrets
  (provider, issuer, client_id, secret, secret_last_four, secret_set_at, secret_set_by, secret_runs_out_on)
  values ('okta', 'https://acme.okta.com', '0oa1', {b:00}, 'ef56', 1, 'Ada', '2028-01-31');
insert into attempts
  (id, reference, provider, purpose, started_at, ended_at, outcome, cause, claimed, evidence)
  values
  ('019abcde-0000-7000-8000-0000000000a1', '7K2M-9QX1', 'okta', 'connect', {now}, {now}, 'failed', 'account_stopped',
   'ada@northwind.example', null),
  ('019abcde-0000-7000-8000-0000000000a2', '7K2M-9QX2', 'okta', 'sign_in', {now}, {now}, 'failed', 'token_key',
   'zoe@northwind.example', 1);
insert into attempt_days (day, outcome, cause, attempts) values (1, 'failed', 'account_stopped', 3);
insert into check_runs
  (id, provider, settings_id, reason, started_at, ended_at, verdict, cause, client_known, secret_accepted, checks)
  values
  ('019abcde-0000-7000-8000-0000000000c1', 'okta', 's1', 'daily', 1, 2, 'could_not_tell', 'client_wants_key', 0, 0,
   '[{"rung":"client","verdict":"could_not_tell","cause":"client_wants_key","likely":["token_key","client_refused"],"seen":"a \"seen\": word","mend":{"act":"take_issuer","issuer":"https://acme.okta.com"},"took":12}]');
insert into guide (id, issuer, ticks) values (1, 'https://acme.okta.com', '["web_app"]');
insert into break_glass (id, user_id, kind, code_hash, made_at, made_by, ends_at, used_at)
  values
  ('b1', '019abcde-0000-7000-8000-000000000001', 'armed', {b:01}, 8, 'Ada', 9, 8),
  ('b2', '019abcde-0000-7000-8000-000000000001', 'recovery', {b:02}, 7, 'Ada', null, null);
insert into notices (id, once, kind, provider, facts, told_at, closed_at)
  values
  ('n1', 'secret_runs_out okta 2027-06-30 1 30', 'secret_runs_out', 'okta',
   '{"provider":"okta","days":30,"on":"2027-06-30"}', 1, null),
  ('n2', 'trial_undone okta 7', 'trial_undone', 'okta', '{"provider":"okta"}', 2, null),
  ('n3', 'check_failed okta c1', 'check_failed', 'okta', '{"provider":"okta","cause":"client_wants_key"}', 3, null),
  ('n4', 'trial_began okta 6', 'trial_began', 'okta', '{"provider":"okta"}', 1, 2);
insert into webhook (id, url, version) values (1, null, 1);
insert into deliveries (id, kind, body, created_at, state, tries, next_at)
  values
  ('n1', 'secret_ran_out', '{"data":{"provider":"okta"},"timestamp":"2026-01-01T00:00:00Z","type":"sso_console.secret_ran_out"}',
   1, 'waiting', 2, 9000000000000),
  ('n4', 'trial_began', '{"data":{"provider":"okta"},"timestamp":"2026-01-01T00:00:00Z","type":"sso_console.trial_began"}',
   1, 'given_up', 9, 1);
insert into owned_fields (field, file, applied_at) values ('okta.secret_runs_out_on', 'sso.toml', 1);
insert into jobs (id, kind, state, doing, total, done, changed, refused, started_at, ended_at, beat_at)
  values
  ('019abcde-0000-7000-8000-0000000000d1', 'bulk', 'done',
   '{"act":{"kind":"rebind"},"undo_of":null,"dry_run":false,"administrators":[],"actor_id":null,"actor_name":"Ada","address":"","request_id":""}',
   1, 1, 1, 0, {now}, {now}, {now});
insert into audit_events (seq, id, at, actor_id, actor_name, act, target, detail)
  values
  (1, '019abcde-0000-7000-8000-0000000000e1', 1, null, 'Ada', 'connection.trial_undone', 'okta', '{}'),
  (2, '019abcde-0000-7000-8000-0000000000e2', 2, null, 'Ada', 'break_glass.armed', null, '{"ends_at":9}');
update audit_head set seq = 2 where id = 1;
