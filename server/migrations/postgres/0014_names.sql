-- Why: what others see is renamed once, before anything new is built on the old names: columns, tables, stored codes and
-- the JSON that is kept. The codes of the audit log stay as they were written: they are part of its hashes.

alter table deployment rename column key_id to encryption_key_id;

alter table identities rename column bound_at to linked_at;
alter table identities_aside rename to suspended_identities;
alter table suspended_identities rename column bound_at to linked_at;

alter table connection_settings rename column proof to verification;
alter table connection_settings rename column secret_runs_out_on to secret_expires_on;
alter table next_secrets rename column secret_runs_out_on to secret_expires_on;
update connection_settings set verification = replace(verification, '"seen":', '"received":')
  where verification is not null;

alter table connections rename column undone_at to reverted_at;
update connections set state = case state
    when 'proven' then 'verified'
    when 'active' then 'connected'
    when 'switched_off' then 'disabled_by_okta'
    else state end
  where state in ('proven', 'active', 'switched_off');
update connections set trial_before = replace(replace(replace(trial_before,
    '"state":"proven"', '"state":"verified"'),
    '"state":"active"', '"state":"connected"'),
    '"state":"switched_off"', '"state":"disabled_by_okta"')
  where trial_before is not null;
update connections set degraded_cause = case degraded_cause
    when 'address_tidied' then 'address_normalized'
    when 'bound_to_other' then 'linked_to_other'
    when 'account_stopped' then 'account_suspended'
    when 'client_wants_key' then 'client_requires_key'
    when 'token_key' then 'signing_key_unknown'
    else degraded_cause end
  where degraded_cause in ('address_tidied', 'bound_to_other', 'account_stopped', 'client_wants_key', 'token_key');
update connections set failure = replace(replace(replace(replace(replace(failure,
    '"cause":"address_tidied"', '"cause":"address_normalized"'),
    '"cause":"bound_to_other"', '"cause":"linked_to_other"'),
    '"cause":"account_stopped"', '"cause":"account_suspended"'),
    '"cause":"client_wants_key"', '"cause":"client_requires_key"'),
    '"cause":"token_key"', '"cause":"signing_key_unknown"')
  where failure is not null;

alter table attempts rename column claimed to claimed_login;
update attempts set purpose = 'test' where purpose = 'connect';
update attempts set cause = case cause
    when 'address_tidied' then 'address_normalized'
    when 'bound_to_other' then 'linked_to_other'
    when 'account_stopped' then 'account_suspended'
    when 'client_wants_key' then 'client_requires_key'
    when 'token_key' then 'signing_key_unknown'
    else cause end
  where cause in ('address_tidied', 'bound_to_other', 'account_stopped', 'client_wants_key', 'token_key');
update attempt_days set cause = case cause
    when 'address_tidied' then 'address_normalized'
    when 'bound_to_other' then 'linked_to_other'
    when 'account_stopped' then 'account_suspended'
    when 'client_wants_key' then 'client_requires_key'
    when 'token_key' then 'signing_key_unknown'
    else cause end
  where cause in ('address_tidied', 'bound_to_other', 'account_stopped', 'client_wants_key', 'token_key');

alter table check_turns rename to check_locks;
alter table check_runs rename column reason to trigger;
update check_runs set verdict = 'inconclusive' where verdict = 'could_not_tell';
update check_runs set cause = case cause
    when 'address_tidied' then 'address_normalized'
    when 'bound_to_other' then 'linked_to_other'
    when 'account_stopped' then 'account_suspended'
    when 'client_wants_key' then 'client_requires_key'
    when 'token_key' then 'signing_key_unknown'
    else cause end
  where cause in ('address_tidied', 'bound_to_other', 'account_stopped', 'client_wants_key', 'token_key');
update check_runs set checks = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(checks,
    '"rung":', '"kind":'),
    '"mend":{"act":', '"fix":{"action":'),
    '"seen":', '"received":'),
    '"took":', '"duration_ms":'),
    '"verdict":"could_not_tell"', '"verdict":"inconclusive"'),
    '"address_tidied"', '"address_normalized"'),
    '"bound_to_other"', '"linked_to_other"'),
    '"account_stopped"', '"account_suspended"'),
    '"client_wants_key"', '"client_requires_key"'),
    '"token_key"', '"signing_key_unknown"');

alter table guide rename column ticks to completed_steps;

