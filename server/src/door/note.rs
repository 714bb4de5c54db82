//! A page with one thing to say and one way on. It must not know why it is shown.

use locales::{Key, keys};

use super::frame::{Frame, page};

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A browser keeps no cookies.
    CookiesNeeded,
    /// A sign-in that was done before was opened again.
    AlreadySignedIn,
    /// The address that the person wanted was too long to be kept.
    LinkTooLong,
    /// Another provider than the connected one wanted a sign-in.
    NotInitiated,
}

/// What the page is told.
#[derive(Clone, Copy, Debug)]
pub struct Note<'a> {
    pub frame: Frame<'a>,
    pub kind: NoteKind,
    /// Where its button leads: a path of this server.
    pub on: &'a str,
}

/// The page.
#[must_use]
pub fn note(note: &Note<'_>) -> String {
    let frame = &note.frame;
    let (title, what, next, action) = words(note.kind);
    page(frame, frame.say(title), |html| {
        html.leaf("p", &[], frame.say(what));
        if let Some(next) = next {
            html.leaf("p", &[], frame.say(next));
        }
        html.leaf(
            "a",
            &[("class", "button"), ("href", note.on)],
            frame.say(action),
        );
    })
}

/// Heading, what happened, what to do, the button.
fn words(kind: NoteKind) -> (Key, Key, Option<Key>, Key) {
    match kind {
        NoteKind::CookiesNeeded => (
            keys::DOOR_COOKIES_TITLE,
            keys::DOOR_COOKIES_WHAT,
            Some(keys::DOOR_COOKIES_NEXT),
            keys::DOOR_REFUSED_AGAIN,
        ),
        NoteKind::AlreadySignedIn => (
            keys::DOOR_ME_TITLE,
            keys::DOOR_ALREADY_WHAT,
            None,
            keys::DOOR_CONTINUE,
        ),
        NoteKind::LinkTooLong => (
            keys::DOOR_TOO_LONG_TITLE,
            keys::DOOR_TOO_LONG_WHAT,
            Some(keys::DOOR_TOO_LONG_NEXT),
            keys::DOOR_CONTINUE,
        ),
        NoteKind::NotInitiated => (
            keys::DOOR_NOT_INITIATED_TITLE,
            keys::DOOR_NOT_INITIATED_WHAT,
            Some(keys::DOOR_NOT_INITIATED_NEXT),
            keys::DOOR_PROBLEM_SIGN_IN,
        ),
    }
}
