//! What *Connect now* makes of the checks: on to the provider by itself, or what has to be mended first.

use std::{cell::RefCell, rc::Rc};

use api::{
    Cause, Connection, Provider,
    checks::{Check, CheckKind, Fix, FixAction, Verdict},
};
use console::{pages::connect::connect, ui::el::group, ui::toast::use_toasts};
use js_sys::{Object, Reflect};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{A_CLIENT_ID, A_SECRET, AUDIENCE, CLIENT_ID, ISSUER, NATIVE, SECRET, draft};
use crate::{
    desk::{Desk, after, description, focused, left_for},
    guide::{check, lines, post},
    server::{Asked, Reply, Server},
};

const NATIVE_ID: &str = "0oaNativeNativeNative";
const MEANWHILE: &str = "https://typed.example/meanwhile";
const CHECKS: &str = "POST /api/connections/okta/checks";
const CONNECT: &str = "POST /api/connections/okta/connect";

/// A server that keeps what is saved, sends to the provider, and answers to checks what the test says.
async fn checking(start: Connection, checks: impl Fn() -> Reply + 'static) -> (Desk, Server) {
    let provider = start.provider;
    let saved = RefCell::new(start);
    let server = Server::answering(move |asked: &Asked| {
        let mut saved = saved.borrow_mut();
        if post(asked, "/checks") {
            return checks();
        }
        if post(asked, "/connect") {
            return Reply::Json(r#"{"location":"https://provider.example/go"}"#.to_owned());
        }
        if asked.method == "PUT" {
            keep(&mut saved, asked);
        }
        Reply::json(&*saved)
    });
    let desk = Desk::with(move || group(vec![connect(provider), use_toasts().corner().done()]));
    desk.until("the form", |desk| desk.has("button", "Connect now"))
        .await;
    (desk, server)
}

fn keep(saved: &mut Connection, asked: &Asked) {
    let form: serde_json::Value = serde_json::from_str(&asked.body).expect("a form");
    let text = |name: &str| form[name].as_str().map(str::to_owned);
    saved.version += 1;
    let settings = saved.settings.as_mut().expect("something was saved before");
    settings.issuer = text("issuer").expect("an issuer");
    settings.client_id = text("client_id").expect("a client ID");
    settings.native_client_id = text("native_client_id");
    settings.audience = text("audience");
}

fn count(server: &Server, line: &str) -> usize {
    server.lines().iter().filter(|it| *it == line).count()
}

fn said(verdict: Verdict) -> Reply {
    let one = Check {
        verdict,
        ..check(CheckKind::Request, None, None)
    };
    lines(&[one])
}

/// A secret that is not the app's.
fn wrong_secret() -> Reply {
    let wrong = Check {
        received: Some("invalid_client".to_owned()),
        ..check(CheckKind::Secret, Some(Cause::ClientRefused), None)
    };
    lines(&[check(CheckKind::Client, None, None), wrong])
}

/// IDs that stand in each other's field, until they are swapped.
fn swapped() -> Reply {
    let mend = Some(Fix::of(FixAction::SwapClientIds));
    lines(&[check(CheckKind::Client, Some(Cause::ClientsSwapped), mend)])
}

#[wasm_bindgen_test]
async fn what_is_not_known_to_be_wrong_is_passed_through_with_one_press() {
    let answers: [fn() -> Reply; 4] = [
        || said(Verdict::Warning),
        || said(Verdict::Inconclusive),
        // They could not be run at all, or stopped half-way.
        || Reply::Problem(429, "too_many", &[]),
        || Reply::Json(String::new()),
    ];
    for checks in answers {
        let (desk, server) = checking(draft(), checks).await;
        desk.press("Connect now");
        desk.until("left", |_| !left_for().is_empty()).await;
        assert_eq!(
            server.lines(),
            ["GET /api/connections/okta", CHECKS, CONNECT]
        );
        assert!(server.log()[1].body.contains(r#""trigger":"connect""#));
    }
}

#[wasm_bindgen_test]
async fn google_and_microsoft_are_checked_before_one_goes_there() {
    for provider in [Provider::Google, Provider::Microsoft] {
        let mut saved = draft();
        saved.provider = provider;
        let settings = saved.settings.as_mut().expect("a draft");
        settings.issuer = String::new();
        settings.tenant = (provider == Provider::Microsoft)
            .then(|| "0b7a3f4e-4c1c-4a57-9c39-7a1d2c3b4e5f".to_owned());
        let (desk, server) = checking(saved, wrong_secret).await;
        desk.press("Connect now");
        desk.until("stopped", |desk| desk.has("button", "Connect anyway"))
            .await;
        assert_eq!(left_for(), [""; 0]);
        let path = format!("POST /api/connections/{}/checks", provider.code());
        assert_eq!(server.last().line(), path);
        // The way to the form would lead to where one is.
        assert!(!desk.has("link", "Edit"));
    }
}

#[wasm_bindgen_test]
async fn what_failed_keeps_one_on_the_page_with_cause_and_place_and_all_that_was_typed() {
    let (desk, server) = checking(draft(), wrong_secret).await;
    desk.type_into(AUDIENCE, "https://resco.net/rescocloud");
    desk.press("Connect now");
    desk.until_sees("Something has to be mended first.").await;
    for part in ["didn’t accept", "Where in Okta:", "invalid_client"] {
        assert!(desk.sees(part), "{part} in {}", desk.text());
    }
    assert_eq!(left_for(), [""; 0]);
    assert_eq!(count(&server, CONNECT), 0);
    assert_eq!(desk.field(CLIENT_ID).value(), A_CLIENT_ID);
    assert_eq!(desk.field(AUDIENCE).value(), "https://resco.net/rescocloud");
    desk.until("free again", |desk| {
        let now = desk.find("button", "Connect now");
        !now.has_attribute("aria-disabled")
    })
    .await;
    let ways = desk.all("link", "Paste the credentials");
    assert_eq!(
        ways.len(),
        1,
        "the guide's step, and none away from the fields"
    );
}

#[wasm_bindgen_test]
async fn a_wrong_check_shuts_nobody_out() {
    let (desk, server) = checking(draft(), wrong_secret).await;
    desk.press("Connect now");
    desk.until("offered", |desk| desk.has("button", "Connect anyway"))
        .await;
    desk.type_into(SECRET, A_SECRET);
    desk.press("Connect anyway");
    desk.until("left", |_| !left_for().is_empty()).await;
    assert_eq!(left_for(), ["https://provider.example/go"]);
    assert_eq!(
        server.lines(),
        [
            "GET /api/connections/okta",
            CHECKS,
            "PUT /api/connections/okta",
            CONNECT
        ],
        "what was typed goes along, and is not checked once more"
    );
}

#[wasm_bindgen_test]
async fn check_again_saves_what_was_typed_checks_it_and_stays() {
    let turn = Rc::new(RefCell::new(0));
    let (desk, server) = checking(draft(), move || {
        *turn.borrow_mut() += 1;
        if *turn.borrow() == 1 {
            wrong_secret()
        } else {
            said(Verdict::Passed)
        }
    })
    .await;
    desk.press("Connect now");
    desk.until("offered", |desk| desk.has("button", "Connect anyway"))
        .await;
    desk.type_into(SECRET, A_SECRET);
    desk.press("Check again");
    desk.until_sees("Everything that can be known").await;
    assert!(
        !desk.has("button", "Connect anyway"),
        "nothing is in the way"
    );
    assert_eq!(count(&server, "PUT /api/connections/okta"), 1);
    assert_eq!(count(&server, CONNECT), 0);
    assert!(server.last().body.contains(r#""trigger":"request""#));
}

#[wasm_bindgen_test]
async fn one_press_mends_shows_it_in_its_fields_and_checks_again() {
    let turn = Rc::new(RefCell::new(0));
    let mut start = draft();
    let settings = start.settings.as_mut().expect("a draft");
    NATIVE_ID.clone_into(&mut settings.client_id);
    settings.native_client_id = Some(A_CLIENT_ID.to_owned());
    let (desk, server) = checking(start, move || {
        *turn.borrow_mut() += 1;
        if *turn.borrow() == 1 {
            swapped()
        } else {
            said(Verdict::Passed)
        }
    })
    .await;
    desk.press("Connect now");
    desk.until("offered", |desk| desk.has("button", "Swap the client IDs"))
        .await;
    desk.type_into(AUDIENCE, MEANWHILE);
    desk.press("Swap the client IDs");
    desk.until_sees("Everything that can be known").await;
    assert_eq!(desk.field(CLIENT_ID).value(), A_CLIENT_ID);
    assert_eq!(desk.field(NATIVE).value(), NATIVE_ID);
    assert_eq!(desk.field(AUDIENCE).value(), MEANWHILE);
    let swap = server.of("PUT /api/connections/okta");
    assert!(
        swap.body
            .contains(&format!(r#""client_id":"{A_CLIENT_ID}""#)),
        "{}",
        swap.body
    );
    assert_eq!(count(&server, CONNECT), 0);
}

#[wasm_bindgen_test]
async fn another_issuer_is_taken_into_its_field_and_asks_for_the_secret_there() {
    let other = "https://northwind.okta.com/oauth2/default";
    let (desk, server) = checking(draft(), move || {
        let mut mend = Fix::of(FixAction::TakeIssuer);
        mend.issuer = Some(other.to_owned());
        let cause = Some(Cause::IssuerOtherName);
        lines(&[check(CheckKind::Discovery, cause, Some(mend))])
    })
    .await;
    desk.press("Connect now");
    let take = format!("Use {other}");
    desk.until("offered", |desk| desk.has("button", &take))
        .await;
    desk.press(&take);
    desk.until("the secret has the focus", |_| {
        focused().as_deref() == Some(SECRET)
    })
    .await;
    assert_eq!(desk.field(ISSUER).value(), other);
    assert!(description(&desk.field(SECRET)).contains("paste the client secret"));
    assert_eq!(count(&server, "PUT /api/connections/okta"), 0);
}

#[wasm_bindgen_test]
async fn what_is_taken_before_the_checks_are_over_asks_for_the_secret_when_they_are() {
    let other = "https://northwind.okta.com/oauth2/default";
    let lets_go = Object::new();
    let held = lets_go.clone();
    let (desk, _server) = checking(draft(), move || {
        let mut mend = Fix::of(FixAction::TakeIssuer);
        mend.issuer = Some(other.to_owned());
        let cause = Some(Cause::IssuerOtherName);
        match lines(&[check(CheckKind::Discovery, cause, Some(mend))]) {
            Reply::Json(text) => Reply::Lines(held.clone(), text),
            reply => reply,
        }
    })
    .await;
    desk.press("Connect now");
    let take = format!("Use {other}");
    desk.until("offered", |desk| desk.has("button", &take))
        .await;
    desk.press(&take);
    after(50).await;
    assert_eq!(desk.field(ISSUER).value(), other);
    Reflect::set(&lets_go, &"go".into(), &true.into()).expect("told");
    desk.until("the secret has the focus", |_| {
        focused().as_deref() == Some(SECRET)
    })
    .await;
}

#[wasm_bindgen_test]
async fn what_is_typed_while_it_is_checked_is_not_left_behind() {
    let (desk, server) = checking(draft(), || Reply::Late(Box::new(said(Verdict::Passed)))).await;
    desk.press("Connect now");
    desk.until("it is checked", |desk| desk.sees("Checking"))
        .await;
    desk.type_into(AUDIENCE, MEANWHILE);
    desk.until_sees("Everything that can be known").await;
    after(50).await;
    assert_eq!(left_for(), [""; 0]);
    assert_eq!(count(&server, CONNECT), 0);
    assert_eq!(desk.field(AUDIENCE).value(), MEANWHILE);
    desk.press("Connect now");
    desk.until("left", |_| !left_for().is_empty()).await;
    let saved = server.of("PUT /api/connections/okta");
    assert!(saved.body.contains(MEANWHILE));
}
