//! Every URL of the server, spelled once. Patterns have `{id}`; builders fill it in.

use crate::connections::Provider;

pub const HEALTHZ: &str = "/healthz";
pub const READYZ: &str = "/readyz";
pub const OPENAPI: &str = "/api/openapi.json";

pub const SESSION: &str = "/api/session";
pub const REAUTHENTICATE: &str = "/api/session/reauthenticate";
pub const SET_UP: &str = "/api/set-up";
pub const OVERVIEW: &str = "/api/overview";
pub const ORGANIZATION: &str = "/api/organization";
pub const CONNECTIONS: &str = "/api/connections";
pub const CONNECTION: &str = "/api/connections/{provider}";
pub const CONNECT: &str = "/api/connections/{provider}/connect";
pub const MATCH_PREVIEW: &str = "/api/connections/{provider}/match-preview";
pub const CHECKS: &str = "/api/connections/{provider}/checks";
/// A path of its own: only Okta has an address to look at.
pub const GUIDE: &str = "/api/connections/okta/guide";
pub const LOOK: &str = "/api/connections/okta/look";
pub const DISABLE: &str = "/api/connections/{provider}/disable";
pub const ENABLE: &str = "/api/connections/{provider}/enable";
pub const SECRET: &str = "/api/connections/{provider}/secret";
pub const NEXT_SECRET: &str = "/api/connections/{provider}/next-secret";
pub const FILES: &str = "/api/files";
pub const NOTIFICATIONS: &str = "/api/notifications";
pub const DISMISS: &str = "/api/notifications/{id}/dismiss";
pub const WEBHOOK: &str = "/api/webhook";
pub const WEBHOOK_TEST: &str = "/api/webhook/test";
pub const WEBHOOK_ROTATE: &str = "/api/webhook/rotate";
pub const CONFIRM: &str = "/api/connections/{provider}/confirm";
pub const REVERT: &str = "/api/connections/{provider}/revert";
pub const BREAK_GLASS: &str = "/api/break-glass";
pub const RECOVERY_CODES: &str = "/api/break-glass/recovery-codes";
pub const TEST_CODE: &str = "/api/break-glass/test";
pub const USERS: &str = "/api/users";
pub const USER: &str = "/api/users/{id}";
pub const SUSPEND: &str = "/api/users/{id}/suspend";
pub const REINSTATE: &str = "/api/users/{id}/reinstate";
pub const ACCEPT: &str = "/api/users/{id}/accept";
pub const CONFIRM_IDENTITY: &str = "/api/users/{id}/confirm-identity";
pub const UNLINK: &str = "/api/users/{id}/unlink";
pub const USER_SESSIONS: &str = "/api/users/{id}/sessions";
pub const USER_SESSION: &str = "/api/users/{id}/sessions/{session}";
pub const USERS_COUNT: &str = "/api/users/count";
pub const JOBS: &str = "/api/users/jobs";
pub const BULK: &str = "/api/users/bulk";
pub const BULK_JOB: &str = "/api/users/bulk/{id}";
pub const BULK_APPLY: &str = "/api/users/bulk/{id}/apply";
pub const BULK_UNDO: &str = "/api/users/bulk/{id}/undo";
pub const EXPORT: &str = "/api/users/export";
pub const IMPORTS: &str = "/api/users/import";
pub const IMPORT: &str = "/api/users/import/{id}";
pub const IMPORT_APPLY: &str = "/api/users/import/{id}/apply";
pub const IMPORT_INVALID_ROWS: &str = "/api/users/import/{id}/invalid-rows";
pub const SIGN_INS: &str = "/api/sign-ins";
pub const SIGN_IN_DAYS: &str = "/api/sign-ins/days";
pub const SIGN_IN_DAYS_CSV: &str = "/api/sign-ins/days.csv";
pub const ADOPTION_CSV: &str = "/api/overview/adoption.csv";
pub const SIGN_IN_CAUSES_CSV: &str = "/api/sign-ins/causes.csv";
pub const AUDIT: &str = "/api/audit";
pub const AUDIT_EXPORT: &str = "/api/audit/export";
pub const RETENTION: &str = "/api/retention";

pub const AUTH_START: &str = "/auth/{provider}/start";
pub const AUTH_CALLBACK: &str = "/auth/{provider}/callback";
/// Where Okta's tile leads: the app's *Initiate login URI*.
pub const AUTH_INITIATE: &str = "/auth/okta/initiate";
pub const AUTH_PASSWORD: &str = "/auth/password";
pub const AUTH_BREAK_GLASS: &str = "/auth/break-glass";
pub const AUTH_SIGN_OUT: &str = "/auth/sign-out";

