//! The page after signing out: says what is still open elsewhere, and never guesses it.

use api::{Provider, paths};
use locales::keys;

use super::{
    frame::{Frame, page},
    link,
};

/// What is known of the session at the provider.
#[derive(Clone, Copy, Debug)]
pub enum AtProvider<'a> {
    /// There was none, or nothing is known of it.
    Nothing,
    /// It was ended too.
    SignedOut(Provider),
    /// It is still open; the address, where there is one, ends it.
    StillSignedIn {
        provider: Provider,
        sign_out: Option<&'a str>,
    },
}

/// What the page is told.
#[derive(Clone, Copy, Debug)]
pub struct SignedOut<'a> {
    pub frame: Frame<'a>,
    pub at_provider: AtProvider<'a>,
}

/// "You are signed out".
#[must_use]
pub fn signed_out(signed_out: &SignedOut<'_>) -> String {
    let frame = &signed_out.frame;
    let words = match signed_out.at_provider {
        AtProvider::Nothing => frame.say(keys::DOOR_SIGNED_OUT_HERE).to_owned(),
        AtProvider::SignedOut(provider) => frame.say_of(keys::DOOR_SIGNED_OUT_BOTH, provider),
        AtProvider::StillSignedIn { provider, .. } => {
            frame.say_of(keys::DOOR_SIGNED_OUT_STAYS, provider)
        }
    };
    page(frame, frame.say(keys::DOOR_SIGNED_OUT_TITLE), |html| {
        html.leaf("p", &[], &words);
        html.leaf(
            "a",
            &[("class", "button"), ("href", paths::SIGN_IN)],
            frame.say(keys::DOOR_SIGNED_OUT_AGAIN),
        );
        if let AtProvider::StillSignedIn {
            provider,
            sign_out: Some(address),
        } = signed_out.at_provider
            && let Some(address) = link::elsewhere(address)
        {
            let words = frame.say_of(keys::DOOR_SIGNED_OUT_PROVIDER, provider);
            html.leaf("a", &[("class", "quiet"), ("href", address)], &words);
        }
    })
}
