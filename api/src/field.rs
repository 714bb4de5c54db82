//! What is wrong with one field of a form, as a code that both sides have words for.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

/// One field and what is wrong with it. `field` is the JSON name of the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// JSON name of the field, for example `client_id`.
    pub field: String,
    /// Why it is refused.
    pub fault: FieldFault,
}

impl FieldError {
    #[must_use]
    pub fn new(field: &str, fault: FieldFault) -> Self {
        Self {
            field: field.to_owned(),
            fault,
        }
    }
}

/// Why a value is refused. Words for each are in `locales`, key `field.<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldFault {
    /// Nothing was entered.
    Required,
    /// Longer than the field takes.
    TooLong,
    /// A password under 12 characters.
    TooShort,
    /// Not the grammar of an e-mail address.
    NotAnEmail,
    /// Letters outside ASCII where only ASCII can be compared safely.
    NotAscii,
    /// Blanks or control characters inside a value that has none.
    Blanks,
    /// Another user has this value.
    Taken,
    /// The Okta login is another user's e-mail.
    TakenByEmail,
    /// Not an address of an organization at all.
    NotAnAddress,
    /// `http://` where only `https://` is safe.
    NotHttps,
    /// The address is an IP literal.
    IpAddress,
    /// A port other than 443.
    Port,
    /// The placeholder of a manual, such as `{yourOktaDomain}`.
    Placeholder,
    /// `.com.com` at the end of the name.
    DoubledSuffix,
    /// A user name or password inside the address.
    Credentials,
    /// `/oauth2` or `/oauth2/v1`, which are not issuers.
    NotAnIssuer,
    /// A masked value such as `••••` or `****`.
    Masked,
    /// The client secret field holds a client ID.
    ClientIdInSecret,
    /// The client secret field holds the secret's id.
    SecretId,
    /// A value that a page cut off.
    Truncated,
    /// The client ID field holds what looks like a secret.
    SecretInClientId,
    /// The native client ID equals the web client ID.
    SameAsWeb,
    /// The issuer changed: the secret has to be pasted again.
    SecretAgain,
    /// A Microsoft tenant is a UUID or a verified domain; `common` and its like are refused.
    NotATenant,
    /// Not a domain name.
    NotADomain,
    /// Not a date, written YYYY-MM-DD.
    NotADate,
    /// The next secret is the one that is in use already.
    SameSecret,
    /// None of the recovery codes that are left.
    WrongCode,
    /// Not the administrator's password.
    WrongPassword,
    /// The form has no field of this name.
    Unknown,
    /// Not the kind of value that the field takes, such as a number for a text.
    Malformed,
}
