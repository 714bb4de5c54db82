//! The form that makes or changes a connection, and what each of its fields takes.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

use super::{MatchBy, Provider, Settings};
use crate::{
    date,
    field::{FieldError, FieldFault},
    issuer::{IssuerInput, Loopback},
    logins, users,
};

/// Saves a draft: `PUT /api/connections/{provider}`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConnectionForm {
    /// Okta: "Okta domain or metadata URL". Ignored for the others, whose issuers are known.
    #[serde(default)]
    pub issuer: String,
    pub client_id: String,
    /// None or empty leaves the stored secret as it is.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// `YYYY-MM-DD`. None leaves the stored secret's date as it is; a new secret has none then.
    #[serde(default)]
    pub client_secret_expires_on: Option<String>,
    #[serde(default)]
    pub native_client_id: Option<String>,
    #[serde(default)]
    pub native_redirect_uri: Option<String>,
    #[serde(default)]
    pub audience: Option<String>,
    #[serde(default)]
    pub hosted_domain: Option<String>,
    #[serde(default)]
    pub tenant: Option<String>,
    /// Okta only. None leaves it as it is; `okta_login` at first.
    #[serde(default)]
    pub match_by: Option<MatchBy>,
    /// Okta only. None leaves it as it is; false at first.
    #[serde(default)]
    pub allow_unverified_email: Option<bool>,
}

impl Settings {
    /// The form that changes nothing of them.
    #[must_use]
    pub fn form(&self) -> ConnectionForm {
        let it = self.clone();
        ConnectionForm {
            issuer: it.issuer,
            client_id: it.client_id,
            client_secret: None,
            client_secret_expires_on: None,
            native_client_id: it.native_client_id,
            native_redirect_uri: it.native_redirect_uri,
            audience: it.audience,
            hosted_domain: it.hosted_domain,
            tenant: it.tenant,
            match_by: Some(it.match_by),
            allow_unverified_email: Some(it.allow_unverified_email),
        }
    }
}

impl std::fmt::Debug for ConnectionForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectionForm")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// A [`ConnectionForm`] in which every field is what it should be.
#[derive(Clone, PartialEq, Eq)]
pub struct ValidConnection {
    /// Okta only; the issuers of the others follow from their settings.
    pub issuer: Option<IssuerInput>,
    pub client_id: String,
    /// None: keep the stored one.
    pub client_secret: Option<String>,
    /// None: as it is; `Some(None)`: there is no date.
    pub client_secret_expires_on: Option<Option<String>>,
    pub native_client_id: Option<String>,
    pub native_redirect_uri: Option<String>,
    pub audience: Option<String>,
    pub hosted_domain: Option<String>,
    pub tenant: Option<String>,
    pub match_by: MatchBy,
    pub allow_unverified_email: bool,
}

impl ConnectionForm {
    /// All that is wrong at once. `stored` is what the connection has now: an empty secret is fine
    /// only while there is one and the issuer stays the same.
    pub fn validate(
        &self,
        provider: Provider,
        loopback: Loopback,
        stored: Option<&Settings>,
    ) -> Result<ValidConnection, Vec<FieldError>> {
        let mut errors = Vec::new();
        let issuer = match provider {
            Provider::Okta => users::keep(
                "issuer",
                IssuerInput::parse(&self.issuer, loopback),
                &mut errors,
            ),
            Provider::Google | Provider::Microsoft => None,
        };
        let client_id = users::keep(
            "client_id",
            client_id(&self.client_id, provider),
            &mut errors,
        );
        let client_secret = match client_secret(self.client_secret.as_deref()) {
            Ok(None) if stored.is_none() => Err(FieldFault::Required),
            Ok(None) if moved(stored, issuer.as_ref(), self.tenant.as_deref()) => {
                Err(FieldFault::SecretAgain)
            }
            other => other,
        };
        let client_secret = users::keep("client_secret", client_secret, &mut errors).flatten();
        let client_secret_expires_on = self.client_secret_expires_on.as_deref().and_then(|text| {
            users::keep(
                "client_secret_expires_on",
                date::optional(text),
                &mut errors,
            )
        });
        let native_client_id = optional(self.native_client_id.as_deref()).and_then(|text| {
            let native = match client_id_text(text) {
                Ok(native) if Some(&native) == client_id.as_ref() => Err(FieldFault::SameAsWeb),
                other => other,
            };
            users::keep("native_client_id", native, &mut errors)
        });
        let native_redirect_uri = optional(self.native_redirect_uri.as_deref())
            .and_then(|text| users::keep("native_redirect_uri", redirect_uri(text), &mut errors));
        let audience = optional(self.audience.as_deref())
            .and_then(|text| users::keep("audience", audience(text), &mut errors));
        let hosted_domain = optional(self.hosted_domain.as_deref())
            .and_then(|text| users::keep("hosted_domain", domain(text), &mut errors));
        let tenant = match (provider, optional(self.tenant.as_deref())) {
            (Provider::Microsoft, text) => {
                users::keep("tenant", tenant(text.unwrap_or_default()), &mut errors)
            }
            (Provider::Okta | Provider::Google, _) => None,
        };
        match client_id {
            Some(client_id) if errors.is_empty() => Ok(ValidConnection {
                issuer,
                client_id,
                client_secret,
                client_secret_expires_on,
                native_client_id,
                native_redirect_uri,
                audience,
                hosted_domain,
                tenant,
                match_by: self.match_by(provider, stored),
                allow_unverified_email: self.allow_unverified_email(provider, stored),
            }),
            _ => Err(errors),
        }
    }
}

