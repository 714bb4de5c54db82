-- Why: the checks ask whether the native app's own redirect URI is registered, and nobody but the
-- administrator knows it.

alter table connection_settings add column native_redirect_uri text;
