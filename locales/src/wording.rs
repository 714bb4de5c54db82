//! Which words belong to which code of the contract: the one place where the two meet.

use api::{Cause, FieldFault, ProblemCode};

use crate::{Key, keys};

/// What happened, in one sentence for an administrator.
#[must_use]
pub fn cause_title(cause: Cause) -> Key {
    match cause {
        Cause::StateUnknown => keys::CAUSE_STATE_UNKNOWN_TITLE,
        Cause::StateReplayed => keys::CAUSE_STATE_REPLAYED_TITLE,
        Cause::AttemptExpired => keys::CAUSE_ATTEMPT_EXPIRED_TITLE,
        Cause::CallbackMalformed => keys::CAUSE_CALLBACK_MALFORMED_TITLE,
        Cause::CallbackIssuer => keys::CAUSE_CALLBACK_ISSUER_TITLE,
        Cause::ConnectionOff => keys::CAUSE_CONNECTION_OFF_TITLE,
        Cause::SettingsChanged => keys::CAUSE_SETTINGS_CHANGED_TITLE,
        Cause::NotAssigned => keys::CAUSE_NOT_ASSIGNED_TITLE,
        Cause::NoPolicy => keys::CAUSE_NO_POLICY_TITLE,
        Cause::AccessDenied => keys::CAUSE_ACCESS_DENIED_TITLE,
        Cause::ScopeRefused => keys::CAUSE_SCOPE_REFUSED_TITLE,
        Cause::LoginRequired => keys::CAUSE_LOGIN_REQUIRED_TITLE,
        Cause::GrantRefused => keys::CAUSE_GRANT_REFUSED_TITLE,
        Cause::ProviderError => keys::CAUSE_PROVIDER_ERROR_TITLE,
        Cause::ProviderRefused => keys::CAUSE_PROVIDER_REFUSED_TITLE,
        Cause::Unreachable => keys::CAUSE_UNREACHABLE_TITLE,
        Cause::DiscoveryMalformed => keys::CAUSE_DISCOVERY_MALFORMED_TITLE,
        Cause::IssuerMismatch => keys::CAUSE_ISSUER_MISMATCH_TITLE,
        Cause::ServerUnknown => keys::CAUSE_SERVER_UNKNOWN_TITLE,
        Cause::ServerNotLicensed => keys::CAUSE_SERVER_NOT_LICENSED_TITLE,
        Cause::KeysUnreadable => keys::CAUSE_KEYS_UNREADABLE_TITLE,
        Cause::ClientRefused => keys::CAUSE_CLIENT_REFUSED_TITLE,
        Cause::ClientUnknown => keys::CAUSE_CLIENT_UNKNOWN_TITLE,
        Cause::CodeRefused => keys::CAUSE_CODE_REFUSED_TITLE,
        Cause::TokenUnreachable => keys::CAUSE_TOKEN_UNREACHABLE_TITLE,
        Cause::TokenMalformed => keys::CAUSE_TOKEN_MALFORMED_TITLE,
        Cause::TokenAlgorithm => keys::CAUSE_TOKEN_ALGORITHM_TITLE,
        Cause::TokenKey => keys::CAUSE_TOKEN_KEY_TITLE,
        Cause::TokenSignature => keys::CAUSE_TOKEN_SIGNATURE_TITLE,
        Cause::TokenIssuer => keys::CAUSE_TOKEN_ISSUER_TITLE,
        Cause::TokenAudience => keys::CAUSE_TOKEN_AUDIENCE_TITLE,
        Cause::TokenExpired => keys::CAUSE_TOKEN_EXPIRED_TITLE,
        Cause::ClockSkew => keys::CAUSE_CLOCK_SKEW_TITLE,
        Cause::TokenNonce => keys::CAUSE_TOKEN_NONCE_TITLE,
        Cause::TokenClaims => keys::CAUSE_TOKEN_CLAIMS_TITLE,
        Cause::UserinfoUnreadable => keys::CAUSE_USERINFO_UNREADABLE_TITLE,
        Cause::UserinfoSub => keys::CAUSE_USERINFO_SUB_TITLE,
        Cause::EmailsDiffer => keys::CAUSE_EMAILS_DIFFER_TITLE,
        Cause::EmailMissing => keys::CAUSE_EMAIL_MISSING_TITLE,
        Cause::EmailUnverified => keys::CAUSE_EMAIL_UNVERIFIED_TITLE,
        Cause::DomainRefused => keys::CAUSE_DOMAIN_REFUSED_TITLE,
        Cause::TenantRefused => keys::CAUSE_TENANT_REFUSED_TITLE,
        Cause::UnknownUser => keys::CAUSE_UNKNOWN_USER_TITLE,
        Cause::NoLogin => keys::CAUSE_NO_LOGIN_TITLE,
        Cause::Ambiguous => keys::CAUSE_AMBIGUOUS_TITLE,
        Cause::BoundToOther => keys::CAUSE_BOUND_TO_OTHER_TITLE,
        Cause::UserSuspended => keys::CAUSE_USER_SUSPENDED_TITLE,
        Cause::Internal => keys::CAUSE_INTERNAL_TITLE,
    }
}

