//! The overview, with the server answered here: its charts, their tables and files, and what stands there before anybody
//! came.

use api::{
    Cause, Overview,
    notifications::NotificationList,
    overview::AttemptCounts,
    sign_ins::{CauseCount, Day, DayList},
    users::StatusCounts,
};
use console::{
    navigation::{Step, use_place},
    pages::{overview, sign_ins},
};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use crate::{
    desk::{Desk, replace, said},
    server::{Reply, Server},
    sign_ins::attempt,
};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// 2026-11-21, midnight.
const TODAY: i64 = crate::desk::NOON - DAY / 2;

fn figures(has_come: bool) -> Overview {
    let came = attempt(1, api::Outcome::Succeeded, None);
    Overview {
        connections: Vec::new(),
        users: StatusCounts {
            all: 10,
            active: 5,
            inactive: 3,
            needs_attention: 1,
            suspended: 1,
        },
        assigned: 8,
        signed_in: 6,
        today: AttemptCounts::default(),
        recent: has_come.then_some(came).into_iter().collect(),
        failing: Vec::new(),
    }
}

fn days(count: i64, busy: bool) -> DayList {
    let day = |ago| Day {
        at: TODAY - ago * DAY,
        ..Day::default()
    };
    let mut days: Vec<Day> = (0..count).rev().map(day).collect();
    if busy {
        let last = days.last_mut().expect("a day");
        (last.succeeded, last.failed, last.not_completed) = (12, 4, 1);
        (last.healthy_minutes, last.degraded_minutes) = (600, 25);
    }
    let cause = |cause, attempts| CauseCount { cause, attempts };
    let causes = vec![cause(Cause::UnknownUser, 3), cause(Cause::NotAssigned, 1)];
    DayList {
        days,
        causes: if busy { causes } else { Vec::new() },
    }
}

fn answering(has_come: bool, busy: bool) -> Server {
    Server::answering(move |asked| match asked.path.as_str() {
        "/api/overview" => Reply::json(&figures(has_come)),
        "/api/notifications" => Reply::json(&NotificationList {
            notifications: Vec::new(),
        }),
        "/api/sign-ins/days?days=90" => Reply::json(&days(90, busy)),
        "/api/sign-ins/days?days=14" => Reply::json(&days(14, busy)),
        other => panic!("nobody answers {other}"),
    })
}

fn href(desk: &Desk, link: &str) -> String {
    let found = desk.find("link", link).get_attribute("href");
    found.expect("an address")
}

/// The cells of a table's rows, its head first.
fn cells(desk: &Desk, table: &str) -> Vec<Vec<String>> {
    all(&desk.find("table", table), "tr")
        .iter()
        .map(|row| all(row, "th, td").iter().map(said).collect())
        .collect()
}

fn all(inside: &Element, selector: &str) -> Vec<Element> {
    let found = inside.query_selector_all(selector).expect("a selector");
    (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into().ok())
        .collect()
}

fn charts() -> u32 {
    let found = document().query_selector_all("svg.chart, svg.share");
    found.expect("a selector").length()
}

