//! Sign-ins: each attempt, how it ended, and why; new ones appear while one watches.

mod detail;
mod live;

use std::sync::Arc;

use api::{
    Cause,
    sign_ins::{AttemptList, AttemptQuery},
};
use leptos::prelude::*;
use locales::{cause_title, keys};

use crate::{
    api as server,
    navigation::{Place, Step, use_place},
    pages::{activity, retention},
    paths,
    ui::{
        el::{El, View, div, el, group, live as drawn_live, span},
        filters::{Takes, filters},
        icon::icon,
        load::{Remote, bones, empty},
        log::log,
        page::{Crumb, Head, page},
    },
    words::Text,
};

/// The filters' names in the address.
const FILTERS: [&str; 5] = ["outcome", "cause", "person", "from", "until"];

#[must_use]
pub fn sign_ins() -> View {
    let place = use_place();
    let watching = RwSignal::new(true);
    let list = Remote::new(move || {
        let query = asked(place);
        let ask = move |before: Option<String>| {
            let before = before.or_else(|| query.before.clone());
            server::sign_ins(&AttemptQuery {
                before,
                ..query.clone()
            })
        };
        activity::filled(
            ask,
            |it| (it.attempts.len(), &mut it.next),
            |list, more| {
                list.attempts.extend(more.attempts);
                list.next = more.next;
            },
        )
    });
    let head = Head::new(keys::SIGN_INS_TITLE)
        .lede(keys::SIGN_INS_LEDE)
        .crumbs(vec![
            Crumb::here(keys::SHELL_ACTIVITY),
            Crumb::here(keys::SIGN_INS_TITLE),
        ])
        .actions(switch(watching));
    let body = div("panel").child(tools(place)).child(list.draw(
        || bones("rows", 8),
        move |it| rows(&it, place, watching, list),
    ));
    page(
        head,
        group(vec![
            body.done(),
            retention::retention(retention::Of::SignIns),
        ]),
    )
}

fn asked(place: Place) -> AttemptQuery {
    let word = |name| Some(place.query(name)).filter(|it| !it.is_empty());
    AttemptQuery {
        reference: word("reference"),
        outcome: paths::outcome(&place.query("outcome")),
        cause: Cause::from_code(&place.query("cause")),
        person: word("person"),
        from: activity::day(place, "from", 0),
        until: activity::day(place, "until", 1),
        before: word("before"),
        since: None,
        limit: None,
    }
}

/// Says whether new attempts appear, and stops or goes on.
fn switch(watching: RwSignal<bool>) -> El {
    let said = drawn_live(move || {
        Text::from(if watching.get() {
            keys::SIGN_INS_LIVE_ON
        } else {
            keys::SIGN_INS_LIVE_OFF
        })
    });
    // One button for both, so that it keeps the focus when it is pressed.
    let name = move || {
        Text::from(if watching.get() {
            keys::SIGN_INS_STOP
        } else {
            keys::SIGN_INS_GO_ON
        })
        .read()
    };
    let picture = drawn_live(move || icon(if watching.get() { "pause" } else { "again" }));
    let button = el("button")
        .class("icon-button")
        .attr("type", "button")
        .said("aria-label", name)
        .child(picture)
        .on("click", move |_| watching.update(|it| *it = !*it));
    div("live")
        .live_flag("data-on", move || watching.get())
        .child(span("live-dot").attr("aria-hidden", "true"))
        .child(span("muted small").attr("role", "status").child(said))
        .child(button)
}

fn tools(place: Place) -> El {
    let any = || (String::new(), Text::from(keys::SIGN_INS_ANY));
    let outcomes = paths::OUTCOMES.into_iter().map(|it| {
        let name = activity::outcome_name(it);
        (paths::outcome_word(it).to_owned(), Text::from(name))
    });
    // Only what a sign-in can end with, by its words.
    let mut causes: Vec<(String, Text)> = Cause::ALL
        .iter()
        .filter(|it| activity::ends_a_sign_in(**it))
        .map(|it| (it.code().to_owned(), cause_title(*it).into()))
        .collect();
    causes.sort_by_cached_key(|(_, name)| untrack(|| name.read()));
    let fields = vec![
        (
            "outcome",
            keys::SIGN_INS_OUTCOME,
            Takes::OneOf(std::iter::once(any()).chain(outcomes).collect()),
        ),
        (
            "cause",
            keys::SIGN_INS_CAUSE,
            Takes::OneOf(std::iter::once(any()).chain(causes).collect()),
        ),
        (
            "person",
            keys::SIGN_INS_PERSON,
            Takes::Suggested(keys::SIGN_INS_PERSON_HINT, activity::people()),
        ),
        ("from", keys::ACTIVITY_FROM, Takes::Day),
        ("until", keys::ACTIVITY_UNTIL, Takes::Day),
        (
            "reference",
            keys::SIGN_INS_REFERENCE,
            Takes::Words(keys::SIGN_INS_REFERENCE_HINT),
        ),
    ];
    filters(
        keys::ACTIVITY_FILTER,
        fields,
        &activity::value(place),
        Arc::new(move |set| place.go(&paths::with(paths::sign_ins(), &set), Step::Replace)),
        None,
    )
}

fn rows(
    list: &AttemptList,
    place: Place,
    watching: RwSignal<bool>,
    remote: Remote<AttemptList>,
) -> View {
    let (alone, old) = untrack(|| {
        (
            !place.query("reference").is_empty(),
            !place.query("before").is_empty(),
        )
    });
    let followed = live::Followed::new(&list.attempts);
    if !alone && !old {
        let query = untrack(|| asked(place));
        followed.follow(query, list, watching, remote);
    }
    let is_none = list.attempts.is_empty() && list.next.is_none();
    if is_none && (alone || activity::is_filtered(place, &FILTERS)) {
        return activity::nothing(keys::SIGN_INS_NONE_TITLE, paths::sign_ins());
    }
    if is_none {
        return empty(
            "enter",
            keys::ATTEMPTS_EMPTY_TITLE,
            keys::ATTEMPTS_EMPTY_FIX,
            None,
        )
        .done();
    }
    let entries = group(vec![
        followed.newer(0),
        followed.first(move |row| detail::entry(row, alone)),
    ]);
    group(vec![
        log(keys::SIGN_INS_TITLE, entries)
            .attr("data-of", "sign-ins")
            .done(),
        activity::pages(place, paths::sign_ins(), &FILTERS, list.next.as_deref()),
    ])
}
