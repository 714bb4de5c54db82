//! The sign-ins, with the server answered here: what an attempt opens to, and what appears while one watches.

mod live;

use std::{cell::RefCell, rc::Rc};

use api::{
    Attempt, Cause, Outcome, Provider, Status, User,
    sign_ins::{AttemptList, AttemptUser, Passed, Purpose, Stage},
    users::UserDetail,
};
use console::pages::sign_ins;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    desk::{Desk, NOON, fire},
    server::{Reply, Server},
};

pub(crate) fn attempt(number: i64, outcome: Outcome, cause: Option<Cause>) -> Attempt {
    let at = NOON - 300_000 + number;
    Attempt {
        id: format!("{number:036}"),
        reference: format!("7K2M-000{number}"),
        provider: Provider::Okta,
        purpose: Purpose::SignIn,
        started_at: at,
        outcome,
        cause,
        user: None,
        claimed_login: Some(format!("person{number}@northwind.example")),
        provider_said: None,
        stages: vec![
            Passed {
                stage: Stage::Started,
                at,
            },
            Passed {
                stage: Stage::CameBack,
                at: at + 5210,
            },
        ],
        address: Some("198.51.100.7".to_owned()),
        user_agent: Some("Mozilla/5.0".to_owned()),
        checks_passed: false,
    }
}

fn page(attempts: Vec<Attempt>) -> Reply {
    Reply::json(&AttemptList {
        attempts,
        next: None,
        since: "cursor".to_owned(),
    })
}

fn open(desk: &Desk, at: usize) {
    let lines = desk.all("listitem", "");
    let line = lines[at].query_selector("summary").expect("a selector");
    let line: web_sys::HtmlElement = line.expect("a line").dyn_into().expect("an element");
    line.click();
}

#[wasm_bindgen_test]
async fn an_unknown_person_is_one_click_away_from_being_a_user() {
    let _server =
        Server::answering(|_| page(vec![attempt(1, Outcome::Failed, Some(Cause::UnknownUser))]));
    let desk = Desk::with(sign_ins::sign_ins);
    desk.until_sees("person1@northwind.example").await;
    open(&desk, 0);
    desk.until_sees("How far it came").await;
    assert!(desk.sees("after 5,210 ms"), "{}", desk.text());
    assert!(desk.sees("Not reached") && desk.sees("Mozilla/5.0"));
    let create = desk.find("link", "Create this user").get_attribute("href");
    assert_eq!(
        create.as_deref(),
        Some("/users/new?email=person1%40northwind.example")
    );
    let itself = desk
        .find("link", "Link to this attempt")
        .get_attribute("href");
    assert_eq!(
        itself.as_deref(),
        Some("/activity/sign-ins?reference=7K2M-0001")
    );
}

#[wasm_bindgen_test]
async fn a_line_says_how_far_it_came_under_which_number_and_from_where() {
    let _server = Server::answering(|_| page(vec![attempt(1, Outcome::Succeeded, None)]));
    let desk = Desk::with(sign_ins::sign_ins);
    desk.until_sees("person1").await;
    let line = crate::desk::said(&desk.all("listitem", "")[0]);
    for part in ["Signed in", "Came back", "7K2M-0001", "198.51.100.7"] {
        assert_eq!(line.matches(part).count(), 1, "{part} in {line}");
    }
}

#[wasm_bindgen_test]
async fn a_cause_is_told_with_where_in_okta_it_is_mended() {
    let _server = Server::answering(|_| {
        let mut one = attempt(1, Outcome::Failed, Some(Cause::NotAssigned));
        one.provider_said = Some("access_denied: <script>".to_owned());
        page(vec![one])
    });
    let desk = Desk::with(sign_ins::sign_ins);
    desk.until_sees("person1").await;
    open(&desk, 0);
    desk.until_sees("Applications › Applications › your app › Assignments")
        .await;
    assert!(desk.sees("access_denied: <script>"), "text, not markup");
}

/// Whoever connected Google has no Okta to open.
#[wasm_bindgen_test]
async fn a_cause_at_google_or_microsoft_is_told_with_where_it_is_mended_there() {
    for provider in [Provider::Google, Provider::Microsoft] {
        let _server = Server::answering(move |_| {
            let of = |n, outcome, cause| Attempt {
                provider,
                ..attempt(n, outcome, cause)
            };
            page(vec![
                of(1, Outcome::Failed, Some(Cause::NotAssigned)),
                of(2, Outcome::NotCompleted, None),
            ])
        });
        let desk = Desk::with(sign_ins::sign_ins);
        desk.until_sees("person1").await;
        // The lower one first: what opens has lines of its own.
        open(&desk, 1);
        desk.until_sees(&format!("{} showed a page of its own", provider.name()))
            .await;
        let redirect = Cause::RedirectUnregistered.menu(provider).expect("a way");
        assert!(desk.sees(redirect));
        open(&desk, 0);
        let people = Cause::NotAssigned.menu(provider).expect("a way");
        desk.until_sees(people).await;
        assert!(!desk.sees("In Okta") && !desk.sees("Okta showed"));
    }
}

