//! What differs between Okta, Google and Microsoft: where their issuer is, which hosts their
//! endpoints are on, and which claims name a person. Everything else is one code for all three.

use api::{Cause, Email, OktaLogin, Provider};
use url::{Host, Origin, Url};

use super::{ConnectionConfig, claims::Claims, failure::Failure, userinfo::Profile};

/// Where Google and Microsoft are; elsewhere only when a practice provider plays them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bases {
    pub google: String,
    pub microsoft: String,
}

impl Default for Bases {
    fn default() -> Self {
        Self {
            google: "https://accounts.google.com".into(),
            microsoft: "https://login.microsoftonline.com".into(),
        }
    }
}

impl Bases {
    /// The issuer of a connection: Okta's is what was entered, the others' follow from the
    /// provider. Microsoft's is that of one tenant; without a tenant there is none.
    #[must_use]
    pub fn issuer(
        &self,
        provider: Provider,
        entered: Option<&str>,
        tenant: Option<&str>,
    ) -> Option<String> {
        match provider {
            Provider::Okta => entered.map(str::to_owned),
            Provider::Google => Some(self.google.clone()),
            Provider::Microsoft => tenant.map(|id| format!("{}/{id}/v2.0", self.microsoft)),
        }
    }
}

/// The hosts of Google's endpoints besides its issuer's.
const GOOGLE_HOSTS: [&str; 3] = [
    "oauth2.googleapis.com",
    "openidconnect.googleapis.com",
    "www.googleapis.com",
];
/// Microsoft's userinfo is on the Graph's host.
const MICROSOFT_HOSTS: [&str; 1] = ["graph.microsoft.com"];

/// Whether an endpoint may be at this origin: at the issuer's own, or, for the two providers that
/// spread over several hosts, at one of those. A practice provider gets no such list.
pub(crate) fn may_be_at(provider: Provider, issuer: &Url, endpoint: &Url) -> bool {
    if endpoint.origin() == issuer.origin() {
        return true;
    }
    let (home, others): (&str, &[&str]) = match provider {
        Provider::Okta => return false,
        Provider::Google => ("accounts.google.com", &GOOGLE_HOSTS),
        Provider::Microsoft => ("login.microsoftonline.com", &MICROSOFT_HOSTS),
    };
    let at = |host: &str| Origin::Tuple("https".into(), Host::Domain(host.into()), 443);
    issuer.origin() == at(home) && others.iter().any(|host| endpoint.origin() == at(host))
}

/// Google's tokens of old name it without `https://` (Google: OpenID Connect reference, `iss`).
pub(crate) fn issuer_fits(provider: Provider, expected: &str, iss: &str) -> bool {
    match provider {
        Provider::Okta | Provider::Microsoft => iss == expected,
        Provider::Google => iss == expected || expected.strip_prefix("https://") == Some(iss),
    }
}

/// Who somebody is, by what the provider says of them.
pub(crate) struct Named {
    pub(crate) logins: Vec<OktaLogin>,
    pub(crate) email: Option<Email>,
}

/// Checks what the connection demands of an account, and names the person.
pub(crate) fn name(
    connection: &ConnectionConfig,
    claims: &Claims,
    profile: &Profile,
) -> Result<Named, Failure> {
    match connection.provider {
        Provider::Okta => okta(profile),
        Provider::Google => google(connection, claims, profile),
        Provider::Microsoft => microsoft(connection, claims, profile),
    }
}

/// `upn` is the claim that an administrator made for this, `preferred_username` the name that the
/// person has in the app.
fn okta(profile: &Profile) -> Result<Named, Failure> {
    unless_unverified(profile)?;
    let names = [&profile.upn, &profile.preferred_username, &profile.email];
    named(&names, profile.email.as_deref())
}

/// Only the e-mail, and only one that Google has verified.
fn google(
    connection: &ConnectionConfig,
    claims: &Claims,
    profile: &Profile,
) -> Result<Named, Failure> {
    unless_unverified(profile)?;
    if let Some(domain) = &connection.hosted_domain {
        // Only the token's own `hd` counts: the request's is a hint that anybody can edit.
        let fits = claims
            .hd
            .as_deref()
            .is_some_and(|hd| hd.eq_ignore_ascii_case(domain));
        if !fits {
            return Err(Failure::new(
                Cause::DomainRefused,
                "`hd` is not the hosted domain",
            ));
        }
    }
    if profile.email.is_some() && profile.email_verified != Some(true) {
        return Err(Failure::new(
            Cause::EmailUnverified,
            "`email_verified` is absent",
        ));
    }
    // Google vouches for an address only where it hosts it: its own, or a Workspace domain's. Any
    // other was shown to belong to the account once, and may have another owner by now.
    let own = |email: &str| email.to_ascii_lowercase().ends_with("@gmail.com");
    if claims.hd.is_none() && !profile.email.as_deref().is_some_and(own) {
        return Err(Failure::new(
            Cause::EmailUnverified,
            "no `hd`, and the address is not Google's own",
        ));
    }
    named(&[&profile.email], profile.email.as_deref())
}

/// Never the e-mail: anybody who runs a directory can write any address there.
fn microsoft(
    connection: &ConnectionConfig,
    claims: &Claims,
    profile: &Profile,
) -> Result<Named, Failure> {
    if claims.tid.as_deref() != connection.tenant.as_deref() || connection.tenant.is_none() {
        return Err(Failure::new(
            Cause::TenantRefused,
            "`tid` is not the tenant",
        ));
    }
    named(&[&profile.preferred_username], None)
}

/// Absent is normal at Okta; false in either place is a refusal.
fn unless_unverified(profile: &Profile) -> Result<(), Failure> {
    if profile.email_verified == Some(false) {
        return Err(Failure::new(
            Cause::EmailUnverified,
            "`email_verified` is false",
        ));
    }
    Ok(())
}

fn named(names: &[&Option<String>], email: Option<&str>) -> Result<Named, Failure> {
    let mut logins: Vec<OktaLogin> = Vec::with_capacity(names.len());
    for name in names.iter().filter_map(|name| name.as_deref()) {
        if let Ok(login) = OktaLogin::parse(name)
            && !logins.contains(&login)
        {
            logins.push(login);
        }
    }
    if logins.is_empty() {
        return Err(Failure::new(
            Cause::EmailMissing,
            "no login and no e-mail that can be read",
        ));
    }
    let email = email.and_then(|text| Email::parse(text).ok());
    Ok(Named { logins, email })
}

#[cfg(test)]
mod tests;
