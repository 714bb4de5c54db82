//! The pages as a whole: what holds for every one of them, in both languages.

mod contrast;
mod hostile;
mod markup;
mod pages;

use api::{Cause, Provider, paths};
use locales::Language;

use super::*;
use markup::{Token, tokens};
use pages::{fullest, refusal, usual, variants};

#[test]
fn all_pages_and_their_style_stay_under_15_kb_together() {
    for language in Language::ALL {
        let pages: usize = fullest(usual(language))
            .iter()
            .map(|(_, page)| page.len())
            .sum();
        let all = pages + STYLE.len();
        assert!(all <= 15_000, "{}: {all} bytes", language.tag());
    }
}

#[test]
fn every_page_is_a_whole_document_with_one_heading_and_its_landmarks() {
    for language in Language::ALL {
        for (name, page) in variants(language) {
            assert!(page.starts_with("<!doctype html><html lang="), "{name}");
            let tokens = tokens(&page).unwrap_or_else(|wrong| panic!("{name}: {wrong}\n{page}"));
            let count = |tag: &str| {
                let is_it = |token: &&Token| matches!(token, Token::Open(it, _) if it == tag);
                tokens.iter().filter(is_it).count()
            };
            for tag in ["html", "head", "title", "body", "main", "h1", "footer"] {
                assert_eq!(count(tag), 1, "{name}: {tag}");
            }
            assert!(
                page.contains(&format!("<html lang=\"{}\"", language.tag())),
                "{name}"
            );
        }
    }
}

#[test]
fn labels_and_descriptions_lead_to_ids_that_stand_once() {
    for (name, page) in variants(Language::English) {
        let tokens = tokens(&page).expect("checked above");
        let values = |wanted: &str| -> Vec<String> {
            let attributes = tokens.iter().flat_map(|token| match token {
                Token::Open(_, attributes) => attributes.clone(),
                Token::Close(_) | Token::Text(_) => Vec::new(),
            });
            attributes
                .filter(|(name, _)| name == wanted)
                .map(|(_, value)| value)
                .collect()
        };
        let ids = values("id");
        for target in values("for").into_iter().chain(values("aria-describedby")) {
            assert_eq!(
                ids.iter().filter(|id| **id == target).count(),
                1,
                "{name}: {target}"
            );
        }
    }
}

#[test]
fn nothing_runs_and_nothing_is_styled_inline_or_fetched_from_elsewhere() {
    for language in Language::ALL {
        for (name, page) in variants(language) {
            for banned in [
                "<script", "style=", "<style", " on", "src=", "url(", "@import",
            ] {
                let found = tokens(&page)
                    .expect("checked above")
                    .iter()
                    .any(|token| matches!(token, Token::Open(tag, attributes)
                        if format!("<{tag}").contains(banned)
                            || attributes.iter().any(|(name, _)| format!(" {name}=").contains(banned))));
                assert!(!found, "{name}: {banned}");
            }
            assert!(!page.contains("<script"), "{name}");
        }
    }
    for banned in ["url(", "@import", "@font-face", "expression("] {
        assert!(!STYLE.contains(banned), "{banned}");
    }
}

#[test]
fn every_placeholder_is_filled_in_both_languages() {
    for language in Language::ALL {
        for (name, page) in variants(language) {
            assert!(!page.contains(['{', '}']), "{name}: {page}");
        }
    }
}

#[test]
fn a_refusal_never_tells_whether_an_account_exists() {
    for language in Language::ALL {
        let unknown = refusal(language, Cause::UnknownUser, "AAAA-AAAA");
        for cause in [
            Cause::UserSuspended,
            Cause::NoLogin,
            Cause::Ambiguous,
            Cause::LinkedToOther,
            Cause::NotAssigned,
        ] {
            let other = refusal(language, cause, "BBBB-BBBB");
            assert_eq!(
                other.replace("BBBB-BBBB", "AAAA-AAAA"),
                unknown,
                "{cause:?}"
            );
        }
    }
}

#[test]
fn a_refusal_shows_its_reference_and_the_way_back() {
    let page = refusal(Language::English, Cause::StateUnknown, "K7QM-2F9X");
    assert!(page.contains("<code>K7QM-2F9X</code>"), "{page}");
    assert!(page.contains("href=\"/sign-in?return_to=%2F\""), "{page}");
}

#[test]
fn refusal_offers_another_account_where_that_helps() {
    for cause in Cause::ALL {
        let page = refused(&Refused {
            frame: Frame {
                language: Language::English,
                theme: None,
                organization: None,
                here: paths::REFUSED,
            },
            cause: *cause,
            reference: "K7QM-2F9X",
            return_to: Some("/users?a=1&b=2"),
            another_account: Some(Provider::Okta),
        });
        let start = "href=\"/auth/okta/start?prompt=login&amp;return_to=%2Fusers%3Fa%3D1%26b%3D2\"";
        assert_eq!(
            page.contains(start),
            advice(*cause) == Advice::NotLetIn,
            "{cause:?}: {page}"
        );
    }
}

#[test]
fn single_sign_on_is_a_plain_link_that_keeps_the_way_back() {
    let page = sign_in(&SignIn {
        frame: Frame {
            language: Language::English,
            theme: None,
            organization: Some("Northwind"),
            here: paths::SIGN_IN,
        },
        ways: &[Provider::Okta],
        return_to: Some("/users?a=1&b=2"),
        notice: None,
    });
    let link = "href=\"/auth/okta/start?return_to=%2Fusers%3Fa%3D1%26b%3D2\">Sign in with SSO</a>";
    assert!(page.contains(link), "{page}");
    assert!(!page.contains("Google") && !page.contains("Microsoft"));
}