#[wasm_bindgen_test]
async fn whoever_never_came_back_is_told_with_the_likely_causes() {
    let _server = Server::answering(|_| page(vec![attempt(1, Outcome::NotCompleted, None)]));
    let desk = Desk::with(sign_ins::sign_ins);
    desk.until_sees("person1").await;
    open(&desk, 0);
    desk.until_sees("Okta showed a page of its own").await;
    let likely = document_query_all(".log-likely li");
    assert_eq!(
        likely,
        u32::try_from(Cause::never_back(Provider::Okta, false).len()).expect("few")
    );
}

fn document_query_all(selector: &str) -> u32 {
    leptos::prelude::document()
        .query_selector_all(selector)
        .expect("a selector")
        .length()
}

#[wasm_bindgen_test]
async fn a_suspended_user_is_let_back_in_from_here() {
    let ada = |status| User {
        id: "ada".to_owned(),
        name: "Ada".to_owned(),
        email: "ada@northwind.example".to_owned(),
        okta_login: None,
        status,
        role: api::Role::Member,
        attention: None,
        first_sign_in_at: None,
        last_sign_in_at: None,
        created_at: NOON,
        version: 4,
    };
    let status = Rc::new(RefCell::new(Status::Suspended));
    let server = Server::answering(move |asked| match asked.line().as_str() {
        "GET /api/users/ada" => Reply::json(&UserDetail {
            user: ada(*status.borrow()),
            identities: Vec::new(),
            unconfirmed: Vec::new(),
            attempts: Vec::new(),
            sessions: Vec::new(),
            history: Vec::new(),
            has_password: false,
        }),
        "POST /api/users/ada/reinstate" => {
            status.replace(Status::Active);
            Reply::json(&ada(Status::Active))
        }
        _ => {
            let mut one = attempt(1, Outcome::Failed, Some(Cause::UserSuspended));
            one.user = Some(AttemptUser {
                id: "ada".to_owned(),
                name: "Ada".to_owned(),
                status: Some(Status::Suspended),
            });
            page(vec![one])
        }
    });
    let desk = Desk::with(sign_ins::sign_ins);
    desk.until_sees("Ada").await;
    open(&desk, 0);
    desk.until("a button", |desk| desk.has("button", "Let Ada back in"))
        .await;
    desk.press("Let Ada back in");
    desk.until("it is done", |desk| !desk.has("button", "Let Ada back in"))
        .await;
    let lines = server.lines();
    assert!(
        lines.contains(&"POST /api/users/ada/reinstate".to_owned()),
        "{lines:?}"
    );
}

#[wasm_bindgen_test]
async fn what_is_new_appears_on_top_and_what_is_open_stays_open() {
    let server = Server::answering(|asked| {
        if asked.path.contains("since=") {
            page(vec![
                attempt(3, Outcome::Started, None),
                attempt(2, Outcome::Succeeded, None),
            ])
        } else {
            page(vec![
                attempt(2, Outcome::Started, None),
                attempt(1, Outcome::Failed, Some(Cause::UnknownUser)),
            ])
        }
    });
    let desk = Desk::with(sign_ins::sign_ins);
    desk.until_sees("person2").await;
    open(&desk, 1);
    desk.until_sees("Create this user").await;
    let line = desk.all("listitem", "")[0].clone();
    // The page asks every three seconds.
    crate::desk::after(2500).await;
    desk.until_sees("person3").await;
    assert!(desk.sees("Create this user"), "what was open is open");
    assert!(line.is_connected(), "the line of before is the same line");
    let said = line.inner_text();
    assert!(said.contains("Signed in"), "and says how it ended: {said}");
    assert_eq!(server.last().line(), "GET /api/sign-ins?since=cursor");
    desk.press("Stop");
    desk.until_sees("Stopped").await;
    let asked = server.log().len();
    crate::desk::after(3500).await;
    assert_eq!(server.log().len(), asked, "nobody asks");
}

#[wasm_bindgen_test]
async fn a_person_is_found_by_name_and_the_filter_takes_the_address() {
    let server = Server::answering(|asked| {
        if !asked.path.starts_with("/api/users") {
            return page(vec![attempt(1, Outcome::Succeeded, None)]);
        }
        let grace = crate::users::user("Grace Hopper", Status::Active);
        crate::users::page(vec![grace], None)
    });
    let desk = Desk::with(sign_ins::sign_ins);
    desk.until_sees("person1").await;
    let field = desk.find("searchbox", "Person");
    let field: web_sys::HtmlInputElement = field.dyn_into().expect("an input");
    field.set_value("g");
    fire(&field, "input");
    field.set_value("gra");
    fire(&field, "input");
    let list = field.get_attribute("list").expect("a list");
    desk.until("a suggestion", |_| {
        document_query_all(&format!(
            "#{list} option[value=\"grace hopper@northwind.example\"]"
        )) == 1
    })
    .await;
    let asked: Vec<String> = server.lines();
    let asked = asked.iter().filter(|it| it.contains("/api/users"));
    assert_eq!(
        asked.collect::<Vec<_>>(),
        ["GET /api/users?search=gra&limit=8"]
    );
}
