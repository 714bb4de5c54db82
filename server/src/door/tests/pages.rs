//! The pages that the tests read: each with everything it can have, and in its other shapes.

use api::{Cause, ProblemCode, Provider, SignedInBy, paths};
use locales::Language;

use crate::door::*;

/// Everything that a page can be told, so that one value can be put into all places.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) language: Language,
    pub(super) theme: Option<Theme>,
    pub(super) text: &'a str,
    pub(super) path: &'a str,
    pub(super) address: &'a str,
}

/// What a real deployment says.
pub(super) fn usual(language: Language) -> Told<'static> {
    Told {
        language,
        theme: None,
        text: "Northwind",
        path: "/users?status=active",
        address: "https://northwind.okta.com/login/signout",
    }
}

/// Every page with every part that it can have, by name.
pub(super) fn fullest(told: Told<'_>) -> Vec<(&'static str, String)> {
    let frame = Frame {
        language: told.language,
        theme: told.theme,
        organization: Some(told.text),
        here: told.path,
    };
    vec![
        (
            "sign_in",
            sign_in(&SignIn {
                frame,
                ways: &[Provider::Okta],
                return_to: Some(told.path),
                notice: Some(Notification::SessionEnded),
            }),
        ),
        (
            "administrator",
            administrator(&Administrator {
                frame,
                return_to: Some(told.path),
                code: false,
                email: Some(told.text),
                notice: Some(Notification::PasswordRefused),
            }),
        ),
        (
            "administrator with a code",
            administrator(&Administrator {
                frame,
                return_to: Some(told.path),
                code: true,
                email: Some(told.text),
                notice: Some(Notification::CodeRefused),
            }),
        ),
        (
            "refused",
            refused(&Refused {
                frame,
                cause: Cause::UnknownUser,
                reference: told.text,
                return_to: Some(told.path),
                another_account: Some(Provider::Okta),
            }),
        ),
        ("reauthenticated", reauthenticated(&frame)),
        (
            "signed_out",
            signed_out(&SignedOut {
                frame,
                at_provider: AtProvider::StillSignedIn {
                    provider: Provider::Okta,
                    sign_out: Some(told.address),
                },
            }),
        ),
        (
            "me",
            me(&Me {
                frame,
                name: told.text,
                signed_in_by: SignedInBy::Okta,
                signed_in_at: 0,
                now: 12 * 60_000,
                console: Some(told.path),
            }),
        ),
        (
            "plain_problem",
            plain_problem(&PlainProblem {
                frame,
                problem: ProblemPage::Problem(ProblemCode::Internal),
                reference: Some(told.text),
            }),
        ),
        (
            "console_missing",
            console_missing(&ConsoleMissing {
                frame,
                why: WithoutConsole::Browser,
            }),
        ),
    ]
}

/// The other shapes of the pages.
pub(super) fn variants(language: Language) -> Vec<(String, String)> {
    let told = usual(language);
    let frame = Frame {
        language,
        theme: Some(Theme::Dark),
        organization: None,
        here: paths::SIGN_IN,
    };
    let mut all = Vec::new();
    let ways: [&[Provider]; 5] = [
        &[],
        &[Provider::Okta],
        &[Provider::Google],
        &[Provider::Google, Provider::Microsoft],
        &Provider::ALL,
    ];
    for ways in ways {
        for notice in Notification::ALL.map(Some).into_iter().chain([None]) {
            let page = SignIn {
                frame,
                ways,
                return_to: None,
                notice,
            };
            all.push((format!("sign_in {ways:?} {notice:?}"), sign_in(&page)));
        }
    }
    for notice in Notification::ALL.map(Some).into_iter().chain([None]) {
        for code in [false, true] {
            let page = Administrator {
                frame,
                return_to: None,
                code,
                email: None,
                notice,
            };
            let name = format!("administrator {code} {notice:?}");
            all.push((name, administrator(&page)));
        }
    }
    for cause in Cause::ALL {
        all.push((
            cause.code().to_owned(),
            refusal(language, *cause, "K7QM-2F9X"),
        ));
    }
    for at_provider in [
        AtProvider::Nothing,
        AtProvider::SignedOut(Provider::Google),
        AtProvider::StillSignedIn {
            provider: Provider::Microsoft,
            sign_out: None,
        },
    ] {
        let page = SignedOut { frame, at_provider };
        all.push((format!("{at_provider:?}"), signed_out(&page)));
    }
    for signed_in_by in [
        SignedInBy::Password,
        SignedInBy::BreakGlass,
        SignedInBy::Google,
        SignedInBy::Microsoft,
    ] {
        let page = Me {
            frame,
            name: "Ada",
            signed_in_by,
            signed_in_at: 0,
            now: 0,
            console: None,
        };
        all.push((format!("me {signed_in_by:?}"), me(&page)));
    }
    for problem in [
        ProblemPage::SetUpNeeded,
        ProblemPage::Problem(ProblemCode::NotFound),
        ProblemPage::Problem(ProblemCode::TooMany),
        ProblemPage::Problem(ProblemCode::Unavailable),
        ProblemPage::Problem(ProblemCode::Forbidden),
    ] {
        let page = PlainProblem {
            frame,
            problem,
            reference: None,
        };
        all.push((format!("{problem:?}"), plain_problem(&page)));
    }
    let page = ConsoleMissing {
        frame,
        why: WithoutConsole::NotBuilt,
    };
    all.push(("not built".to_owned(), console_missing(&page)));
    all.extend(
        fullest(told)
            .into_iter()
            .map(|(name, page)| (name.to_owned(), page)),
    );
    all
}

pub(super) fn refusal(language: Language, cause: Cause, reference: &str) -> String {
    refused(&Refused {
        frame: Frame {
            language,
            theme: None,
            organization: Some("Northwind"),
            here: paths::REFUSED,
        },
        cause,
        reference,
        return_to: Some("/"),
        another_account: None,
    })
}
