//! What does not fit for a user: each way to mend it stands beside what it will do, and is sent as it was shown.

use api::{
    Provider, Status, User,
    users::{Attention, Identity, UserDetail},
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
    desk::{Desk, NOON, said, speak},
    server::{Reply, Server},
};

const LOGIN: &str = "grace@northwind.example";

fn grace(attention: Attention, status: Status) -> User {
    User {
        okta_login: Some(LOGIN.to_owned()),
        attention: Some(attention),
        version: 7,
        ..user("Grace", status)
    }
}

/// Her page with its dialog; every act is refused as out of date.
async fn page(user: User) -> (Desk, Server) {
    let server = Server::answering(move |asked| {
        if asked.method != "GET" {
            return Reply::Problem(412, "changed", &[]);
        }
        let identity = Identity {
            provider: Provider::Okta,
            issuer: "https://northwind.okta.com".to_owned(),
            sub: "00u1".to_owned(),
            linked_at: NOON,
        };
        Reply::json(&UserDetail {
            user: user.clone(),
            identities: vec![identity],
            unconfirmed: Vec::new(),
            attempts: Vec::new(),
            sessions: Vec::new(),
            history: Vec::new(),
            has_password: false,
        })
    });
    let desk = Desk::with(|| {
        let page = detail::user("grace".to_owned());
        group(vec![page, use_confirm().dialog().done()])
    });
    desk.until("the page", |desk| desk.has("button", "Save & close"))
        .await;
    (desk, server)
}

/// The buttons of the notice, each with what stands beside it.
fn ways(desk: &Desk) -> Vec<(HtmlElement, String)> {
    let buttons = desk.all("button", "").into_iter();
    let inside = buttons.filter(|it| it.closest(".notice").is_ok_and(|it| it.is_some()));
    let with_words = inside.map(|it| {
        let beside = it.next_element_sibling();
        let words = beside.map(|it| said(&it)).unwrap_or_default();
        (it, words)
    });
    with_words.collect()
}

fn named(ways: &[(HtmlElement, String)]) -> Vec<(String, &str)> {
    ways.iter()
        .map(|(button, words)| (said(button), words.as_str()))
        .collect()
}

/// The button of this name in the dialog.
fn agreement(desk: &Desk, name: &str) -> Option<HtmlElement> {
    let mut buttons = desk.all("button", name).into_iter();
    buttons.find(|it| it.closest("dialog").is_ok_and(|it| it.is_some()))
}

#[wasm_bindgen_test]
async fn a_changed_login_is_taken_or_the_bond_goes_and_each_says_what_that_does() {
    let now = "hopper@northwind.example".to_owned();
    let changed = Attention::LoginChanged { now };
    let (desk, server) = page(grace(changed, Status::NeedsAttention)).await;
    assert!(desk.sees("Okta now calls this person hopper@northwind.example"));
    let ways = ways(&desk);
    let takes = "If the change is right: hopper@northwind.example becomes the Okta login. \
                 The e-mail here, the bond and the sessions stay.";
    let unbinds = "If grace@northwind.example belongs to another account now: sessions through \
                   Okta end, and the next account that signs in as grace@northwind.example is \
                   bound to Grace.";
    let expected = [("Take the new login", takes), ("Remove the bond", unbinds)];
    assert_eq!(
        named(&ways),
        expected.map(|(name, it)| (name.to_owned(), it))
    );
    ways[0].0.click();
    desk.until("asked again", |_| {
        server.last().method == "GET" && server.log().len() > 1
    })
    .await;
    let sent = server.of("POST /api/users/grace/accept");
    let shown = r#"{"kind":"login_changed","now":"hopper@northwind.example"}"#;
    assert_eq!(sent.body, shown);
    assert_eq!(sent.header("if-match").as_deref(), Some("\"7\""));
    speak(Language::French);
    desk.until_sees("Retirer le lien").await;
    assert!(desk.sees("Si le changement est exact"), "{}", desk.text());
    speak(Language::English);
}

#[wasm_bindgen_test]
async fn a_second_account_is_let_in_kept_out_or_waits_and_each_says_what_that_does() {
    let second = || Attention::SecondIdentity {
        sub: "00u2".to_owned(),
    };
    let (desk, server) = page(grace(second(), Status::NeedsAttention)).await;
    assert!(desk.sees("The account 00u2 was refused, since Grace is bound to another one."));
    assert!(
        !desk.sees("add them again"),
        "that would destroy the record"
    );
    let found = ways(&desk);
    let unbinds = "If it is Grace’s new account: sessions through Okta end, and the next account \
                   that signs in as grace@northwind.example is bound. Nothing here is lost.";
    let keeps = "If it is somebody else’s: nothing changes for Grace, and the other account stays \
                 refused. Its next try is shown here again.";
    let suspends = "If you are not sure: Grace is signed out everywhere, and neither account can \
                    sign in until you let Grace back in.";
    let expected = [
        ("Remove the bond", unbinds),
        ("Keep the bond", keeps),
        ("Suspend", suspends),
    ];
    assert_eq!(
        named(&found),
        expected.map(|(name, it)| (name.to_owned(), it))
    );
    found[1].0.click();
    desk.until("asked again", |_| {
        server.last().method == "GET" && server.log().len() > 1
    })
    .await;
    let sent = server.of("POST /api/users/grace/accept").body;
    assert_eq!(sent, r#"{"kind":"second_identity","sub":"00u2"}"#);
    // What ends something asks first.
    for (at, path) in [
        (0, "/api/users/grace/unlink"),
        (2, "/api/users/grace/suspend"),
    ] {
        desk.until("drawn", |desk| ways(desk).len() == 3).await;
        let found = ways(&desk);
        let name = said(&found[at].0);
        found[at].0.click();
        desk.until("asked", |desk| agreement(desk, &name).is_some())
            .await;
        agreement(&desk, &name).expect("in the dialog").click();
        let line = format!("POST {path}");
        desk.until("sent", |_| server.lines().contains(&line)).await;
        assert_eq!(
            server.of(&line).header("if-match").as_deref(),
            Some("\"7\"")
        );
    }
    drop(desk);
    let (desk, _server) = page(grace(second(), Status::Suspended)).await;
    assert_eq!(ways(&desk).len(), 2, "whoever is suspended already is");
}