impl ConnectionForm {
    fn match_by(&self, provider: Provider, stored: Option<&Settings>) -> MatchBy {
        match provider {
            Provider::Okta => self
                .match_by
                .or(stored.map(|it| it.match_by))
                .unwrap_or_default(),
            Provider::Google | Provider::Microsoft => MatchBy::default(),
        }
    }

    fn allow_unverified_email(&self, provider: Provider, stored: Option<&Settings>) -> bool {
        match provider {
            Provider::Okta => self
                .allow_unverified_email
                .or(stored.map(|it| it.allow_unverified_email))
                .unwrap_or_default(),
            Provider::Google | Provider::Microsoft => false,
        }
    }
}

/// A secret goes only to the issuer that it was pasted for.
fn moved(stored: Option<&Settings>, issuer: Option<&IssuerInput>, tenant: Option<&str>) -> bool {
    let Some(stored) = stored else { return false };
    match issuer {
        Some(issuer) => issuer.issuer != stored.issuer,
        None => {
            stored.tenant.as_deref() != optional(tenant).map(str::to_ascii_lowercase).as_deref()
        }
    }
}

fn optional(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// A client ID on its own, of any provider.
fn client_id_text(text: &str) -> Result<String, FieldFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldFault::Required);
    }
    if text.len() > 200 {
        return Err(FieldFault::TooLong);
    }
    if masked(text) {
        return Err(FieldFault::Masked);
    }
    if truncated(text) {
        return Err(FieldFault::Truncated);
    }
    if !text.is_ascii() {
        return Err(FieldFault::NotAscii);
    }
    if text.bytes().any(|b| b <= b' ' || b == 0x7f) {
        return Err(FieldFault::Blanks);
    }
    Ok(text.to_owned())
}

fn client_id(text: &str, provider: Provider) -> Result<String, FieldFault> {
    let text = client_id_text(text)?;
    // Okta's client IDs have 20 characters, its secrets 40 and more.
    if provider == Provider::Okta && text.len() >= 40 && !text.contains(['.', '-']) {
        return Err(FieldFault::SecretInClientId);
    }
    Ok(text)
}

/// None: nothing was entered, so the stored secret stays.
pub(crate) fn client_secret(text: Option<&str>) -> Result<Option<String>, FieldFault> {
    let Some(text) = optional(text) else {
        return Ok(None);
    };
    if text.len() > 512 {
        return Err(FieldFault::TooLong);
    }
    if masked(text) {
        return Err(FieldFault::Masked);
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(FieldFault::Blanks);
    }
    if text.len() == 20 && text.starts_with("0oa") {
        return Err(FieldFault::ClientIdInSecret);
    }
    // Okta lists each secret with an id of its own beside it.
    if text.len() == 20 && text.starts_with("ocs") {
        return Err(FieldFault::SecretId);
    }
    if truncated(text) {
        return Err(FieldFault::Truncated);
    }
    Ok(Some(text.to_owned()))
}

/// What a table shows of a value that is too long for it.
fn truncated(text: &str) -> bool {
    text.ends_with('…') || text.ends_with("...")
}

/// Dots or stars that a page shows in place of a secret.
fn masked(text: &str) -> bool {
    let stands_in = |c: char| matches!(c, '•' | '●' | '∙' | '·' | '*' | '⬤' | '…');
    text.contains("****") || text.starts_with(stands_in) || text.contains("••")
}

fn audience(text: &str) -> Result<String, FieldFault> {
    if text.len() > 512 {
        Err(FieldFault::TooLong)
    } else if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Err(FieldFault::Blanks)
    } else {
        Ok(text.to_owned())
    }
}

/// An absolute address, such as `com.okta.northwind:/callback`: apps have schemes of their own.
fn redirect_uri(text: &str) -> Result<String, FieldFault> {
    let text = audience(text)?;
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let starts = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let ends = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    if starts && scheme.chars().all(ends) && !text.contains('#') && text.is_ascii() {
        Ok(text)
    } else {
        Err(FieldFault::Malformed)
    }
}

fn domain(text: &str) -> Result<String, FieldFault> {
    let text = text.to_ascii_lowercase();
    if logins::domain_ok(&text) {
        Ok(text)
    } else {
        Err(FieldFault::NotADomain)
    }
}

/// A tenant's UUID. `common`, `organizations` and `consumers` would let in anybody's directory.
fn tenant(text: &str) -> Result<String, FieldFault> {
    let text = text.to_ascii_lowercase();
    if text.is_empty() {
        return Err(FieldFault::Required);
    }
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    let is_uuid =
        groups == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit());
    // Microsoft's consumers tenant: personal accounts of anybody.
    if is_uuid && text != "9188040d-6c67-4c5b-b112-36a304b66dad" {
        Ok(text)
    } else {
        Err(FieldFault::NotATenant)
    }
}

#[cfg(test)]
mod tests;
