//! What is done with many users at once: the bar over the table, and the job in its address.

use std::{cell::Cell, rc::Rc};

use api::{
    Role, Status,
    users::{BulkAction, BulkJob, JobState},
};
use console::{
    navigation::{Place, Step, use_place},
    pages::users::list,
    ui::{el::group, overlay::use_confirm},
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{page, user};
use crate::{
    desk::{Desk, NOON},
    server::{Reply, Server},
};

/// A job on two users that is over: one was changed, one refused.
pub(super) fn over(id: &str, act: BulkAction, dry_run: bool) -> BulkJob {
    BulkJob {
        id: id.to_owned(),
        action: act,
        state: JobState::Done,
        total: 2,
        done: 2,
        changed: 1,
        skipped: 1,
        started_at: NOON,
        ended_at: Some(NOON),
        can_undo: matches!(act, BulkAction::Suspend | BulkAction::ChangeRole { .. }),
        dry_run,
    }
}

/// The table with its dialog, once everybody in it is selected; and where it is.
async fn all_selected() -> (Desk, RwSignal<Option<Place>>) {
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        group(vec![list::users(), use_confirm().dialog().done()])
    });
    desk.until("the rows", |desk| desk.has("link", "Ada")).await;
    desk.find("checkbox", "Select all shown").click();
    (desk, place)
}

#[wasm_bindgen_test]
async fn an_act_on_many_says_how_many_and_its_job_stands_in_the_address() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|asked| {
        if asked.path.contains("/bulk") {
            Reply::json(&over("job1", BulkAction::Suspend, false))
        } else {
            let users = [("Ada", Status::Active), ("Grace", Status::Inactive)];
            page(users.map(|(name, it)| user(name, it)).to_vec(), None)
        }
    });
    let (desk, place) = all_selected().await;
    desk.until_sees("2 users selected").await;
    desk.press("Suspend");
    desk.until_sees("until you let them back in: 2.").await;
    let agree = desk.all("button", "Suspend").pop().expect("in the dialog");
    agree.click();
    desk.until_sees("Changed: 1. As it was: 0. Refused: 1.")
        .await;
    let sent = server
        .lines()
        .into_iter()
        .find(|line| line == "POST /api/users/bulk");
    assert!(sent.is_some(), "{:?}", server.lines());
    assert_eq!(window().location().search().expect("a query"), "?job=job1");
    assert!(desk.has("button", "Undo"));
    let close = desk.all("button", "Close").into_iter().next();
    close.expect("in the bar").click();
    desk.until("closed", |desk| !desk.has("button", "Undo"))
        .await;
    let place = place.get_untracked().expect("a place");
    place.go(&back, Step::Replace);
}

/// Before, and where it can be undone.
#[wasm_bindgen_test]
async fn making_members_says_what_an_undo_does_not_bring_back() {
    let back = window().location().pathname().expect("a path");
    let to = |role| BulkAction::ChangeRole { role };
    let _server = Server::answering(move |asked| match asked.path.as_str() {
        "/api/users/bulk" | "/api/users/bulk/down" => {
            Reply::json(&over("down", to(Role::Member), false))
        }
        "/api/users/bulk/up" => Reply::json(&over("up", to(Role::Admin), false)),
        _ => page(vec![user("Ada", Status::Active)], None),
    });
    let (desk, place) = all_selected().await;
    desk.until_sees("1 user selected").await;
    desk.press("Make member");
    desk.until_sees(
        "Their passwords and recovery codes are deleted: undo gives the role back, and not those.",
    )
    .await;
    let agree = desk.all("button", "Make member").pop();
    agree.expect("in the dialog").click();
    let said = "Undo gives the role back. The passwords and recovery codes";
    desk.until_sees(said).await;
    assert!(desk.has("button", "Undo"));
    let place = place.get_untracked().expect("a place");
    place.go("/users?job=up", Step::Replace);
    desk.until("the other job", |desk| {
        desk.has("button", "Undo") && !desk.sees(said)
    })
    .await;
    place.go(&back, Step::Replace);
}