alter table break_glass rename column made_at to issued_at;
alter table break_glass rename column made_by to issued_by;
alter table break_glass rename column ends_at to expires_at;
alter table break_glass drop constraint break_glass_kind_check;
update break_glass set kind = 'issued' where kind = 'armed';
alter table break_glass add constraint break_glass_kind_check check (kind in ('issued', 'recovery'));

alter table notices rename to notifications;
alter table notifications rename column once to dedup_key;
alter table notifications rename column facts to data;
alter table notifications rename column told_at to sent_at;
alter table notifications rename column closed_at to dismissed_at;
alter table notifications rename column closed_by to dismissed_by;
alter index notices_once rename to notifications_dedup_key;
alter index notices_open rename to notifications_open;
-- A key begins with the kind.
update notifications set dedup_key = case kind
    when 'secret_runs_out' then 'secret_expiring' || substr(dedup_key, 16)
    when 'secret_ran_out' then 'secret_expired' || substr(dedup_key, 15)
    when 'secret_promoted' then 'secret_replaced' || substr(dedup_key, 16)
    when 'break_glass_armed' then 'break_glass_issued' || substr(dedup_key, 18)
    when 'trial_began' then 'trial_started' || substr(dedup_key, 12)
    when 'trial_undone' then 'trial_reverted' || substr(dedup_key, 13)
    else dedup_key end;
update notifications set kind = case kind
    when 'secret_runs_out' then 'secret_expiring'
    when 'secret_ran_out' then 'secret_expired'
    when 'secret_promoted' then 'secret_replaced'
    when 'break_glass_armed' then 'break_glass_issued'
    when 'trial_began' then 'trial_started'
    when 'trial_undone' then 'trial_reverted'
    else kind end
  where kind in ('secret_runs_out', 'secret_ran_out', 'secret_promoted', 'break_glass_armed', 'trial_began', 'trial_undone');
update notifications set data = replace(replace(replace(replace(replace(data,
    '"cause":"address_tidied"', '"cause":"address_normalized"'),
    '"cause":"bound_to_other"', '"cause":"linked_to_other"'),
    '"cause":"account_stopped"', '"cause":"account_suspended"'),
    '"cause":"client_wants_key"', '"cause":"client_requires_key"'),
    '"cause":"token_key"', '"cause":"signing_key_unknown"');

alter table deliveries rename column tries to attempts;
alter table deliveries drop constraint deliveries_state_check;
drop index deliveries_due;
update deliveries set state = case state when 'waiting' then 'pending' when 'given_up' then 'failed' else state end;
alter table deliveries add constraint deliveries_state_check check (state in ('pending', 'delivered', 'failed'));
create index deliveries_due on deliveries (next_at) where state = 'pending';
update deliveries set body = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(body,
    '"type":"sso_console.secret_runs_out"', '"type":"sso_console.secret_expiring"'),
    '"type":"sso_console.secret_ran_out"', '"type":"sso_console.secret_expired"'),
    '"type":"sso_console.secret_promoted"', '"type":"sso_console.secret_replaced"'),
    '"type":"sso_console.break_glass_armed"', '"type":"sso_console.break_glass_issued"'),
    '"type":"sso_console.trial_began"', '"type":"sso_console.trial_started"'),
    '"type":"sso_console.trial_undone"', '"type":"sso_console.trial_reverted"'),
    '"cause":"address_tidied"', '"cause":"address_normalized"'),
    '"cause":"bound_to_other"', '"cause":"linked_to_other"'),
    '"cause":"account_stopped"', '"cause":"account_suspended"'),
    '"cause":"client_wants_key"', '"cause":"client_requires_key"'),
    '"cause":"token_key"', '"cause":"signing_key_unknown"');
update deliveries set kind = case kind
    when 'secret_runs_out' then 'secret_expiring'
    when 'secret_ran_out' then 'secret_expired'
    when 'secret_promoted' then 'secret_replaced'
    when 'break_glass_armed' then 'break_glass_issued'
    when 'trial_began' then 'trial_started'
    when 'trial_undone' then 'trial_reverted'
    else kind end
  where kind in ('secret_runs_out', 'secret_ran_out', 'secret_promoted', 'break_glass_armed', 'trial_began', 'trial_undone');

alter table owned_fields rename to managed_fields;
update managed_fields set field = replace(field, '.secret_runs_out_on', '.client_secret_expires_on');

update jobs set doing = replace(replace(doing, '"act":{', '"action":{'), '"kind":"rebind"', '"kind":"relink"')
  where kind <> 'import';

alter table audit_events rename column act to event;
alter index audit_act rename to audit_event;
