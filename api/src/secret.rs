//! A connection's client secret: what may be known of it, when it runs out, and the one that comes
//! after it.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

use crate::{
    connections::{self, SecretInfo},
    date,
    field::{FieldError, FieldFault},
};

/// `GET /api/connections/{provider}/secret`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Secrets {
    /// The connection's, for `If-Match`.
    pub version: i64,
    /// The secret in force, or that of the draft while nothing is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<SecretInfo>,
    /// It is tried when the provider refuses the one in force, and takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<SecretInfo>,
}

/// `PUT /api/connections/{provider}/secret`: what is known of the secret, never the secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecretForm {
    /// `YYYY-MM-DD`; empty: it is not known, or there is none.
    pub expires_on: String,
}

/// `PUT /api/connections/{provider}/next-secret`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NextSecretForm {
    pub client_secret: String,
    #[serde(default)]
    pub expires_on: String,
}

impl std::fmt::Debug for NextSecretForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NextSecretForm").finish_non_exhaustive()
    }
}

impl SecretForm {
    pub fn validate(&self) -> Result<Option<String>, Vec<FieldError>> {
        date::optional(&self.expires_on).map_err(|fault| vec![FieldError::new("expires_on", fault)])
    }
}

impl NextSecretForm {
    /// The secret and its date.
    pub fn validate(&self) -> Result<(String, Option<String>), Vec<FieldError>> {
        let secret = connections::client_secret(Some(&self.client_secret))
            .and_then(|it| it.ok_or(FieldFault::Required));
        let date = date::optional(&self.expires_on);
        match (secret, date) {
            (Ok(secret), Ok(date)) => Ok((secret, date)),
            (secret, date) => Err([
                secret.err().map(|it| FieldError::new("client_secret", it)),
                date.err().map(|it| FieldError::new("expires_on", it)),
            ]
            .into_iter()
            .flatten()
            .collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_secret_is_refused_for_what_the_first_is_refused_for() {
        let fault = |secret: &str, on: &str| {
            NextSecretForm {
                client_secret: secret.into(),
                expires_on: on.into(),
            }
            .validate()
            .err()
            .map(|it| it.into_iter().map(|it| it.fault).collect::<Vec<_>>())
        };
        assert_eq!(fault("PrAcTiCe-secret-of-forty", "2027-01-31"), None);
        assert_eq!(fault("", ""), Some(vec![FieldFault::Required]));
        for mask in ["••••ab12", "****", "…ab12", "···ab12", "***ab12", "•ab12"] {
            assert_eq!(fault(mask, ""), Some(vec![FieldFault::Masked]), "{mask}");
        }
        assert_eq!(
            fault("a b", "soon"),
            Some(vec![FieldFault::Blanks, FieldFault::NotADate])
        );
    }
}