#[wasm_bindgen_test]
async fn fourteen_days_are_shown_or_ninety() {
    let back = window().location().pathname().expect("a path");
    let server = answering(true, true);
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        overview::overview()
    });
    desk.until_sees("Sign-ins a day").await;
    desk.until("fourteen", |desk| desk.has("table", "Sign-ins a day"))
        .await;
    let current = |desk: &Desk, chip: &str| desk.find("link", chip).has_attribute("aria-current");
    assert!(current(&desk, "Last 14 days") && !current(&desk, "Last 90 days"));
    assert_eq!(cells(&desk, "Sign-ins a day").len(), 15);
    assert_eq!(href(&desk, "Last 90 days"), "/?days=90");
    let place = place.get_untracked().expect("a place");
    place.go("?days=90", Step::Replace);
    desk.until("ninety", |desk| cells(desk, "Sign-ins a day").len() == 91)
        .await;
    assert!(current(&desk, "Last 90 days") && !current(&desk, "Last 14 days"));
    assert_eq!(server.last().line(), "GET /api/sign-ins/days?days=90");
    // What no chip says is fourteen.
    place.go("?days=1000000", Step::Replace);
    desk.until("fourteen", |desk| cells(desk, "Sign-ins a day").len() == 15)
        .await;
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn each_chart_has_its_table_and_its_file() {
    let _server = answering(true, true);
    let desk = Desk::with(overview::overview);
    desk.until("charts", |desk| desk.has("table", "Connection health"))
        .await;
    let files: Vec<_> = desk
        .all("link", "CSV")
        .iter()
        .map(|it| it.get_attribute("href"))
        .collect();
    let files: Vec<_> = files.iter().flatten().map(String::as_str).collect();
    let expected = [
        "/api/sign-ins/days.csv?days=14",
        "/api/sign-ins/days.csv?days=14",
        "/api/sign-ins/causes.csv?days=14",
        "/api/overview/adoption.csv",
    ];
    assert_eq!(files, expected);
    let days = cells(&desk, "Sign-ins a day");
    assert_eq!(days[1][1..], ["12", "4", "1"], "newest first");
    let causes = cells(&desk, "Why sign-ins fail");
    assert_eq!((causes[1][1].as_str(), causes[2][1].as_str()), ("3", "1"));
    // In minutes, as the file has them.
    let health = cells(&desk, "Connection health");
    assert_eq!(health[0][1..], ["Healthy (minutes)", "Degraded (minutes)"]);
    assert_eq!(health[1][1..], ["600", "25"]);
    assert!(desk.sees("1,440"), "a whole day is the scale");
    let steps = cells(&desk, "From created to signed in");
    let steps: Vec<[&str; 2]> = steps[1..].iter().map(|it| [&*it[0], &*it[1]]).collect();
    let expected = [
        ["Created", "10"],
        ["Login assigned", "8"],
        ["Signed in at least once", "6"],
    ];
    assert_eq!(steps, expected);
}

#[wasm_bindgen_test]
async fn whoever_is_still_inactive_is_one_click_away() {
    let _server = answering(true, true);
    let desk = Desk::with(overview::overview);
    desk.until_sees("3 are still Inactive").await;
    assert_eq!(
        href(&desk, "3 are still Inactive"),
        "/users?status=inactive"
    );
}

#[wasm_bindgen_test]
async fn days_in_which_nobody_came_say_so() {
    let _server = answering(true, false);
    let desk = Desk::with(overview::overview);
    desk.until_sees("No sign-in in these days").await;
    assert!(desk.sees("None failed in 14 days."));
    assert!(!desk.has("table", "Sign-ins a day"));
}

#[wasm_bindgen_test]
async fn an_empty_deployment_sees_what_to_do_and_no_axes() {
    let server = answering(false, false);
    let desk = Desk::with(overview::overview);
    desk.until_sees("What to do next").await;
    assert!(desk.has("link", "Connect Okta"));
    assert_eq!(charts(), 0);
    let asked = server.lines();
    assert!(!asked.iter().any(|it| it.contains("/days")), "{asked:?}");
}

/// The day of the month as a clock so many hours west of Greenwich has it.
fn west(hours: u32) {
    let get = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).expect("there");
    let prototype = get(&get(&js_sys::global(), "Date"), "prototype");
    let code = format!("return new Date(this.getTime() - {hours} * 3600000).getUTCDate()");
    let code = js_sys::Function::new_no_args(&code);
    replace(&prototype, "getDate", &code.into());
}

#[wasm_bindgen_test]
async fn a_cause_leads_to_the_attempts_that_its_bar_counts() {
    let back = window().location().pathname().expect("a path");
    {
        let _server = answering(true, true);
        west(5);
        let desk = Desk::with(overview::overview);
        desk.until("causes", |desk| desk.has("table", "Why sign-ins fail"))
            .await;
        let links: Vec<_> = desk
            .all("link", "")
            .iter()
            .filter_map(|it| it.get_attribute("href"))
            .collect();
        west(0);
        let expected = "/activity/sign-ins?cause=unknown_user&from=2026-11-08Z".to_owned();
        assert!(links.contains(&expected), "{links:?}");
    }
    let server = Server::answering(|_| Reply::Never);
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        let here = use_place();
        place.set(Some(here));
        here.go("?cause=unknown_user&from=2026-11-08Z", Step::Replace);
        sign_ins::sign_ins()
    });
    let from = TODAY - 13 * DAY;
    let line = format!("GET /api/sign-ins?cause=unknown_user&from={from}");
    desk.until("asked", |_| server.lines().contains(&line))
        .await;
    // The field shows the day as fields do.
    assert_eq!(desk.field("From").value(), "2026-11-08");
    place
        .get_untracked()
        .expect("a place")
        .go(&back, Step::Replace);
}
