//! What both records of what happened have in common: their addresses, their pages, their empty face.

use std::sync::Arc;

use api::{
    Cause, Outcome, User,
    cause::Seen,
    users::{UserFilter, UserQuery},
};
use leptos::prelude::*;
use locales::{Key, keys};

use crate::{
    api::{self as server, Asked as AskedFor},
    navigation::Place,
    paths, problems,
    ui::{
        button::{Weight, link_button},
        el::{El, Inside, View, el},
        filters::{Asked, Suggest},
        format::day_begins,
        load::empty,
        notice::Notice,
    },
};

/// What is rare among much comes a part at a time: so many are gone on for unasked.
const ENOUGH: usize = 20;
/// So many times, until somebody asks for older ones.
const ROUNDS: usize = 50;

/// A page of records, and what follows while it is short. `parts`: its records' number, and where the next begins.
pub async fn filled<T>(
    ask: impl Fn(Option<String>) -> AskedFor<T>,
    parts: fn(&mut T) -> (usize, &mut Option<String>),
    join: fn(&mut T, T),
) -> Result<T, Notice> {
    let mut list = problems::asked(ask(None)).await?;
    for _ in 0..ROUNDS {
        let (count, next) = parts(&mut list);
        let Some(next) = next.take_if(|_| count < ENOUGH) else {
            break;
        };
        let more = problems::asked(ask(Some(next))).await?;
        join(&mut list, more);
    }
    Ok(list)
}

/// What the address says of a filter; tracked.
#[must_use]
pub fn value(place: Place) -> Asked {
    Arc::new(move |name| {
        let value = place.query(name);
        // A field takes a day, and knows nothing of where.
        match name {
            "from" | "until" => value.trim_end_matches('Z').to_owned(),
            _ => value,
        }
    })
}

/// Finds people by what one types of them; a filter takes their e-mail.
#[must_use]
pub fn people() -> Suggest {
    Arc::new(|typed| {
        Box::pin(async move {
            let found = found_people(typed).await;
            found.into_iter().map(|it| (it.email, it.name)).collect()
        })
    })
}

/// A few users who fit; nobody where that cannot be asked now.
pub async fn found_people(typed: String) -> Vec<User> {
    let query = UserQuery {
        filter: UserFilter {
            search: Some(typed),
            ..UserFilter::default()
        },
        limit: Some(8),
        ..UserQuery::default()
    };
    server::users(&query)
        .await
        .map_or_else(|_| Vec::new(), |it| it.users)
}

/// When a day of the address begins where the browser is, or so many days later.
#[must_use]
pub fn day(place: Place, name: &str, later: i32) -> Option<i64> {
    day_begins(&place.query(name), later)
}

#[must_use]
pub fn is_filtered(place: Place, filters: &[&str]) -> bool {
    untrack(|| filters.iter().any(|it| !place.query(it).is_empty()))
}

/// An outcome's word.
#[must_use]
pub fn outcome_name(outcome: Outcome) -> Key {
    match outcome {
        Outcome::Started => keys::OUTCOME_STARTED,
        Outcome::Succeeded => keys::OUTCOME_SUCCEEDED,
        Outcome::Failed => keys::OUTCOME_FAILED,
        Outcome::NotCompleted => keys::OUTCOME_NEVER_CAME_BACK,
    }
}

/// Whether a sign-in can end with it: some causes are found by the checks alone.
#[must_use]
pub fn ends_a_sign_in(cause: Cause) -> bool {
    match cause.seen() {
        Seen::Discovery
        | Seen::Keys
        | Seen::Secret
        | Seen::Callback
        | Seen::TokenRequest
        | Seen::IdToken
        | Seen::Userinfo
        | Seen::Matching
        | Seen::Server => true,
        Seen::Pasting
        | Seen::Address
        | Seen::Organization
        | Seen::Client
        | Seen::Request
        | Seen::Redirect
        | Seen::Native
        | Seen::Verification
        | Seen::NeverBack => false,
    }
}

/// No record fits the filters.
#[must_use]
pub fn nothing(title: Key, all: String) -> View {
    let clear = link_button(all, keys::ACTIVITY_CLEAR, Weight::Plain, "close");
    empty("search", title, keys::ACTIVITY_NONE_FIX, Some(clear.done())).done()
}

/// The way to older records, and back to the newest. None where all are here.
#[must_use]
pub fn pages(place: Place, path: String, filters: &[&'static str], next: Option<&str>) -> View {
    let mut set: Vec<(&'static str, String)> = untrack(|| {
        filters
            .iter()
            .map(|name| (*name, place.query(name)))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    });
    let before = untrack(|| place.query("before"));
    let newest = (!before.is_empty()).then(|| {
        let href = paths::with(path.clone(), &set);
        link_button(href, keys::ACTIVITY_NEWEST, Weight::Plain, "")
    });
    let older = next.map(|next| {
        set.push(("before", next.to_owned()));
        link_button(
            paths::with(path, &set),
            keys::ACTIVITY_OLDER,
            Weight::Plain,
            "",
        )
    });
    let clear = (!filters
        .iter()
        .all(|it| untrack(|| place.query(it)).is_empty()))
    .then(|| {
        let all = place.path.get_untracked();
        el("a")
            .class("small")
            .attr("href", all)
            .child(keys::ACTIVITY_CLEAR)
    });
    if newest.is_none() && older.is_none() && clear.is_none() {
        return ().inside();
    }
    let all: Vec<El> = [clear, newest, older].into_iter().flatten().collect();
    el("nav")
        .class("panel-foot")
        .says("aria-label", keys::ACTIVITY_PAGES)
        .child(all)
        .done()
}
