//! Rows that are met on a phone. This server sees nothing of that sign-in, and nothing that it can ask tells them: the
//! checks claim nothing. What the phone is told is the row's own cause.

use api::{Cause, Provider, paths};
use practice_okta::ShownPage;
use serde_json::json;

use crate::{checks, on_both};

use super::{LOGIN, ON_A_PHONE, Scene, mistake_of, row, told};

/// As `checks::native` registers it.
const REDIRECT_URI: &str = "com.okta.northwind:/callback";

/// Mia signs in on her phone.
fn on_the_phone(scene: &Scene<'_>, native: &str) -> Result<String, ShownPage> {
    let url = format!(
        "{}/oauth2/v1/authorize?client_id={native}&redirect_uri={REDIRECT_URI}&response_type=code&scope=openid&\
         state=phone&nonce=phone&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
        scene.desk.okta.issuer_org()
    );
    scene.desk.okta.authorize(&url, LOGIN)
}

on_both! {
    async fn what_only_a_phone_meets_is_claimed_by_no_check(desk: Desk) {
        let issuer = desk.okta.issuer_org();
        let mut scene = Scene::new(&desk, &issuer).await;
        let app = desk.okta.apps()[0].clone();
        let native = checks::native(&desk);
        checks::save(&mut scene.admin, &json!({
            "issuer": issuer, "client_id": app.id, "client_secret": app.secrets[0].value,
            "native_client_id": native,
        })).await;
        assert!(on_the_phone(&scene, &native).is_ok_and(|back| back.contains("code=")));
        for id in ON_A_PHONE {
            desk.okta.play(mistake_of(row(id)));
            checks::climb(&mut scene.admin, Provider::Okta).await.all_passed();
            match on_the_phone(&scene, &native) {
                // E04: the phone has words, and they are the same that a browser comes back with.
                Ok(back) => {
                    let said = back.split_once('?').expect("a query").1.replace("state=phone", "");
                    let mut browser = desk.browser();
                    let start = browser.get(&paths::auth_start(Provider::Okta)).await.location();
                    let state = start.split(['?', '&']).find(|it| it.starts_with("state=")).expect("a state");
                    let callback = paths::auth_callback(Provider::Okta);
                    let reply = browser.get(&format!("{callback}?{said}&{state}")).await;
                    let cause = row(id).cause.map_or("", Cause::code);
                    assert_eq!(told(&desk, &reply).await, cause, "{id}");
                }
                // F20: Okta keeps the phone on a page, and only the likely causes can be named.
                Err(page) => {
                    assert!(page.text.contains("redirect_uri"), "{id}: {page:?}");
                    assert!(row(id).cause.is_some_and(|it| Cause::NEVER_BACK.contains(&it)), "{id}");
                }
            }
            desk.okta.undo_all();
        }
    }
}