// The door: pages in plain HTML.
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_IN_ADMINISTRATOR: &str = "/sign-in/administrator";
/// Where a confirmation of identity through Okta ends, in a tab of its own.
pub const REAUTHENTICATED: &str = "/sign-in/confirmed";
pub const SIGNED_OUT: &str = "/signed-out";
pub const REFUSED: &str = "/sign-in/refused";
/// After a sign-in that began at an address too long to be kept.
pub const LINK_TOO_LONG: &str = "/link-too-long";
pub const ME: &str = "/me";
pub const DOOR_STYLE: &str = "/door.css";
/// A file of the console, which is for everybody.
pub const ICON: &str = "/icon.svg";

/// The texts of one language, as an array in the order of the keys.
pub const LOCALE: &str = "/locales/{language}";

/// The header that a browser lets no other site send without asking: every change carries it.
pub const CSRF_HEADER: &str = "x-sso-console";

#[must_use]
pub fn connection(provider: Provider) -> String {
    fill(CONNECTION, provider.code())
}

#[must_use]
pub fn connect(provider: Provider) -> String {
    fill(CONNECT, provider.code())
}

#[must_use]
pub fn match_preview(provider: Provider) -> String {
    fill(MATCH_PREVIEW, provider.code())
}

#[must_use]
pub fn checks(provider: Provider) -> String {
    fill(CHECKS, provider.code())
}

#[must_use]
pub fn disable(provider: Provider) -> String {
    fill(DISABLE, provider.code())
}

#[must_use]
pub fn enable(provider: Provider) -> String {
    fill(ENABLE, provider.code())
}

#[must_use]
pub fn secret(provider: Provider) -> String {
    fill(SECRET, provider.code())
}

#[must_use]
pub fn next_secret(provider: Provider) -> String {
    fill(NEXT_SECRET, provider.code())
}

#[must_use]
pub fn dismiss(id: &str) -> String {
    fill(DISMISS, id)
}

#[must_use]
pub fn confirm(provider: Provider) -> String {
    fill(CONFIRM, provider.code())
}

#[must_use]
pub fn revert(provider: Provider) -> String {
    fill(REVERT, provider.code())
}

#[must_use]
pub fn user(id: &str) -> String {
    fill(USER, id)
}

#[must_use]
pub fn suspend(id: &str) -> String {
    fill(SUSPEND, id)
}

#[must_use]
pub fn reinstate(id: &str) -> String {
    fill(REINSTATE, id)
}

#[must_use]
pub fn accept(id: &str) -> String {
    fill(ACCEPT, id)
}

#[must_use]
pub fn confirm_identity(id: &str) -> String {
    fill(CONFIRM_IDENTITY, id)
}

#[must_use]
pub fn unlink(id: &str) -> String {
    fill(UNLINK, id)
}

#[must_use]
pub fn user_sessions(id: &str) -> String {
    fill(USER_SESSIONS, id)
}

#[must_use]
pub fn user_session(id: &str, session: &str) -> String {
    fill(&fill(USER_SESSION, id), session)
}

#[must_use]
pub fn bulk_job(id: &str) -> String {
    fill(BULK_JOB, id)
}

#[must_use]
pub fn bulk_apply(id: &str) -> String {
    fill(BULK_APPLY, id)
}

#[must_use]
pub fn bulk_undo(id: &str) -> String {
    fill(BULK_UNDO, id)
}

#[must_use]
pub fn import(id: &str) -> String {
    fill(IMPORT, id)
}

#[must_use]
pub fn import_apply(id: &str) -> String {
    fill(IMPORT_APPLY, id)
}

#[must_use]
pub fn import_invalid_rows(id: &str) -> String {
    fill(IMPORT_INVALID_ROWS, id)
}

#[must_use]
pub fn auth_start(provider: Provider) -> String {
    fill(AUTH_START, provider.code())
}

/// The sign-in redirect URI's path: one a connection, so that answers cannot be mixed up.
#[must_use]
pub fn auth_callback(provider: Provider) -> String {
    fill(AUTH_CALLBACK, provider.code())
}

#[must_use]
pub fn locale(language: &str) -> String {
    fill(LOCALE, language)
}

fn fill(pattern: &str, value: &str) -> String {
    let open = pattern.find('{').unwrap_or(pattern.len());
    let close = pattern.find('}').map_or(pattern.len(), |at| at + 1);
    format!("{}{}{}", &pattern[..open], value, &pattern[close..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_builder_fills_its_pattern() {
        assert_eq!(suspend("u1"), "/api/users/u1/suspend");
        assert_eq!(user_session("u1", "s1"), "/api/users/u1/sessions/s1");
        assert_eq!(auth_callback(Provider::Okta), "/auth/okta/callback");
    }
}