/// The way to Undo stands in the job's bar.
#[wasm_bindgen_test]
async fn one_look_at_a_job_that_fails_takes_nothing_off_the_screen() {
    let back = window().location().pathname().expect("a path");
    let turn = Rc::new(Cell::new(0));
    let _server = Server::answering(move |asked| {
        if !asked.path.contains("/bulk") {
            return page(vec![user("Ada", Status::Active)], None);
        }
        turn.set(turn.get() + 1);
        match turn.get() {
            1 => Reply::json(&BulkJob {
                state: JobState::Running,
                ..over("job1", BulkAction::Suspend, false)
            }),
            2 => Reply::Offline,
            3 => Reply::json(&over("job1", BulkAction::Suspend, false)),
            _ => Reply::Problem(404, "not_found", &[]),
        }
    });
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        let here = use_place();
        here.go("/users?job=job1", Step::Replace);
        place.set(Some(here));
        list::users()
    });
    let place = place.get_untracked().expect("a place");
    desk.until("the meter", |desk| desk.sees("2 of 2")).await;
    let line = |desk: &Desk| {
        let mut lines = desk.all("status", "").into_iter();
        lines.find(|it| it.closest(".bulk").is_ok_and(|it| it.is_some()))
    };
    let before = line(&desk).expect("a line");
    desk.until("over", |desk| desk.has("button", "Undo")).await;
    assert_eq!(
        line(&desk),
        Some(before),
        "the same line, so that it is read out"
    );
    assert_eq!(place.search.get_untracked(), "?job=job1");
    place.go("/users?job=job2", Step::Replace);
    desk.until("gone", |_| place.search.get_untracked().is_empty())
        .await;
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn the_bar_of_those_who_are_selected_stays_while_one_goes_on_selecting() {
    let _server = Server::answering(|_| {
        let users = [("Ada", Status::Active), ("Grace", Status::Inactive)];
        page(users.map(|(name, it)| user(name, it)).to_vec(), None)
    });
    let (desk, _) = all_selected().await;
    desk.until_sees("2 users selected").await;
    let (line, button) = (
        desk.find("status", "2 users selected"),
        desk.find("button", "Suspend"),
    );
    desk.find("checkbox", "Select Ada").click();
    desk.until_sees("1 user selected").await;
    assert_eq!(desk.find("status", "1 user selected"), line);
    assert_eq!(desk.find("button", "Suspend"), button);
    desk.press("Clear selection");
    desk.until("gone", |desk| !desk.has("button", "Suspend"))
        .await;
    assert_eq!(crate::desk::said(&line), "", "the line stays");
}

#[wasm_bindgen_test]
async fn what_cannot_be_undone_is_tried_first_and_done_out_of_what_that_said() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|asked| {
        if asked.path.contains("/bulk") {
            let is_dry = !asked.path.ends_with("/apply") && !asked.path.ends_with("real");
            let id = if is_dry { "dry" } else { "real" };
            Reply::json(&over(id, BulkAction::Relink, is_dry))
        } else {
            page(vec![user("Ada", Status::Active)], None)
        }
    });
    let (desk, place) = all_selected().await;
    desk.until_sees("1 user selected").await;
    desk.press("Re-bind");
    desk.until_sees("Nothing is changed yet. Would change: 1.")
        .await;
    assert_eq!(window().location().search().expect("a query"), "?job=dry");
    let sent = server.of("POST /api/users/bulk").body;
    assert!(sent.contains("\"dry_run\":true"), "{sent}");
    let now = desk.all("button", "Re-bind").into_iter().next();
    now.expect("beside what would change").click();
    desk.until_sees("Changed: 1. As it was: 0. Refused: 1.")
        .await;
    assert_eq!(window().location().search().expect("a query"), "?job=real");
    let place = place.get_untracked().expect("a place");
    place.go(&back, Step::Replace);
}