/// What to do about it, with Okta's own menu words where it is mended there.
#[must_use]
pub fn cause_fix(cause: Cause) -> Key {
    match cause {
        Cause::StateUnknown => keys::CAUSE_STATE_UNKNOWN_FIX,
        Cause::StateReplayed => keys::CAUSE_STATE_REPLAYED_FIX,
        Cause::AttemptExpired => keys::CAUSE_ATTEMPT_EXPIRED_FIX,
        Cause::CallbackMalformed => keys::CAUSE_CALLBACK_MALFORMED_FIX,
        Cause::CallbackIssuer => keys::CAUSE_CALLBACK_ISSUER_FIX,
        Cause::ConnectionOff => keys::CAUSE_CONNECTION_OFF_FIX,
        Cause::SettingsChanged => keys::CAUSE_SETTINGS_CHANGED_FIX,
        Cause::NotAssigned => keys::CAUSE_NOT_ASSIGNED_FIX,
        Cause::NoPolicy => keys::CAUSE_NO_POLICY_FIX,
        Cause::AccessDenied => keys::CAUSE_ACCESS_DENIED_FIX,
        Cause::ScopeRefused => keys::CAUSE_SCOPE_REFUSED_FIX,
        Cause::LoginRequired => keys::CAUSE_LOGIN_REQUIRED_FIX,
        Cause::GrantRefused => keys::CAUSE_GRANT_REFUSED_FIX,
        Cause::ProviderError => keys::CAUSE_PROVIDER_ERROR_FIX,
        Cause::ProviderRefused => keys::CAUSE_PROVIDER_REFUSED_FIX,
        Cause::Unreachable => keys::CAUSE_UNREACHABLE_FIX,
        Cause::DiscoveryMalformed => keys::CAUSE_DISCOVERY_MALFORMED_FIX,
        Cause::IssuerMismatch => keys::CAUSE_ISSUER_MISMATCH_FIX,
        Cause::ServerUnknown => keys::CAUSE_SERVER_UNKNOWN_FIX,
        Cause::ServerNotLicensed => keys::CAUSE_SERVER_NOT_LICENSED_FIX,
        Cause::KeysUnreadable => keys::CAUSE_KEYS_UNREADABLE_FIX,
        Cause::ClientRefused => keys::CAUSE_CLIENT_REFUSED_FIX,
        Cause::ClientUnknown => keys::CAUSE_CLIENT_UNKNOWN_FIX,
        Cause::CodeRefused => keys::CAUSE_CODE_REFUSED_FIX,
        Cause::TokenUnreachable => keys::CAUSE_TOKEN_UNREACHABLE_FIX,
        Cause::TokenMalformed => keys::CAUSE_TOKEN_MALFORMED_FIX,
        Cause::TokenAlgorithm => keys::CAUSE_TOKEN_ALGORITHM_FIX,
        Cause::TokenKey => keys::CAUSE_TOKEN_KEY_FIX,
        Cause::TokenSignature => keys::CAUSE_TOKEN_SIGNATURE_FIX,
        Cause::TokenIssuer => keys::CAUSE_TOKEN_ISSUER_FIX,
        Cause::TokenAudience => keys::CAUSE_TOKEN_AUDIENCE_FIX,
        Cause::TokenExpired => keys::CAUSE_TOKEN_EXPIRED_FIX,
        Cause::ClockSkew => keys::CAUSE_CLOCK_SKEW_FIX,
        Cause::TokenNonce => keys::CAUSE_TOKEN_NONCE_FIX,
        Cause::TokenClaims => keys::CAUSE_TOKEN_CLAIMS_FIX,
        Cause::UserinfoUnreadable => keys::CAUSE_USERINFO_UNREADABLE_FIX,
        Cause::UserinfoSub => keys::CAUSE_USERINFO_SUB_FIX,
        Cause::EmailsDiffer => keys::CAUSE_EMAILS_DIFFER_FIX,
        Cause::EmailMissing => keys::CAUSE_EMAIL_MISSING_FIX,
        Cause::EmailUnverified => keys::CAUSE_EMAIL_UNVERIFIED_FIX,
        Cause::DomainRefused => keys::CAUSE_DOMAIN_REFUSED_FIX,
        Cause::TenantRefused => keys::CAUSE_TENANT_REFUSED_FIX,
        Cause::UnknownUser => keys::CAUSE_UNKNOWN_USER_FIX,
        Cause::NoLogin => keys::CAUSE_NO_LOGIN_FIX,
        Cause::Ambiguous => keys::CAUSE_AMBIGUOUS_FIX,
        Cause::BoundToOther => keys::CAUSE_BOUND_TO_OTHER_FIX,
        Cause::UserSuspended => keys::CAUSE_USER_SUSPENDED_FIX,
        Cause::Internal => keys::CAUSE_INTERNAL_FIX,
    }
}

