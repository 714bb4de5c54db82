//! How a sign-in fails: the cause that everybody may know, and two texts for those who mend it.
//!
//! Nothing here ever carries a code, a token, a verifier or a secret.

use std::fmt::Write as _;

use api::{Cause, names::is_hidden};

/// How many characters of a provider's words are kept.
pub(crate) const SAID_MAX: usize = 200;

/// A failed step. `cause` is for the attempt row and the person, `said` for the administrator,
/// `detail` for the log only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub cause: Cause,
    /// The provider's own error code and words: escaped, at most 200 characters.
    pub said: Option<String>,
    pub detail: String,
    /// Only a browser brought it: whoever drives it may have made it up.
    pub is_hearsay: bool,
}

impl Failure {
    pub(crate) fn new(cause: Cause, detail: impl Into<String>) -> Self {
        Self {
            cause,
            said: None,
            detail: detail.into(),
            is_hearsay: false,
        }
    }

    /// The same, as a browser tells it.
    pub(crate) fn hearsay(mut self) -> Self {
        self.is_hearsay = true;
        self
    }

    /// The same of this issuer: a custom authorization server denies for reasons of its own.
    pub(crate) fn at_issuer(mut self, issuer: &str) -> Self {
        if self.cause == Cause::AccessDenied && issuer.contains("/oauth2/") {
            self.cause = Cause::AccessDeniedCustomServer;
        }
        self
    }

    /// Whether the provider refused the client's secret (RFC 6749 §5.2). It did so before it looked
    /// at the code, which is not used up.
    pub(crate) fn is_of_the_secret(&self) -> bool {
        let code = self.said.as_deref().and_then(|it| it.split(':').next());
        code == Some("invalid_client")
    }

    /// With what the provider said: its error code, and its words when it had any.
    pub(crate) fn said(mut self, code: &str, words: &str) -> Self {
        self.said = match (code.is_empty(), words.is_empty()) {
            (true, true) => None,
            (false, true) => Some(shown(code)),
            (true, false) => Some(shown(words)),
            (false, false) => Some(shown(&format!("{code}: {words}"))),
        };
        self
    }
}

/// Somebody else's text, safe to keep and to show: control characters and those that reorder or
/// hide text are escaped, and it is cut at [`SAID_MAX`] characters.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(SAID_MAX));
    let mut left = SAID_MAX;
    for c in text.chars() {
        let width = if is_hidden(c) {
            c.escape_unicode().len()
        } else {
            1
        };
        if width >= left {
            out.push('…');
            break;
        }
        left -= width;
        if is_hidden(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "{}", c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_escaped_and_cut() {
        for (raw, kept) in [
            ("plain words", "plain words"),
            ("a\r\nb", "a\\u{d}\\u{a}b"),
            ("\u{202e}drow", "\\u{202e}drow"),
            ("nul\0", "nul\\u{0}"),
            ("<b>é</b>", "<b>é</b>"),
        ] {
            assert_eq!(shown(raw), kept);
        }
        assert_eq!(shown(&"x".repeat(50_000)).chars().count(), SAID_MAX);
        assert!(shown(&"\u{202e}".repeat(300)).chars().count() <= SAID_MAX);
    }

    #[test]
    fn what_the_provider_said_is_its_code_and_its_words() {
        let said = |code, words| Failure::new(Cause::Internal, "").said(code, words).said;
        assert_eq!(said("", ""), None);
        assert_eq!(said("access_denied", ""), Some("access_denied".into()));
        assert_eq!(said("a", "b c"), Some("a: b c".into()));
    }

    proptest::proptest! {
        #[test]
        fn nothing_hidden_survives(text in "\\PC{0,300}|[\\x00-\\x{10ffff}]{0,300}") {
            let kept = shown(&text);
            proptest::prop_assert!(kept.chars().count() <= SAID_MAX);
            proptest::prop_assert!(!kept.chars().any(is_hidden));
        }
    }
}
