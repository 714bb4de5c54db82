//! The page after a sign-in that did not work: one sentence, what to do, a reference number. It
//! must not tell causes apart more than [`super::Advice`] does.

use api::{Cause, Provider, paths};
use locales::keys;

use super::{
    advice::{Advice, advice},
    frame::{Frame, page, reference},
    link,
};

/// A refusal, as a member sees it.
#[derive(Clone, Copy, Debug)]
pub struct Refused<'a> {
    pub frame: Frame<'a>,
    pub cause: Cause,
    /// `XXXX-XXXX`: the attempt's row has the same.
    pub reference: &'a str,
    pub return_to: Option<&'a str>,
    /// The provider that can be asked for another account. The link is drawn where another account helps.
    pub another_account: Option<Provider>,
}

/// The refusal page.
#[must_use]
pub fn refused(refused: &Refused<'_>) -> String {
    let frame = &refused.frame;
    let advice = advice(refused.cause);
    let again = link::with_return_to(paths::SIGN_IN, refused.return_to);
    page(frame, frame.say(keys::DOOR_REFUSED_TITLE), |html| {
        html.leaf("p", &[], frame.say(advice.what()));
        html.leaf("p", &[], frame.say(advice.next()));
        reference(html, frame, refused.reference);
        html.leaf(
            "a",
            &[("class", "button"), ("href", &again)],
            frame.say(keys::DOOR_REFUSED_AGAIN),
        );
        if let Some(provider) = refused.another_account
            && advice == Advice::NotLetIn
        {
            let start = format!("{}?prompt=login", paths::auth_start(provider));
            let start = link::with_return_to(&start, refused.return_to);
            let words = frame.say_of(keys::DOOR_REFUSED_ANOTHER, provider);
            html.leaf("a", &[("class", "quiet"), ("href", &start)], &words);
        }
    })
}