/// What is wrong with a field, in one sentence.
#[must_use]
pub fn field_fault(fault: FieldFault) -> Key {
    match fault {
        FieldFault::Required => keys::FIELD_REQUIRED,
        FieldFault::TooLong => keys::FIELD_TOO_LONG,
        FieldFault::TooShort => keys::FIELD_TOO_SHORT,
        FieldFault::NotAnEmail => keys::FIELD_NOT_AN_EMAIL,
        FieldFault::NotAscii => keys::FIELD_NOT_ASCII,
        FieldFault::Blanks => keys::FIELD_BLANKS,
        FieldFault::Taken => keys::FIELD_TAKEN,
        FieldFault::TakenByEmail => keys::FIELD_TAKEN_BY_EMAIL,
        FieldFault::NotAnAddress => keys::FIELD_NOT_AN_ADDRESS,
        FieldFault::NotHttps => keys::FIELD_NOT_HTTPS,
        FieldFault::IpAddress => keys::FIELD_IP_ADDRESS,
        FieldFault::Port => keys::FIELD_PORT,
        FieldFault::Placeholder => keys::FIELD_PLACEHOLDER,
        FieldFault::DoubledSuffix => keys::FIELD_DOUBLED_SUFFIX,
        FieldFault::Credentials => keys::FIELD_CREDENTIALS,
        FieldFault::NotAnIssuer => keys::FIELD_NOT_AN_ISSUER,
        FieldFault::Masked => keys::FIELD_MASKED,
        FieldFault::ClientIdInSecret => keys::FIELD_CLIENT_ID_IN_SECRET,
        FieldFault::SecretInClientId => keys::FIELD_SECRET_IN_CLIENT_ID,
        FieldFault::SameAsWeb => keys::FIELD_SAME_AS_WEB,
        FieldFault::SecretAgain => keys::FIELD_SECRET_AGAIN,
        FieldFault::NotATenant => keys::FIELD_NOT_A_TENANT,
        FieldFault::NotADomain => keys::FIELD_NOT_A_DOMAIN,
        FieldFault::NotADate => keys::FIELD_NOT_A_DATE,
        FieldFault::SameSecret => keys::FIELD_SAME_SECRET,
        FieldFault::Unknown => keys::FIELD_UNKNOWN,
        FieldFault::Malformed => keys::FIELD_MALFORMED,
    }
}

