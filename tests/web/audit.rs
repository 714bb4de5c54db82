//! The audit log, with the server answered here.

use api::{
    audit::{AuditChange, AuditEvent, AuditList, AuditParty},
    retention::Retention,
};
use console::{
    navigation::{Step, use_place},
    pages::audit,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    desk::{Desk, NOON, fire},
    server::{Reply, Server},
};

fn party(name: &str) -> AuditParty {
    AuditParty {
        id: format!("{}-id", name.to_lowercase()),
        name: Some(name.to_owned()),
        is_user: true,
    }
}

fn event(seq: i64, act: &str) -> AuditEvent {
    AuditEvent {
        seq,
        at: NOON - 300_000,
        event: act.to_owned(),
        actor: Some(party("Ada")),
        target: Some(party("Grace")),
        changes: vec![AuditChange {
            field: "role".to_owned(),
            before: Some("member".to_owned()),
            after: Some("<b>admin</b>".to_owned()),
        }],
        address: Some("198.51.100.7".to_owned()),
        request_id: Some("req-1".to_owned()),
    }
}

fn page(events: Vec<AuditEvent>, next: Option<&str>) -> Reply {
    Reply::json(&AuditList {
        events,
        next: next.map(str::to_owned),
    })
}

fn open(desk: &Desk, at: usize) {
    let entries = desk.all("listitem", "");
    let summary = entries[at].query_selector("summary").expect("a selector");
    let summary: web_sys::HtmlElement = summary.expect("a line").dyn_into().expect("an element");
    summary.click();
}

#[wasm_bindgen_test]
async fn a_row_opens_to_what_changed_letter_by_letter() {
    let _server = Server::answering(|_| page(vec![event(7, "user.changed")], None));
    let desk = Desk::with(audit::audit);
    desk.until_sees("5 minutes ago").await;
    let line = desk.all("listitem", "")[0].inner_text();
    for part in ["User changed", "Ada", "Grace"] {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert!(!desk.sees("req-1"), "closed");
    open(&desk, 0);
    desk.until_sees("req-1").await;
    assert!(desk.sees("<b>admin</b>"), "text, not markup");
    assert!(desk.has("link", "All by Ada"));
    let link = desk.find("link", "Link to this row");
    assert_eq!(
        link.get_attribute("href").as_deref(),
        Some("/activity/audit?row=7")
    );
}

#[wasm_bindgen_test]
async fn what_was_done_in_a_shell_is_of_the_command_line() {
    let _server = Server::answering(|_| {
        let mut done = event(7, "user.suspended");
        done.actor = Some(AuditParty {
            id: String::new(),
            name: Some(api::audit::COMMAND_LINE.to_owned()),
            is_user: false,
        });
        page(vec![done], None)
    });
    let desk = Desk::with(audit::audit);
    desk.until_sees("Command line").await;
    assert!(!desk.sees("The server"));
    open(&desk, 0);
    desk.until_sees("req-1").await;
    assert!(desk.has("link", "All about Grace"));
    assert!(
        !desk.has("link", "All by Command line"),
        "no filter finds it"
    );
}

#[wasm_bindgen_test]
async fn a_secret_is_told_from_another_by_its_fingerprint() {
    let _server = Server::answering(|_| {
        let mut saved = event(7, "connection.saved");
        saved.changes[0] = AuditChange {
            field: "secret_fingerprint".to_owned(),
            before: Some("0a1b2c3d".to_owned()),
            after: Some("4e5f6071".to_owned()),
        };
        page(vec![saved, event(6, "user.changed")], None)
    });
    let desk = Desk::with(audit::audit);
    desk.until_sees("5 minutes ago").await;
    open(&desk, 1);
    desk.until_sees("req-1").await;
    assert!(!desk.sees("fingerprint"), "nothing to explain");
    open(&desk, 0);
    desk.until_sees("0a1b2c3d").await;
    assert!(desk.sees("4e5f6071") && desk.sees("another one is another secret"));
}

#[wasm_bindgen_test]
async fn what_is_rare_is_looked_for_further_without_being_asked() {
    let server = Server::answering(|asked| match asked.path.as_str() {
        "/api/audit" => page(vec![event(9000, "user.changed")], Some("7000")),
        "/api/audit?before=7000" => page(Vec::new(), Some("5000")),
        "/api/audit?before=5000" => page(vec![event(4000, "user.deleted")], None),
        _ => Reply::Never,
    });
    let desk = Desk::with(audit::audit);
    desk.until_sees("User deleted").await;
    assert!(desk.sees("User changed"));
    assert!(!desk.has("link", "Older"), "{:?}", server.lines());
}

#[wasm_bindgen_test]
async fn an_act_of_another_version_is_shown_by_its_code() {
    let _server = Server::answering(|_| page(vec![event(1, "moon.landed")], None));
    let desk = Desk::with(audit::audit);
    desk.until_sees("moon.landed").await;
}

#[wasm_bindgen_test]
async fn a_filter_stands_in_the_address_and_older_pages_keep_it() {
    let back = window().location().pathname().expect("a path");
    // Enough for nobody to look for more unasked.
    let server = Server::answering(|_| {
        let events = (7..27).rev().map(|seq| event(seq, "user.changed"));
        page(events.collect(), Some("7"))
    });
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        audit::audit()
    });
    desk.until_sees("5 minutes ago").await;
    let actor: web_sys::HtmlInputElement =
        desk.find("searchbox", "By").dyn_into().expect("an input");
    actor.set_value(" ada@northwind.example ");
    fire(&actor, "change");
    desk.until("asked", |_| server.log().len() == 2).await;
    assert_eq!(
        server.last().line(),
        "GET /api/audit?actor=ada%40northwind.example"
    );
    assert_eq!(
        window().location().search().expect("a query"),
        "?actor=ada%40northwind.example"
    );
    desk.until("a link", |desk| desk.has("link", "Older")).await;
    let older = desk.find("link", "Older").get_attribute("href");
    assert_eq!(
        older.as_deref(),
        Some("/activity/audit?actor=ada%40northwind.example&before=7")
    );
    assert!(desk.has("link", "Clear the filters"));
    place
        .get_untracked()
        .expect("a place")
        .go(&back, Step::Replace);
    desk.until("it is empty", |_| actor.value().is_empty())
        .await;
}

