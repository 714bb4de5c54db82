//! A user's page under the hands: where the focus is after an act, and what saving would take away.

use std::{cell::Cell, rc::Rc};

use api::{
    Provider, Role, SignedInBy, Status,
    users::{Attention, Identity, UserDetail, UserSession},
};
use console::{
    pages::users::detail,
    ui::{el::group, overlay::use_confirm},
};
use locales::Language;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::user;
use crate::{
    desk::{Desk, NOON, focused, speak, tick},
    server::{Reply, Server},
};

fn grace() -> UserDetail {
    let session = |id: &str, address: &str| UserSession {
        id: id.to_owned(),
        signed_in_by: SignedInBy::Okta,
        address: Some(address.to_owned()),
        user_agent: None,
        created_at: NOON,
        last_seen_at: NOON,
        expires_at: NOON,
    };
    let identity = Identity {
        provider: Provider::Okta,
        issuer: "https://northwind.okta.com".to_owned(),
        sub: "00u1".to_owned(),
        linked_at: NOON,
    };
    UserDetail {
        user: user("Grace", Status::Active),
        identities: vec![identity],
        unconfirmed: Vec::new(),
        attempts: Vec::new(),
        sessions: vec![session("s1", "192.0.2.7"), session("s2", "192.0.2.8")],
        history: Vec::new(),
        has_password: false,
    }
}

/// Her page with its dialog: first as `before` has her, and after the act as `after` has her.
async fn page(before: UserDetail, after: UserDetail) -> (Desk, Server) {
    let acted = Rc::new(Cell::new(false));
    let server = Server::answering(move |asked| {
        if asked.method != "GET" {
            acted.set(true);
            return Reply::json(&serde_json::json!({}));
        }
        Reply::json(if acted.get() { &after } else { &before })
    });
    let desk = Desk::with(|| {
        let page = detail::user("grace".to_owned());
        group(vec![page, use_confirm().dialog().done()])
    });
    desk.until("the page", |desk| desk.has("button", "Save & close"))
        .await;
    (desk, server)
}

/// Presses a button as the keyboard does: it has the focus. The second of the same words is the dialog's.
async fn enter(desk: &Desk, name: &str) {
    press(&desk.all("button", name)[0]);
    tick().await;
    let asked = desk.all("button", name).into_iter();
    let agree = asked
        .filter(|it| it.closest("dialog[open]").is_ok_and(|it| it.is_some()))
        .last();
    if let Some(agree) = agree {
        press(&agree);
    }
}

fn press(button: &HtmlElement) {
    let _ = button.focus();
    button.click();
}

async fn until_at(desk: &Desk, name: &str) {
    desk.until(name, |_| focused().as_deref() == Some(name))
        .await;
}

#[wasm_bindgen_test]
async fn the_focus_goes_to_what_takes_the_place_of_an_act() {
    let mut after = grace();
    after.user.status = Status::Suspended;
    let (desk, _server) = page(grace(), after).await;
    enter(&desk, "Suspend").await;
    until_at(&desk, "Let back in").await;
}

#[wasm_bindgen_test]
async fn the_focus_goes_to_the_heading_of_what_an_act_took_away() {
    for act in ["End the session from 192.0.2.7", "Sign out everywhere"] {
        let mut after = grace();
        after.sessions.clear();
        let (desk, _server) = page(grace(), after).await;
        enter(&desk, act).await;
        until_at(&desk, "Signed in now").await;
    }
    let mut after = grace();
    after.identities.clear();
    let (desk, _server) = page(grace(), after).await;
    enter(&desk, "Remove the bond").await;
    until_at(&desk, "Bond to the provider").await;
}

#[wasm_bindgen_test]
async fn after_the_current_state_is_shown_the_focus_is_at_the_form() {
    let server = Server::answering(|asked| match asked.method.as_str() {
        "GET" => Reply::json(&grace()),
        _ => Reply::Problem(412, "changed", &[]),
    });
    let desk = Desk::with(|| detail::user("grace".to_owned()));
    desk.until("the page", |desk| desk.has("button", "Save & close"))
        .await;
    desk.type_into("Name", "Grace Brewster");
    desk.press("Save & close");
    desk.until_sees("Show the current state").await;
    enter(&desk, "Show the current state").await;
    until_at(&desk, "Details").await;
    drop(server);
}

#[wasm_bindgen_test]
async fn once_what_did_not_fit_is_mended_the_focus_goes_to_the_pages_heading() {
    let mut before = grace();
    before.user.attention = Some(Attention::SecondIdentity {
        sub: "00u2".to_owned(),
    });
    let (desk, _server) = page(before, grace()).await;
    enter(&desk, "Keep the bond").await;
    until_at(&desk, "Grace").await;
}

#[wasm_bindgen_test]
async fn whoever_went_on_while_an_act_was_on_its_way_stays_there() {
    let mut after = grace();
    after.sessions.remove(0);
    let (desk, _server) = page(grace(), after).await;
    enter(&desk, "End the session from 192.0.2.7").await;
    let _ = desk.field("Name").focus();
    desk.until("drawn anew", |desk| !desk.sees("192.0.2.7"))
        .await;
    tick().await;
    assert_eq!(focused().as_deref(), Some("Name"));
}

#[wasm_bindgen_test]
async fn whoever_makes_a_member_of_an_administrator_is_told_what_is_deleted() {
    const SAID: &str = "Their password and recovery codes are deleted";
    let mut ada = grace();
    ada.user.role = Role::Admin;
    let (desk, _server) = page(ada.clone(), ada).await;
    assert!(!desk.sees(SAID));
    let (member, administrator) = (
        "MemberSigns in, and has no access to this console.",
        "AdministratorCan change everything in this console.",
    );
    let back = desk.find("radio", administrator);
    desk.find("radio", member).click();
    desk.until_sees(SAID).await;
    speak(Language::French);
    desk.until_sees("Son mot de passe et ses codes de secours seront supprimés")
        .await;
    speak(Language::English);
    back.click();
    desk.until("not any more", |desk| !desk.sees(SAID)).await;
    drop(desk);
    let (desk, _server) = page(grace(), grace()).await;
    desk.find("radio", administrator).click();
    desk.find("radio", member).click();
    tick().await;
    assert!(!desk.sees(SAID), "nothing to lose");
}