/// What happened, in one sentence for whoever sees the problem.
#[must_use]
pub fn problem_title(code: ProblemCode) -> Key {
    match code {
        ProblemCode::BadRequest => keys::PROBLEM_BAD_REQUEST_TITLE,
        ProblemCode::SignedOut => keys::PROBLEM_SIGNED_OUT_TITLE,
        ProblemCode::Forbidden => keys::PROBLEM_FORBIDDEN_TITLE,
        ProblemCode::CrossSite => keys::PROBLEM_CROSS_SITE_TITLE,
        ProblemCode::NotFound => keys::PROBLEM_NOT_FOUND_TITLE,
        ProblemCode::MethodNotAllowed => keys::PROBLEM_METHOD_NOT_ALLOWED_TITLE,
        ProblemCode::SetUpDone => keys::PROBLEM_SET_UP_DONE_TITLE,
        ProblemCode::IllegalMove => keys::PROBLEM_ILLEGAL_MOVE_TITLE,
        ProblemCode::OktaActive => keys::PROBLEM_OKTA_ACTIVE_TITLE,
        ProblemCode::LastAdministrator => keys::PROBLEM_LAST_ADMINISTRATOR_TITLE,
        ProblemCode::OwnedByFile => keys::PROBLEM_OWNED_BY_FILE_TITLE,
        ProblemCode::Changed => keys::PROBLEM_CHANGED_TITLE,
        ProblemCode::TooLarge => keys::PROBLEM_TOO_LARGE_TITLE,
        ProblemCode::NotJson => keys::PROBLEM_NOT_JSON_TITLE,
        ProblemCode::Invalid => keys::PROBLEM_INVALID_TITLE,
        ProblemCode::VersionRequired => keys::PROBLEM_VERSION_REQUIRED_TITLE,
        ProblemCode::TooMany => keys::PROBLEM_TOO_MANY_TITLE,
        ProblemCode::ProviderUnreachable => keys::PROBLEM_PROVIDER_UNREACHABLE_TITLE,
        ProblemCode::Internal => keys::PROBLEM_INTERNAL_TITLE,
        ProblemCode::Unavailable => keys::PROBLEM_UNAVAILABLE_TITLE,
    }
}

#[cfg(all(test, feature = "texts"))]
mod tests {
    use super::*;
    use crate::{Language, names, text, texts};

    /// What stands in Okta's own menus and forms, and is found there only as it stands.
    const OKTA_WORDS: &[&str] = &[
        "Applications › Applications › ",
        "› Assignments",
        "Sign On",
        "OpenID Connect ID Token",
        "› General",
        "General Settings › Edit",
        "Grant type",
        "Authorization Code",
        "OIDC - OpenID Connect",
        "Web Application",
        "Login flow",
        "Redirect to app to initiate login (OIDC Compliant)",
        "Client Credentials",
        "Client authentication",
        "Client secret",
        "Client ID",
        "Proof of possession",
        "User consent",
        "Require consent",
        "Security › API",
        "› Authorization Servers › ",
        "› Settings › Issuer",
        "Issuer URI",
        "Access Policies",
        "› Scopes",
        "› Claims",
        "Token Preview",
        "Security › Networks",
        "Reports › System Log",
        "Customizations › Brands › ",
        "› Domains",
        "Directory › People › ",
        "› Profile › Primary email",
    ];

    #[test]
    fn okta_words_are_the_same_in_both_languages() {
        let mut seen = 0;
        for cause in Cause::ALL {
            let english = text(Language::English, cause_fix(*cause));
            let french = text(Language::French, cause_fix(*cause));
            let arrows = |text: &str| text.matches('›').count();
            assert_eq!(arrows(english), arrows(french), "{cause:?}");
            for word in OKTA_WORDS.iter().filter(|word| english.contains(*word)) {
                seen += 1;
                assert!(french.contains(word), "{cause:?}: {word}");
            }
        }
        assert!(seen > OKTA_WORDS.len(), "only {seen} found");
    }

    #[test]
    fn a_title_is_one_sentence_of_its_own() {
        for language in Language::ALL {
            let mut titles: Vec<&str> = Cause::ALL
                .iter()
                .map(|cause| text(language, cause_title(*cause)))
                .collect();
            for title in &titles {
                assert!(title.ends_with('.') && !title.contains(". "), "{title}");
            }
            titles.sort_unstable();
            titles.dedup();
            assert_eq!(titles.len(), Cause::ALL.len());
        }
    }

    #[test]
    fn signs_are_set_as_each_language_sets_them() {
        let ours = |name: &str| {
            ["cause.", "door.", "field.", "problem."]
                .iter()
                .any(|area| name.starts_with(area))
        };
        for language in Language::ALL {
            for (name, text) in names().iter().zip(texts(language)) {
                assert!(!ours(name) || !text.contains('\''), "{name}: {text}");
            }
        }
        for (name, text) in names().iter().zip(texts(Language::French)) {
            for sign in [" :", " ;", " ?", " !"] {
                assert!(!ours(name) || !text.contains(sign), "{name}: {text}");
            }
        }
    }
}
