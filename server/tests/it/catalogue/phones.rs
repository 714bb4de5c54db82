//! E04 is met on a phone. This server sees nothing of that sign-in, and nothing that it can ask tells it: the checks
//! claim nothing. What the phone is told is the row's own cause.

use api::{Cause, Provider, paths};
use serde_json::json;

use crate::{checks, on_both};

use super::{LOGIN, ON_A_PHONE, Scene, mistake_of, row, told};

/// Mia signs in on her phone; where that sends her.
fn on_the_phone(scene: &Scene<'_>, native: &str) -> String {
    let url = format!(
        "{}/oauth2/v1/authorize?client_id={native}&redirect_uri={}&response_type=code&scope=openid&state=phone&\
         nonce=phone&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
        scene.desk.okta.issuer_org(),
        checks::NATIVE_REDIRECT_URI
    );
    let back = scene.desk.okta.authorize(&url, LOGIN);
    back.expect("Okta sends the phone back")
}

on_both! {
    async fn what_only_a_phone_meets_is_claimed_by_no_check(desk: Desk) {
        let issuer = desk.okta.issuer_org();
        let mut scene = Scene::new(&desk, &issuer).await;
        let app = desk.okta.apps()[0].clone();
        let native = checks::native(&desk);
        checks::save(&mut scene.admin, &json!({
            "issuer": issuer, "client_id": app.id, "client_secret": app.secrets[0].value,
            "native_client_id": native, "native_redirect_uri": checks::NATIVE_REDIRECT_URI,
        })).await;
        assert!(on_the_phone(&scene, &native).contains("code="));
        for id in ON_A_PHONE {
            desk.okta.play(mistake_of(row(id)));
            checks::climb(&mut scene.admin, Provider::Okta).await.all_passed();
            // The phone has words, and they are the same that a browser comes back with.
            let back = on_the_phone(&scene, &native);
            let said = back.split_once('?').expect("a query").1.replace("state=phone", "");
            let mut browser = desk.browser();
            let start = browser.get(&paths::auth_start(Provider::Okta)).await.location();
            let state = start.split(['?', '&']).find(|it| it.starts_with("state=")).expect("a state");
            let callback = paths::auth_callback(Provider::Okta);
            let reply = browser.get(&format!("{callback}?{said}&{state}")).await;
            assert_eq!(told(&desk, &reply).await, row(id).cause.map_or("", Cause::code), "{id}");
            desk.okta.undo_all();
        }
    }
}
