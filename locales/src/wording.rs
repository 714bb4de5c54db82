//! Which words belong to which code of the contract: the one place where the two meet.

use api::{FieldFault, ProblemCode};

use crate::{Key, keys};

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
        FieldFault::SecretId => keys::FIELD_SECRET_ID,
        FieldFault::Truncated => keys::FIELD_TRUNCATED,
        FieldFault::SecretInClientId => keys::FIELD_SECRET_IN_CLIENT_ID,
        FieldFault::WrongCode => keys::FIELD_WRONG_CODE,
        FieldFault::WrongPassword => keys::FIELD_WRONG_PASSWORD,
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
        ProblemCode::ReauthenticationRequired => keys::PROBLEM_REAUTHENTICATION_REQUIRED_TITLE,
        ProblemCode::CrossSite => keys::PROBLEM_CROSS_SITE_TITLE,
        ProblemCode::NotFound => keys::PROBLEM_NOT_FOUND_TITLE,
        ProblemCode::MethodNotAllowed => keys::PROBLEM_METHOD_NOT_ALLOWED_TITLE,
        ProblemCode::SetUpDone => keys::PROBLEM_SET_UP_DONE_TITLE,
        ProblemCode::IllegalMove => keys::PROBLEM_ILLEGAL_MOVE_TITLE,
        ProblemCode::OktaActive => keys::PROBLEM_OKTA_ACTIVE_TITLE,
        ProblemCode::LastAdministrator => keys::PROBLEM_LAST_ADMINISTRATOR_TITLE,
        ProblemCode::ManagedByFile => keys::PROBLEM_OWNED_BY_FILE_TITLE,
        ProblemCode::LockoutRisk => keys::PROBLEM_LOCKOUT_RISK_TITLE,
        ProblemCode::ConfirmFromOkta => keys::PROBLEM_CONFIRM_FROM_OKTA_TITLE,
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
    use crate::{Language, cause_title, cause_words, names, text, texts};
    use api::{Cause, Provider, cause::Elsewhere};

    /// What is to be done about a cause, in one text.
    fn fix(language: Language, cause: Cause, provider: Provider) -> String {
        let steps = cause_words(cause, provider).steps;
        let steps: Vec<&str> = steps.iter().map(|key| text(language, *key)).collect();
        steps.join(" ")
    }

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
        "Verification of possession",
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
            let english = fix(Language::English, *cause, Provider::Okta);
            let french = fix(Language::French, *cause, Provider::Okta);
            let arrows = |text: &str| text.matches('›').count();
            assert_eq!(arrows(&english), arrows(&french), "{cause:?}");
            for word in OKTA_WORDS.iter().filter(|word| english.contains(*word)) {
                seen += 1;
                assert!(french.contains(word), "{cause:?}: {word}");
            }
        }
        assert!(seen > OKTA_WORDS.len(), "only {seen} found");
    }

    /// What stands in Google's and Microsoft's.
    const THEIR_WORDS: &[&str] = &[
        "Google Auth Platform",
        "› Clients",
        "Authorized redirect URIs",
        "Client secrets",
        "› Audience",
        "Test users",
        "› Data Access",
        "Web application",
        "API controls",
        "OAuth log events",
        "Directory › Users › ",
        "Entra ID › ",
        "App registrations",
        "Enterprise apps",
        "Users and groups",
        "Assignment required",
        "Certificates & secrets",
        "Conditional Access",
        "API permissions",
        "› Authentication",
        "Token configuration",
        "Sign-in logs",
        "Tenant ID",
    ];

    /// Whoever connected Google or Microsoft has no Admin Console of Okta's to open.
    #[test]
    fn nothing_that_is_told_of_google_or_microsoft_sends_anybody_to_okta() {
        for provider in [Provider::Google, Provider::Microsoft] {
            for cause in Cause::ALL {
                let way = cause.menu(provider);
                assert!(
                    way.is_some() || cause.menu(Provider::Okta).is_none(),
                    "{cause:?} has no way at {provider:?}"
                );
                assert!(!way.unwrap_or_default().contains("Okta"), "{cause:?}");
                for language in Language::ALL {
                    let fix = fix(language, *cause, provider);
                    assert!(
                        !fix.contains("Okta") && !fix.contains("okta"),
                        "{cause:?}: {fix}"
                    );
                    let words = cause_words(*cause, provider);
                    let only_okta = cause.elsewhere() == Elsewhere::Other;
                    for key in [words.title, words.explanation, words.plain()] {
                        let text = text(language, key);
                        assert!(only_okta || !text.contains("Okta"), "{cause:?}: {text}");
                    }
                }
            }
        }
    }

    #[test]
    fn their_words_are_the_same_in_both_languages_and_lead_where_the_way_leads() {
        let mut seen = std::collections::BTreeSet::new();
        for provider in [Provider::Google, Provider::Microsoft] {
            for cause in Cause::ALL {
                let english = fix(Language::English, *cause, provider);
                let french = fix(Language::French, *cause, provider);
                let arrows = |text: &str| text.matches('›').count();
                assert_eq!(arrows(&english), arrows(&french), "{cause:?}");
                for word in THEIR_WORDS.iter().filter(|word| english.contains(*word)) {
                    seen.insert(*word);
                    assert!(french.contains(word), "{cause:?}: {word}");
                }
            }
        }
        assert_eq!(seen.len(), THEIR_WORDS.len(), "{seen:?}");
    }

    /// What nobody can be told elsewhere has words that are true of anything.
    #[test]
    fn okta_is_told_in_its_own_words_and_the_others_in_theirs() {
        for cause in Cause::ALL {
            let fix = |provider| fix(Language::English, *cause, provider);
            let (google, microsoft) = (fix(Provider::Google), fix(Provider::Microsoft));
            match cause.elsewhere() {
                Elsewhere::Shared | Elsewhere::Tenant => {
                    assert_eq!(
                        (google, microsoft),
                        (fix(Provider::Okta), fix(Provider::Okta))
                    );
                }
                Elsewhere::User => assert_eq!(google, microsoft),
                Elsewhere::Redirect
                | Elsewhere::Credentials
                | Elsewhere::Code
                | Elsewhere::People
                | Elsewhere::Policy
                | Elsewhere::Scopes
                | Elsewhere::AppType
                | Elsewhere::Status
                | Elsewhere::Log
                | Elsewhere::Proxy
                | Elsewhere::Directory
                | Elsewhere::Claims
                | Elsewhere::Person
                | Elsewhere::Other => {
                    assert!(
                        !google.contains("Microsoft") && !google.contains("Entra"),
                        "{google}"
                    );
                    assert!(!microsoft.contains("Google"), "{microsoft}");
                    assert_ne!(google, microsoft, "{cause:?}");
                }
            }
        }
    }

    #[test]
    fn cause_titles_are_unique_and_short() {
        for language in Language::ALL {
            let mut titles: Vec<&str> = Cause::ALL
                .iter()
                .map(|cause| text(language, cause_title(*cause)))
                .collect();
            for title in &titles {
                let is_short = title.chars().count() <= 60 && !title.ends_with('.');
                assert!(is_short && !title.contains('{'), "{title}");
            }
            titles.sort_unstable();
            titles.dedup();
            assert_eq!(titles.len(), Cause::ALL.len());
        }
    }

    /// What is filled in by facts has a form without them, and no other text has facts.
    #[test]
    fn explanations_with_facts_have_a_form_without() {
        let has_facts = |key| {
            text(Language::English, key)
                .replace("{provider}", "")
                .contains('{')
        };
        for cause in Cause::ALL {
            let words = cause_words(*cause, Provider::Okta);
            assert_eq!(
                has_facts(words.explanation),
                words.fallback.is_some(),
                "{cause:?}"
            );
            assert!(!has_facts(words.plain()), "{cause:?}");
            let of_a_claim = *cause == Cause::ClaimMissing;
            for step in words.steps {
                assert!(of_a_claim || !has_facts(*step), "{cause:?}");
                assert!(text(Language::English, *step).ends_with('.'), "{cause:?}");
            }
        }
    }

    #[test]
    fn signs_are_set_as_each_language_sets_them() {
        let ours = |name: &str| {
            ["cause.", "door.", "field.", "problem.", "remedy."]
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
