//! What a mistake did wrong is mended on the admin pages, as it is mended at Okta: by ticks and fields.

use okta_simulator::Mistake;

use crate::admin::send;
use crate::mistakes::{rehearsal, view::View};
use crate::rp::CALLBACK;

/// The whole form of the "General" tab, as it is for the app of the tests.
const GENERAL: [(&str, &str); 6] = [
    ("name", "Test app"),
    ("sign_in", CALLBACK),
    ("sign_out", "http://127.0.0.1:9/bye"),
    ("grant", "authorization_code"),
    ("grant", "refresh_token"),
    ("rotation", "persistent"),
];

const CHOICES: [(&str, &str); 4] = [
    ("client_auth", "secret"),
    ("issuer", "dynamic"),
    ("username", "login"),
    ("login", "app"),
];

#[tokio::test]
async fn the_general_tab_mends_what_the_app_has_wrong() {
    let (rp, native) = rehearsal().await;
    let honest = View::of(&rp, &native).await;
    let path = format!("/practice/apps/{}", rp.client_id);
    let form: Vec<(&str, &str)> = GENERAL.iter().chain(&CHOICES).copied().collect();
    for mistake in [
        Mistake::A18,
        Mistake::B15,
        Mistake::B17,
        Mistake::B18,
        Mistake::C01,
        Mistake::C02,
        Mistake::C07,
        Mistake::C10,
        Mistake::C12,
        Mistake::C13,
        Mistake::C14,
        Mistake::C15,
        Mistake::C17,
        Mistake::C19,
        Mistake::C20,
        Mistake::C21,
        Mistake::E06,
        Mistake::E13,
    ] {
        rp.okta.play(mistake);
        send(&rp, &path, &form).await;
        honest.assert_same(&View::of(&rp, &native).await, mistake.id());
        // Mended by hand: taking it back finds nothing to do.
        rp.okta.undo(mistake);
        honest.assert_same(&View::of(&rp, &native).await, mistake.id());
    }
}

#[tokio::test]
async fn the_page_of_the_app_shows_what_is_wrong_with_it() {
    let (rp, _) = rehearsal().await;
    let path = format!("/practice/apps/{}", rp.client_id);
    let ticked = |name: &str| format!("name=\"{name}\" value=\"yes\" checked");
    let honest = rp.get(&path).await.text;
    for name in ["dpop", "consent", "encrypted", "deny", "outside"] {
        assert!(!honest.contains(&ticked(name)), "{name}");
    }
    for (mistake, name) in [
        (Mistake::B17, "dpop"),
        (Mistake::C21, "consent"),
        (Mistake::B18, "encrypted"),
        (Mistake::E06, "deny"),
        (Mistake::A18, "outside"),
    ] {
        rp.okta.play(mistake);
        let page = rp.get(&path).await.text;
        assert!(page.contains(&ticked(name)), "{name}");
        rp.okta.undo(mistake);
    }
}

#[tokio::test]
async fn a_new_secret_comes_with_the_way_back_from_a_key_pair() {
    let (rp, _) = rehearsal().await;
    rp.okta.play(Mistake::B08);
    let path = format!("/practice/apps/{}", rp.client_id);
    let form: Vec<(&str, &str)> = GENERAL.iter().chain(&CHOICES).copied().collect();
    send(&rp, &path, &form).await;
    let app = rp
        .okta
        .apps()
        .into_iter()
        .find(|app| app.id == rp.client_id);
    let secrets = app.expect("the app").secrets;
    assert_eq!(secrets.len(), 1);
    assert_ne!(secrets[0].value, rp.secret);
}

#[tokio::test]
async fn a_server_and_its_claims_are_activated() {
    let (rp, native) = rehearsal().await;
    let honest = View::of(&rp, &native).await;
    rp.okta.play(Mistake::A14);
    let server = "/practice/authorization-servers/default";
    let form = [
        ("name", "default"),
        ("audience", "api://default"),
        ("status", "active"),
        ("issuer_mode", "dynamic"),
    ];
    send(&rp, server, &form).await;
    rp.okta.play(Mistake::D15);
    for number in ["0", "1"] {
        send(&rp, &format!("{server}/claims"), &[("activate", number)]).await;
    }
    honest.assert_same(&View::of(&rp, &native).await, "mending");
}