#[wasm_bindgen_test]
async fn nothing_that_fits_is_told_apart_from_nothing_at_all() {
    let back = window().location().pathname().expect("a path");
    let _server = Server::answering(|_| page(Vec::new(), None));
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        audit::audit()
    });
    desk.until_sees("Nothing was changed yet").await;
    let place = place.get_untracked().expect("a place");
    place.go(&format!("{back}?event=user.deleted"), Step::Replace);
    desk.until_sees("No row fits").await;
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn how_long_it_is_kept_is_asked_for_and_saved() {
    let kept = |audit_days| Retention {
        audit_days,
        sign_in_days: Some(90),
        version: 3,
    };
    let server = Server::answering(move |asked| match asked.line().as_str() {
        "GET /api/retention" => Reply::json(&kept(None)),
        "PUT /api/retention" => Reply::json(&kept(Some(365))),
        _ => page(vec![event(7, "user.changed")], None),
    });
    let desk = Desk::with(audit::audit);
    desk.until_sees("How long it is kept").await;
    let panel = document()
        .query_selector(".keep > summary")
        .expect("a selector")
        .expect("a panel");
    panel
        .dyn_into::<web_sys::HtmlElement>()
        .expect("an element")
        .click();
    desk.until_sees("Empty: for ever").await;
    let days = "Days (optional)";
    desk.type_into(days, "soon");
    desk.press("Save");
    desk.until_sees("This is not the kind of value that belongs here")
        .await;
    desk.type_into(days, "365");
    desk.press("Save");
    desk.until("saved", |_| server.last().method == "PUT").await;
    let sent = server.last();
    assert_eq!(sent.header("if-match").as_deref(), Some("\"3\""));
    assert_eq!(sent.body, r#"{"audit_days":365,"sign_in_days":90}"#);
}
