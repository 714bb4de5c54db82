//! What is told of a cause: why it happened, and what to do about it step by step, with the facts
//! that are known of the case. It knows no page.

use api::{Cause, Provider};
use locales::{Key, cause_words};

use crate::{
    ui::el::{El, View, div, el, group, p},
    words::Text,
};

/// What is known of one case.
#[derive(Clone, Copy, Default)]
pub struct Facts<'a> {
    /// What came: a host, an answer that begins with its status, a value, or a name.
    pub seen: Option<&'a str>,
    /// The claim that it is about.
    pub claim: Option<&'a str>,
}

impl<'a> Facts<'a> {
    #[must_use]
    pub fn seen(seen: Option<&'a str>) -> Self {
        Self { seen, claim: None }
    }

    /// The status that an answer began with.
    fn status(self) -> Option<&'a str> {
        let first = self.seen?.split([' ', ':']).next()?;
        let is_status = first.len() == 3 && first.bytes().all(|byte| byte.is_ascii_digit());
        is_status.then_some(first)
    }

    /// Whether the explanation of this cause can be filled.
    fn fill(self, cause: Cause) -> bool {
        match cause {
            Cause::ProviderUnavailable | Cause::ProviderForbidden | Cause::MetadataNotFound => {
                self.status().is_some()
            }
            Cause::ClaimMisspelled => self.seen.is_some() && self.claim.is_some(),
            Cause::ClaimMissing | Cause::ClaimInAccessToken | Cause::ClaimInUserinfo => {
                self.claim.is_some()
            }
            other => {
                let has_facts = cause_words(other, Provider::Okta).fallback.is_some();
                !has_facts || self.seen.is_some()
            }
        }
    }

    fn text(self, key: Key, provider: Provider) -> Text {
        let seen = self.seen.unwrap_or_default();
        let claim = self.claim.unwrap_or("upn");
        // Okta: what an expression calls the e-mail, the ID and the login of a person.
        let value = match claim {
            "upn" => "user.email",
            "uid" => "user.id",
            _ => "user.login",
        };
        let values = [
            ("provider", provider.name()),
            ("status", self.status().unwrap_or_default()),
            ("host", seen),
            ("seen", seen),
            ("claim", claim),
            ("value", value),
        ];
        Text::with(key, &values)
    }
}

/// Why it happened, in one sentence.
#[must_use]
pub fn why(cause: Cause, provider: Provider, facts: Facts<'_>) -> Text {
    let words = cause_words(cause, provider);
    let key = if facts.fill(cause) {
        words.explanation
    } else {
        words.plain()
    };
    facts.text(key, provider)
}

/// What to do about it: a single step is a sentence, several are a list in their order.
#[must_use]
pub fn steps(cause: Cause, provider: Provider, facts: Facts<'_>) -> El {
    let text = |key: &Key| facts.text(*key, provider);
    match cause_words(cause, provider).steps {
        [only] => p("").child(text(only)),
        several => {
            let steps: Vec<View> = several
                .iter()
                .map(|step| el("li").child(text(step)).done())
                .collect();
            el("ol").class("likely").children(steps)
        }
    }
}

/// Both.
#[must_use]
pub fn fix(class: &'static str, cause: Cause, provider: Provider, facts: Facts<'_>) -> El {
    div(class).child(group(vec![
        p("").child(why(cause, provider, facts)).done(),
        steps(cause, provider, facts).done(),
    ]))
}
