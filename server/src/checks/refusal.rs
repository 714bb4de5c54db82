//! The errors of a token, introspection or pushed-request endpoint, in either of Okta's shapes.

use api::Cause;

use crate::oidc::{Reply, json, refusal_cause};

/// An error as it was said, or that it was none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// An error of the OAuth protocol, or of Okta's REST interface.
    Error { code: String, words: String },
    /// A JSON object without an error.
    Fine,
    /// Not JSON at all.
    Unreadable,
}

impl Said {
    pub(super) fn of(reply: &Reply) -> Self {
        let Ok(body) = json::object(&reply.body) else {
            return Self::Unreadable;
        };
        for (code, words) in [
            ("error", "error_description"),
            ("errorCode", "errorSummary"),
        ] {
            if let Some(code) = body.text(code) {
                return Self::Error {
                    code: code.to_owned(),
                    words: body.text(words).unwrap_or_default().to_owned(),
                };
            }
        }
        Self::Fine
    }

    /// What may be shown of it.
    pub(super) fn seen(&self, status: u16) -> String {
        match self {
            Self::Error { code, words } => format!("{status} {code}: {words}"),
            Self::Fine | Self::Unreadable => status.to_string(),
        }
    }

    pub(super) fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Error { code, .. } if code == wanted)
    }

    pub(super) fn speaks_of(&self, part: &str) -> bool {
        matches!(self, Self::Error { words, .. } if words.contains(part))
    }

    /// Empty where there is no error.
    pub(super) fn code_and_words(&self) -> (&str, &str) {
        match self {
            Self::Error { code, words } => (code, words),
            Self::Fine | Self::Unreadable => ("", ""),
        }
    }

    /// Whether the endpoint looked at the code, and so has let the client in. One that wants PKCE
    /// may miss the challenge of a made-up code before anything else (RFC 7636 §4.6).
    pub(super) fn is_of_the_code(&self) -> bool {
        let (code, words) = self.code_and_words();
        let words = words.to_ascii_lowercase();
        let pkce = ["pkce", "code_verifier", "code_challenge"];
        code == "invalid_grant"
            || (code == "invalid_request" && pkce.iter().any(|part| words.contains(part)))
    }

    /// Whether it says itself that a grant or a response type is what is refused.
    pub(super) fn names_the_grant(&self) -> bool {
        let (code, _) = self.code_and_words();
        let parts = ["grant type", "response type", "response_type"];
        code.starts_with("unsupported_") || parts.iter().any(|part| self.speaks_of(part))
    }

    /// The cause, where code or words are known.
    pub(super) fn cause(&self) -> Option<Cause> {
        match self {
            Self::Error { code, words } => Some(refusal_cause(code, words)),
            Self::Fine | Self::Unreadable => None,
        }
    }
}
