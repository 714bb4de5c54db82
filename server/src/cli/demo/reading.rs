//! What this console says to each mistake that the Okta simulator can make, for its scenario viewer. It
//! only looks words up; how a cause is found out is for the checks and the sign-in.

use api::{
    Cause, Provider,
    cause::{How, ROWS},
};
use locales::{Language, cause_title, cause_words};
use okta_simulator::{Reader, Reading, Words};

pub(super) fn reader() -> Reader {
    Reader::new(|id| {
        let row = ROWS.iter().find(|row| row.id.eq_ignore_ascii_case(id))?;
        let words = row.cause.map(|cause| {
            let in_one = |language: Language| Words {
                language: language.tag().into(),
                title: locales::text(language, cause_title(cause)).into(),
                fix: fix(cause, language),
            };
            Language::ALL.map(in_one).to_vec()
        });
        Some(Reading {
            cause: row.cause.map(|cause| cause.code().into()),
            seen: seen(row.how).into(),
            menu: row
                .cause
                .and_then(|cause| cause.menu(Provider::Okta))
                .map(str::to_owned),
            words: words.unwrap_or_default(),
        })
    })
}

/// Explanation and steps in one text, with the claim that a first guide sets.
fn fix(cause: Cause, language: Language) -> String {
    let words = cause_words(cause, Provider::Okta);
    let keys = std::iter::once(words.plain()).chain(words.steps.iter().copied());
    let sentences: Vec<&str> = keys.map(|key| locales::text(language, key)).collect();
    let facts = [
        ("provider", "Okta"),
        ("claim", "upn"),
        ("value", "user.email"),
    ];
    locales::fill(&sentences.join(" "), &facts)
}

fn seen(how: How) -> &'static str {
    match how {
        How::Paste => "While it is pasted.",
        How::CheckKind(_) => "By the checks, before any sign-in.",
        How::SignIn => "By the sign-in that comes back.",
        How::Verification => "By the claims that Connect now shows.",
        How::NeverBack => {
            "Not for certain: the sign-in never comes back, and the likely causes are named."
        }
        How::Prevented => "Not at all: the console makes it harmless.",
        How::Unseen => "Not at all: it happens where the console is not.",
    }
}

#[cfg(test)]
mod tests {
    use okta_simulator::{Config, Mistake, PracticeOkta};

    use super::*;

    /// The catalogue and the Okta simulator name the same mistakes.
    #[test]
    fn every_row_of_the_catalogue_is_a_mistake_of_the_okta_simulator() {
        for row in ROWS {
            assert!(Mistake::from_id(row.id).is_some(), "{}", row.id);
        }
        let known = |mistake: &&Mistake| {
            ROWS.iter()
                .any(|row| row.id.eq_ignore_ascii_case(mistake.id()))
        };
        assert_eq!(Mistake::ALL.iter().filter(known).count(), ROWS.len());
    }

    #[tokio::test]
    async fn the_reading_room_of_the_demo_speaks_both_languages() {
        let config = Config::seeded(1).reader(reader());
        let okta = PracticeOkta::start(config).await.expect("a free port");
        let url = format!("{}/practice/reading-room?mistake=b17", okta.base_url());
        let page = reqwest::get(&url).await.expect("an answer");
        let page = page.text().await.expect("a page");
        for language in Language::ALL {
            let title = locales::text(language, cause_title(Cause::DpopRequired));
            // Pages write apostrophes as references.
            let title = title.replace('\'', "&#39;");
            assert!(page.contains(&title), "{title}");
        }
    }
}
