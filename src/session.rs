//! Who is signed in, for drawing and never for safety.
//!
//! `app` asked for it; it is asked for anew after what changes it.

use api::Session;
use leptos::prelude::*;

use crate::{api as server, ui::task::later};

/// The session of this page. A signal, because the organization can be renamed in it.
#[derive(Clone, Copy)]
pub struct Current(pub RwSignal<Session>);

/// The session, from the context that `app` set.
#[must_use]
pub fn use_session() -> RwSignal<Session> {
    expect_context::<Current>().0
}

/// Asks the server anew: after something that changes what the session may do.
pub fn refresh(session: RwSignal<Session>) {
    later(async move {
        if let Ok(now) = server::session().await {
            session.try_set(now);
        }
    });
}

/// Two letters for a name: the first of the first and of the last word.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}
