//! While one watches: no attempt is left out, and none keeps saying what is over.

use std::{cell::Cell, rc::Rc};

use api::{Attempt, Cause, Outcome, sign_ins::AttemptList};
use console::{
    navigation::{Step, use_place},
    pages::sign_ins,
};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{attempt, page};
use crate::{
    desk::{Desk, after, focused, replace},
    server::{Asked, Reply, Server},
};

/// The server's page: the newest fifty of these below a cursor, or as many as were asked for.
fn part(asked: &Asked, of: &[Attempt]) -> Reply {
    let value = |name: &str| {
        let (_, rest) = asked.path.split_once(&format!("{name}="))?;
        rest.split('&').next().map(str::to_owned)
    };
    let limit = value("limit").map_or(50, |it| it.parse().expect("a number"));
    let below = value("before").unwrap_or_else(|| "g".to_owned());
    let mut attempts: Vec<Attempt> = of.iter().filter(|it| it.id < below).cloned().collect();
    let is_more = attempts.len() > limit;
    attempts.truncate(limit);
    let next = attempts.last().filter(|_| is_more);
    Reply::json(&AttemptList {
        next: next.map(|it| it.id.clone()),
        attempts,
        since: "cursor".to_owned(),
    })
}

/// Failed, the newest first, from one number down to another.
fn failed(from: i64, to: i64) -> Vec<Attempt> {
    let one = |number| attempt(number, Outcome::Failed, Some(Cause::UnknownUser));
    (to..=from).rev().map(one).collect()
}

/// The page asks every three seconds: until it has.
async fn until_asked(server: &Server, what: &str, times: usize) {
    for _ in 0..100 {
        let lines = server.lines();
        if lines.iter().filter(|it| it.contains(what)).count() >= times {
            return;
        }
        after(100).await;
    }
    panic!("nobody asked {what}: {:?}", server.lines());
}

#[wasm_bindgen_test]
async fn the_switch_keeps_the_focus_when_it_is_pressed() {
    let _server = Server::answering(|_| page(failed(1, 1)));
    let desk = Desk::with(sign_ins::sign_ins);
    desk.until_sees("person1@").await;
    for (now, then) in [("Stop", "Go on"), ("Go on", "Stop")] {
        desk.find("button", now).focus().expect("focused");
        desk.press(now);
        desk.until("the other", |desk| desk.has("button", then))
            .await;
        assert_eq!(focused().as_deref(), Some(then));
    }
}

#[wasm_bindgen_test]
async fn what_is_on_its_way_says_how_it_ended_however_many_came_since() {
    let server = Server::answering(|asked| {
        let mut all = failed(120, 2);
        if asked.path.contains("since=") {
            all.push(attempt(1, Outcome::Succeeded, None));
            return part(asked, &all);
        }
        page(vec![attempt(1, Outcome::Started, None)])
    });
    let desk = Desk::with(sign_ins::sign_ins);
    desk.until_sees("person1@").await;
    until_asked(&server, "before=", 1).await;
    desk.until_sees("Signed in").await;
    // Nothing of it can change any more: a turn is one page again.
    until_asked(&server, "since=", 4).await;
    let further = server
        .lines()
        .iter()
        .filter(|it| it.contains("before="))
        .count();
    assert_eq!(further, 1, "{:?}", server.lines());
}

#[wasm_bindgen_test]
async fn a_page_that_was_hidden_for_long_leaves_no_gap() {
    let is_late = Rc::new(Cell::new(false));
    let server = Server::answering({
        let is_late = Rc::clone(&is_late);
        move |asked| match asked.path.contains("since=") {
            true if is_late.get() => part(asked, &failed(120, 2)),
            true => page(failed(2, 2)),
            false => page(failed(1, 1)),
        }
    });
    let desk = Desk::with(sign_ins::sign_ins);
    desk.until_sees("person1@").await;
    until_asked(&server, "since=", 1).await;
    desk.until_sees("person2@").await;
    replace(&document(), "hidden", &JsValue::TRUE);
    is_late.set(true);
    let asked = server.log().len();
    after(3500).await;
    assert_eq!(
        server.log().len(),
        asked,
        "nobody asks for a page that is hidden"
    );
    replace(&document(), "hidden", &JsValue::FALSE);
    until_asked(&server, "before=", 1).await;
    desk.until_sees("person3@").await;
    for number in 1..=120 {
        let line = format!("person{number}@");
        assert_eq!(desk.text().matches(&line).count(), 1, "{line}");
    }
}

#[wasm_bindgen_test]
async fn what_is_found_as_started_says_how_it_ended_too() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|asked| {
        if !asked.path.contains("since=") {
            return page(vec![attempt(1, Outcome::Started, None)]);
        }
        if asked.path.contains("outcome=") {
            return page(Vec::new());
        }
        page(vec![
            attempt(3, Outcome::Started, None),
            attempt(2, Outcome::Failed, Some(Cause::UnknownUser)),
            attempt(1, Outcome::Succeeded, None),
        ])
    });
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        let here = use_place();
        place.set(Some(here));
        here.go("?outcome=started", Step::Replace);
        sign_ins::sign_ins()
    });
    desk.until_sees("person1@").await;
    assert_eq!(server.last().line(), "GET /api/sign-ins?outcome=started");
    until_asked(&server, "since=", 1).await;
    desk.until_sees("person3@").await;
    let ended = desk.all("listitem", "");
    let ended = ended.iter().map(web_sys::HtmlElement::inner_text);
    assert!(
        ended
            .into_iter()
            .any(|it| it.contains("person1@") && it.contains("Signed in"))
    );
    assert!(
        !desk.sees("person2@"),
        "what is new and over was not asked for"
    );
    place
        .get_untracked()
        .expect("a place")
        .go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn what_is_further_than_a_turn_reads_is_drawn_anew() {
    let server = Server::answering(|asked| {
        if asked.path.contains("since=") {
            return part(asked, &failed(2000, 2));
        }
        page(failed(1, 1))
    });
    let desk = Desk::with(sign_ins::sign_ins);
    desk.until_sees("person1@").await;
    until_asked(&server, "before=", 3).await;
    desk.until("asked anew", |_| {
        server.last().line() == "GET /api/sign-ins"
    })
    .await;
    assert!(
        !desk.sees("person2000@"),
        "no part of what would have a gap"
    );
}
