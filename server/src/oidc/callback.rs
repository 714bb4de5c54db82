//! What the browser brings back from the provider (RFC 6749 §4.1.2, RFC 9207): the query of the
//! callback, read strictly. Knows no attempt: whether the state is one of ours is for the caller.

use std::fmt;

use api::Cause;

use super::failure::Failure;
use crate::secret::Secret;

/// The longest query that is read, in bytes.
const QUERY_MAX: usize = 8 * 1024;

/// A callback. Whatever came, it can be read: an attempt whose state is known ends with it.
pub struct Returned {
    /// None when it is missing, empty, there twice, or nothing could be read at all.
    pub state: Option<Secret>,
    /// RFC 9207. To be handed to the exchange, which compares it.
    pub iss: Option<String>,
    /// The code, or why there is none.
    pub outcome: Result<Secret, Failure>,
}

impl fmt::Debug for Returned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Returned")
            .field("iss", &self.iss)
            .field("outcome", &self.outcome.as_ref().map(|_| "a code"))
            .finish_non_exhaustive()
    }
}

/// Reads the raw query, without its question mark.
#[must_use]
pub fn read(query: &str) -> Returned {
    let unread = |detail: &str| Returned {
        state: None,
        iss: None,
        outcome: Err(malformed(detail)),
    };
    if query.len() > QUERY_MAX {
        return unread("the query is over 8 KiB");
    }
    let Some(fields) = Fields::collect(query) else {
        return unread("the query is not percent-encoded UTF-8");
    };
    let state = fields.state.one().filter(|state| !state.is_empty());
    Returned {
        state: state.map(Secret::from),
        iss: fields.iss.one().map(str::to_owned),
        outcome: outcome(&fields),
    }
}

/// The parameters that are read. Whatever else is in the query is left alone.
#[derive(Default)]
struct Fields {
    code: Field,
    state: Field,
    iss: Field,
    error: Field,
    words: Field,
}

#[derive(Default)]
enum Field {
    #[default]
    Absent,
    Once(String),
    Twice,
}

impl Field {
    fn put(&mut self, value: String) {
        *self = match self {
            Self::Absent => Self::Once(value),
            Self::Once(_) | Self::Twice => Self::Twice,
        };
    }

    fn one(&self) -> Option<&str> {
        match self {
            Self::Once(value) => Some(value),
            Self::Absent | Self::Twice => None,
        }
    }
}

impl Fields {
    /// None when one of the pairs cannot be decoded.
    fn collect(query: &str) -> Option<Self> {
        let mut fields = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let field = match decoded(name)?.as_str() {
                "code" => &mut fields.code,
                "state" => &mut fields.state,
                "iss" => &mut fields.iss,
                "error" => &mut fields.error,
                "error_description" => &mut fields.words,
                _ => {
                    decoded(value)?;
                    continue;
                }
            };
            field.put(decoded(value)?);
        }
        Some(fields)
    }
}

fn outcome(fields: &Fields) -> Result<Secret, Failure> {
    let Fields {
        code,
        state,
        iss,
        error,
        words,
    } = fields;
    // RFC 6749 §3.1: no parameter more than once. Two readers might each take another one.
    if [code, state, iss, error, words]
        .iter()
        .any(|field| matches!(field, Field::Twice))
    {
        return Err(malformed("a parameter is there twice"));
    }
    if state.one().is_none_or(str::is_empty) {
        return Err(malformed("no state"));
    }
    match (code.one(), error.one()) {
        (Some(_), Some(_)) => Err(malformed("both a code and an error")),
        (None, None) => Err(malformed("neither a code nor an error")),
        (None, Some(error)) => {
            let words = words.one().unwrap_or_default();
            let failure = Failure::new(cause(error, words), "the provider refused");
            Err(failure.said(error, words).hearsay())
        }
        (Some(code), None) => {
            // RFC 6749 appendix A.11: printable ASCII.
            if code.is_empty() || !code.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
                return Err(malformed("the code is empty or not printable"));
            }
            Ok(Secret::from(code))
        }
    }
}

/// The cause where Okta's own words, or a code that says enough, leave no doubt. They mean the same
/// wherever they are said.
pub(crate) fn told(code: &str, words: &str) -> Option<Cause> {
    match code {
        "invalid_dpop_proof" | "use_dpop_nonce" => return Some(Cause::DpopRequired),
        "invalid_request_object" | "request_not_supported" | "request_uri_not_supported" => {
            return Some(Cause::RequestObject);
        }
        _ => (),
    }
    [
        ("network zones", Cause::NetworkZone),
        ("requested scopes were", Cause::ScopeDenied),
        ("claim could not be evaluated", Cause::ClaimFailed),
        ("claim matched too many groups", Cause::GroupsOverflow),
        (
            "cannot use a custom authorization server",
            Cause::OrgServerOnly,
        ),
        ("No encryption key found", Cause::TokenEncrypted),
        ("No client credentials found", Cause::CredentialsLost),
        ("'application_type' of 'service'", Cause::ClientIsService),
        ("authorization server id is invalid", Cause::ServerUnknown),
        ("'redirect_uri' does not match", Cause::RedirectChanged),
        // We are none: it says nothing of what is configured.
        (
            "Browser requests to the token endpoint",
            Cause::ProviderRefused,
        ),
    ]
    .into_iter()
    .find(|(part, _)| words.contains(part))
    .map(|(_, cause)| cause)
}

/// The cause for an error code. Okta's words tell its two common refusals apart; they vary by
/// release and language, so without a match the general cause stands.
pub(crate) fn cause(code: &str, words: &str) -> Cause {
    if let Some(cause) = told(code, words) {
        return cause;
    }
    match code {
        "access_denied" if words.contains("not assigned") => Cause::NotAssigned,
        "access_denied" if words.contains("Policy evaluation failed") => Cause::NoPolicy,
        // Microsoft's words for the same two.
        "access_denied" | "invalid_grant" | "invalid_request" if words.contains("AADSTS50105") => {
            Cause::NotAssigned
        }
        "access_denied" if words.contains("AADSTS53003") => Cause::NoPolicy,
        "access_denied" => Cause::AccessDenied,
        "invalid_scope" => Cause::ScopeRefused,
        "login_required"
        | "interaction_required"
        | "consent_required"
        | "account_selection_required" => Cause::LoginRequired,
        "unauthorized_client" | "unsupported_response_type" => Cause::GrantRefused,
        "server_error" | "temporarily_unavailable" => Cause::ProviderError,
        _ => Cause::ProviderRefused,
    }
}

/// `application/x-www-form-urlencoded`, but every escape must be one and the bytes UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => hex(bytes.next()?)? << 4 | hex(bytes.next()?)?,
            plain => plain,
        });
    }
    // An embedded NUL is no text: some databases and logs end there.
    String::from_utf8(out)
        .ok()
        .filter(|text| !text.contains('\0'))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

fn malformed(detail: &str) -> Failure {
    Failure::new(Cause::CallbackMalformed, format!("callback: {detail}")).hearsay()
}

#[cfg(test)]
mod tests;
