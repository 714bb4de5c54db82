//! E-mail addresses and Okta logins, parsed at the door.
//!
//! Two are equal after trimming and ASCII lower-casing and nothing else: no Unicode folding, no
//! plus-tags. Outside ASCII nothing is accepted, so that no look-alike can ever match.

use std::fmt;

use crate::field::FieldFault;

/// The longest address that SMTP can carry (RFC 5321 §4.5.3.1.3, less the brackets).
pub const EMAIL_MAX: usize = 254;
/// Okta: a login has at most 100 characters.
pub const LOGIN_MAX: usize = 100;

/// A canonical e-mail address: trimmed, ASCII, lower case, one `@`, a domain with a dot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

/// A canonical Okta login: trimmed, ASCII, lower case, no blanks. Often an e-mail, not always.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OktaLogin(String);

impl Email {
    /// Fails with the [`FieldFault`] that names what is wrong.
    pub fn parse(text: &str) -> Result<Self, FieldFault> {
        let text = plain(text, EMAIL_MAX)?;
        let (local, domain) = text.split_once('@').ok_or(FieldFault::NotAnEmail)?;
        if local.len() > 64 || !local_ok(local) || !domain_ok(domain) {
            return Err(FieldFault::NotAnEmail);
        }
        Ok(Self(text))
    }

    /// The address as a provider sends it: only letters may differ from the canonical form, by their case. What a
    /// person types is trimmed; a claim with a blank, a line break or an invisible character is another value.
    pub fn from_claim(text: &str) -> Result<Self, FieldFault> {
        unaltered(text, Self::parse(text)?, Self::as_str)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl OktaLogin {
    /// Fails with the [`FieldFault`] that names what is wrong.
    pub fn parse(text: &str) -> Result<Self, FieldFault> {
        let text = plain(text, LOGIN_MAX)?;
        if text
            .bytes()
            .any(|byte| matches!(byte, b'"' | b'<' | b'>' | b'\\' | b',' | b';'))
        {
            return Err(FieldFault::Blanks);
        }
        Ok(Self(text))
    }

    /// The login as a provider sends it; see [`Email::from_claim`].
    pub fn from_claim(text: &str) -> Result<Self, FieldFault> {
        unaltered(text, Self::parse(text)?, Self::as_str)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Email> for OktaLogin {
    fn from(email: &Email) -> Self {
        Self(email.0.clone())
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for OktaLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Refuses a value that parsing changed by more than the case of its letters.
fn unaltered<T>(text: &str, parsed: T, canonical: fn(&T) -> &str) -> Result<T, FieldFault> {
    if text.eq_ignore_ascii_case(canonical(&parsed)) {
        Ok(parsed)
    } else {
        Err(FieldFault::Blanks)
    }
}

fn plain(text: &str, max: usize) -> Result<String, FieldFault> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    if text.is_empty() {
        return Err(FieldFault::Required);
    }
    if text.len() > max {
        return Err(FieldFault::TooLong);
    }
    if !text.is_ascii() {
        return Err(FieldFault::NotAscii);
    }
    if text.bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
        return Err(FieldFault::Blanks);
    }
    Ok(text.to_ascii_lowercase())
}

/// RFC 5322 dot-atom; quoted local parts and comments are refused on purpose.
fn local_ok(local: &str) -> bool {
    !local.is_empty()
        && local.split('.').all(|atom| {
            !atom.is_empty()
                && atom
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        })
}

/// At least two labels of letters, digits and inner hyphens (RFC 1123); the last is no number.
pub(crate) fn domain_ok(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    labels.len() >= 2
        && domain.len() <= 253
        && labels.iter().all(|label| label_ok(label))
        && labels
            .last()
            .is_some_and(|last| !last.bytes().all(|b| b.is_ascii_digit()))
}

pub(crate) fn label_ok(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_is_trimmed_and_lower_cased_and_nothing_else() {
        for (typed, kept) in [
            (" Ada@Northwind.Example ", "ada@northwind.example"),
            ("ada+tag@northwind.example", "ada+tag@northwind.example"),
            ("o'neil@x-y.co", "o'neil@x-y.co"),
        ] {
            assert_eq!(Email::parse(typed).expect(typed).as_str(), kept);
        }
    }

    #[test]
    fn what_is_no_plain_email_is_refused_with_its_reason() {
        for (typed, fault) in [
            ("", FieldFault::Required),
            ("ada", FieldFault::NotAnEmail),
            ("a@evil.test@corp.test", FieldFault::NotAnEmail),
            ("\"a@corp\"@evil.test", FieldFault::NotAnEmail),
            ("a(comment)@corp.test", FieldFault::NotAnEmail),
            ("a@corp.test.", FieldFault::NotAnEmail),
            ("a..b@corp.test", FieldFault::NotAnEmail),
            ("a@[10.0.0.1]", FieldFault::NotAnEmail),
            ("a@10.0.0.1", FieldFault::NotAnEmail),
            ("a@localhost", FieldFault::NotAnEmail),
            ("a b@corp.test", FieldFault::Blanks),
            ("a\u{0}b@corp.test", FieldFault::Blanks),
            ("ad\u{131}@corp.test", FieldFault::NotAscii),
            ("ada@\u{441}orp.test", FieldFault::NotAscii),
            ("ada\u{ff20}corp.test", FieldFault::NotAscii),
            ("ada\u{200b}@corp.test", FieldFault::NotAscii),
            ("\u{212a}ate@corp.test", FieldFault::NotAscii),
        ] {
            assert_eq!(Email::parse(typed), Err(fault), "{typed:?}");
        }
        let long = format!("{}@corp.test", "a".repeat(300));
        assert_eq!(Email::parse(&long), Err(FieldFault::TooLong));
    }

    #[test]
    fn from_claim_rejects_what_a_form_would_trim() {
        for text in [
            " boss@north.example",
            "boss@north.example\r\n",
            "\tboss@north.example",
            "boss@north.example ",
            "\u{feff}boss@north.example",
            "boss\u{200b}@north.example",
            "boss@north.example\u{2060}",
        ] {
            assert!(Email::from_claim(text).is_err(), "{text:?}");
            assert!(OktaLogin::from_claim(text).is_err(), "{text:?}");
        }
        let email = Email::from_claim("Boss@North.Example").expect("only its case differs");
        assert_eq!(email.as_str(), "boss@north.example");
        let login = OktaLogin::from_claim("GHopper").expect("only its case differs");
        assert_eq!(login.as_str(), "ghopper");
    }

    #[test]
    fn a_login_need_not_be_an_email() {
        assert_eq!(
            OktaLogin::parse(" GHopper ").expect("a login").as_str(),
            "ghopper"
        );
        assert_eq!(OktaLogin::parse("g hopper"), Err(FieldFault::Blanks));
        assert_eq!(OktaLogin::parse("g;hopper"), Err(FieldFault::Blanks));
    }
}
