//! What an administrator's round trip showed, put together for the page.

use api::{
    Provider, Status,
    connections::{Verification, VerificationUser},
};

use super::finish;
use crate::{
    audit::Audit,
    connections,
    oidc::{ConnectionConfig, Person},
};

/// What the round trip showed, for the page.
pub(super) fn of(
    audit: &Audit,
    config: &ConnectionConfig,
    person: &Person,
    user: Option<&api::User>,
) -> Verification {
    Verification {
        at: audit.now,
        by: audit.actor_name.clone(),
        sub: person.sub.clone(),
        login: finish::claimed_login(person).unwrap_or_default().to_owned(),
        claims: person.claims.clone(),
        user: user.map(|user| VerificationUser {
            id: user.id.clone(),
            name: user.name.clone(),
            okta_login: user
                .okta_login
                .clone()
                .filter(|own| person.names.logins().any(|login| login.as_str() == own)),
            becomes: Some(becomes(config.provider, user)),
        }),
        refused: None,
        claimable_by: None,
        fingerprint: String::new(),
        notes: connections::notes(config, person),
        skew_ms: person.skew_ms,
        scopes: person.granted.scopes.clone(),
        refresh_token: person.granted.refresh_token,
    }
}

/// The status that this account gives a user at their first sign-in: only Okta makes one Active.
fn becomes(provider: Provider, user: &api::User) -> Status {
    match (provider, user.status) {
        (Provider::Okta, Status::Inactive) => Status::Active,
        (_, status) => status,
    }
}
