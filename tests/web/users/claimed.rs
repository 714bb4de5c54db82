//! The form of a new user, opened from a sign-in of somebody who is unknown here.

use console::{
    navigation::{Step, use_place},
    pages::users::new::new_user,
    paths,
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    desk::{Desk, tick},
    server::{Reply, Server},
};

/// The form at the address to which *Create this user* leads; and what it sends once the rest is typed.
async fn created(claimed_login: &str, email: Option<&str>) -> (Vec<String>, String) {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|_| Reply::Never);
    let place = RwSignal::new(None);
    let claimed_login = claimed_login.to_owned();
    let desk = Desk::with(move || {
        let here = use_place();
        here.go(&paths::new_user_with(&claimed_login), Step::Replace);
        place.set(Some(here));
        new_user()
    });
    tick().await;
    let fields = ["E-mail", "Okta login (optional)"];
    let found = fields.map(|label| desk.field(label).value()).to_vec();
    desk.type_into("Name", "Ada Lovelace");
    if let Some(email) = email {
        desk.type_into("E-mail", email);
        tick().await;
    }
    desk.press("Save & close");
    desk.until("sent", |_| !server.log().is_empty()).await;
    let place = place.get_untracked().expect("a place");
    place.go(&back, Step::Replace);
    (found, server.last().body)
}

#[wasm_bindgen_test]
async fn a_login_that_is_no_e_mail_stays_the_login_when_the_e_mail_is_typed() {
    let (found, sent) = created("ada", Some("ada@northwind.example")).await;
    assert_eq!(found, ["", "ada"]);
    assert!(sent.contains(r#""okta_login":"ada""#), "{sent}");
    assert!(
        sent.contains(r#""email":"ada@northwind.example""#),
        "{sent}"
    );
}

#[wasm_bindgen_test]
async fn a_login_that_is_an_e_mail_is_both_until_another_e_mail_is_typed() {
    let login = "ada@northwind.example";
    let (found, sent) = created(login, None).await;
    assert_eq!(found, [login, login]);
    assert!(
        sent.contains(r#""okta_login":"ada@northwind.example""#),
        "{sent}"
    );
    // They came with that login, whatever their e-mail.
    let (_, sent) = created(login, Some("lovelace@northwind.example")).await;
    assert!(
        sent.contains(r#""okta_login":"ada@northwind.example""#),
        "{sent}"
    );
    assert!(
        sent.contains(r#""email":"lovelace@northwind.example""#),
        "{sent}"
    );
}
