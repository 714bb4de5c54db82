//! What differs between Okta, Google and Microsoft: where their issuer is, which hosts their
//! endpoints are on, and which claims name a person. Everything else is one code for all three.

use api::{Cause, Email, FieldFault, OktaLogin, Provider};
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

/// What a claim says, once it was parsed as what it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Claimed<T> {
    #[default]
    Absent,
    /// It came, and is none: with blanks, invisible characters or letters outside ASCII.
    Unusable,
    Is(T),
}

impl<T> Claimed<T> {
    fn of(text: Option<&str>, parse: impl Fn(&str) -> Result<T, FieldFault>) -> Self {
        match text.map(parse) {
            None => Self::Absent,
            Some(Err(_)) => Self::Unusable,
            Some(Ok(value)) => Self::Is(value),
        }
    }

    /// The value, where there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Absent | Self::Unusable => None,
        }
    }
}

/// Who a person is, by what the provider says of them. A first sign-in is matched by one of these; afterwards none of
/// them decides anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// What a user's login is compared with: at Okta `upn`, else `preferred_username`; at Microsoft the latter.
    pub login: Claimed<OktaLogin>,
    /// Okta: the name that the account signs in with there, `preferred_username`.
    pub own_login: Option<OktaLogin>,
    /// None at Microsoft, whose e-mail claim proves nothing.
    pub email: Claimed<Email>,
    /// Whether the provider vouches for the e-mail.
    pub email_is: EmailIs,
}

/// What the provider says of the e-mail's owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmailIs {
    /// Says nothing: normal at Okta.
    #[default]
    Unknown,
    Verified,
    Unverified,
}

impl Names {
    /// All logins that came, the one that is compared first.
    pub fn logins(&self) -> impl Iterator<Item = &OktaLogin> {
        let first = self.login.value();
        let own = self.own_login.as_ref().filter(|own| first != Some(*own));
        first.into_iter().chain(own)
    }

    /// What an administrator is shown of the person: a login, or else the e-mail.
    pub fn shown(&self) -> Option<&str> {
        let email = self.email.value().map(Email::as_str);
        self.logins().next().map(OktaLogin::as_str).or(email)
    }
}

/// Checks what the connection demands of every account, and names the person.
pub(crate) fn name(
    connection: &ConnectionConfig,
    claims: &Claims,
    profile: &Profile,
) -> Result<Names, Failure> {
    let login = |text: &Option<String>| Claimed::of(text.as_deref(), OktaLogin::from_claim);
    let preferred = login(&profile.preferred_username);
    match connection.provider {
        Provider::Okta => Ok(Names {
            own_login: preferred.value().cloned(),
            // `upn` is the claim that an administrator made for this. Where it came, nothing else is looked at.
            login: match login(&profile.upn) {
                Claimed::Absent => preferred,
                upn @ (Claimed::Unusable | Claimed::Is(_)) => upn,
            },
            email: email(profile),
            email_is: verified(profile),
        }),
        Provider::Google => google(connection, claims, profile),
        Provider::Microsoft => {
            if claims.tid.as_deref() != connection.tenant.as_deref() || connection.tenant.is_none()
            {
                return Err(Failure::new(
                    Cause::TenantRefused,
                    "`tid` is not the tenant",
                ));
            }
            // Never the e-mail: anyone who runs a directory can write any address there.
            Ok(Names {
                login: preferred,
                ..Names::default()
            })
        }
    }
}

/// Only the e-mail, and only accounts of the hosted domain where one is configured.
fn google(
    connection: &ConnectionConfig,
    claims: &Claims,
    profile: &Profile,
) -> Result<Names, Failure> {
    if let Some(domain) = &connection.hosted_domain {
        // Only the token's own `hd` counts: the request's is a hint that anyone can edit.
        let is_hosted = claims
            .hd
            .as_deref()
            .is_some_and(|hd| hd.eq_ignore_ascii_case(domain));
        if !is_hosted {
            return Err(Failure::new(
                Cause::DomainRefused,
                "`hd` is not the hosted domain",
            ));
        }
    }
    // Google vouches for an address only where it hosts it: its own, or a Workspace domain's. Any
    // other was shown to belong to the account once, and may have another owner by now.
    let own = |email: &str| email.to_ascii_lowercase().ends_with("@gmail.com");
    let is_hosted = claims.hd.is_some() || profile.email.as_deref().is_some_and(own);
    let email_is = match verified(profile) {
        EmailIs::Verified if is_hosted => EmailIs::Verified,
        EmailIs::Verified | EmailIs::Unknown | EmailIs::Unverified => EmailIs::Unverified,
    };
    Ok(Names {
        email: email(profile),
        email_is,
        ..Names::default()
    })
}

fn email(profile: &Profile) -> Claimed<Email> {
    Claimed::of(profile.email.as_deref(), Email::from_claim)
}

fn verified(profile: &Profile) -> EmailIs {
    match profile.email_verified {
        None => EmailIs::Unknown,
        Some(true) => EmailIs::Verified,
        Some(false) => EmailIs::Unverified,
    }
}

#[cfg(test)]
mod tests;
