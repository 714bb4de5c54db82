//! A sign-in that begins at Okta's tile: an ordinary one, which believes nothing of what it is handed.

use api::{Provider, paths};
use okta_simulator::{NewApp, Tile};

use super::ALAN;
use crate::{
    desk::{Browser, Desk, PUBLIC_URL},
    on_both, witness,
};

fn with(query: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    format!("{}?{query}", paths::AUTH_INITIATE)
}

/// Follows the redirects of this server; where Okta is asked to sign the person in.
async fn to_okta(desk: &Desk, browser: &mut Browser, address: &str) -> String {
    let start = browser.get(address).await.location();
    assert!(
        start.starts_with(&paths::auth_start(Provider::Okta)),
        "{start}"
    );
    let there = browser.get(&start).await.location();
    assert!(there.starts_with(&desk.okta.base_url()), "{there}");
    there
}

on_both! {
    async fn tile_signs_a_member_in(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", ALAN).await;
        let connection = admin.get(&paths::connection(Provider::Okta)).await.json;
        let uri = connection["initiate_login_uri"].as_str().expect("an address");
        assert_eq!(uri, format!("{PUBLIC_URL}/auth/okta/initiate"));
        let google = admin.get(&paths::connection(Provider::Google)).await.json;
        assert!(google["initiate_login_uri"].is_null());
        let (tile, _) = desk.okta.create_web_app(NewApp::named("A tile").initiate_login(uri).everyone());
        let Tile::Get(pressed) = desk.okta.press_tile(&tile, ALAN) else {
            panic!("the tile leads nowhere");
        };
        let mut browser = desk.browser();
        let there = to_okta(&desk, &mut browser, &pressed).await;
        let back = desk.okta.authorize(&there, ALAN).expect("a way back");
        browser.get(&back).await.expect_location("/");
        assert!(browser.is_signed_in().await);
    }

    async fn initiate_takes_only_the_connected_issuer(desk: Desk) {
        desk.connected().await;
        let before = desk.dump().await;
        let connected = desk.okta.issuer_org();
        let other = format!("{connected}/oauth2/other");
        for iss in ["https://evil.test", "", "null", &other, &format!("{connected}/"), &connected.to_uppercase()] {
            let reply = desk.browser().get(&with(&[("iss", iss)])).await.expect_status(400);
            assert!(reply.text.contains("Sign-in not started"), "{iss}: {}", reply.text);
            assert!(reply.text.contains("href=\"/sign-in\""), "{}", reply.text);
            assert!(!reply.text.contains("evil.test"), "{}", reply.text);
        }
        let twice = format!("{}?iss={connected}&iss={connected}", paths::AUTH_INITIATE);
        desk.browser().get(&twice).await.expect_status(400);
        assert!(before == desk.dump().await, "a refusal left something behind");
        to_okta(&desk, &mut desk.browser(), &with(&[("iss", &connected)])).await;
        to_okta(&desk, &mut desk.browser(), paths::AUTH_INITIATE).await;
    }

    async fn initiate_takes_the_organization_of_a_custom_server(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", crate::desk::ADMIN);
        let custom = desk.okta.issuer_default();
        desk.save_okta(&mut admin, &custom).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, crate::desk::ADMIN).await;
        desk.in_force().await;
        for iss in [desk.okta.issuer_org(), custom] {
            to_okta(&desk, &mut desk.browser(), &with(&[("iss", &iss)])).await;
        }
    }

    async fn initiate_hands_on_a_login_and_nothing_else(desk: Desk) {
        desk.connected().await;
        let asked = with(&[
            ("login_hint", ALAN), ("prompt", "none"), ("max_age", "1"), ("redirect_uri", "https://evil.test"),
            ("client_id", "evil"), ("state", "evil"),
        ]);
        let there = to_okta(&desk, &mut desk.browser(), &asked).await;
        assert_eq!(witness::parameter(&there, "login_hint"), ALAN);
        for absent in ["evil", "prompt=", "max_age="] {
            assert!(!there.contains(absent), "{absent}: {there}");
        }
        let long = format!("{}@northwind.example", "a".repeat(100));
        for odd in [long.as_str(), "", "two words@northwind.example", "a\u{0}b@northwind.example", "<script>"] {
            let there = to_okta(&desk, &mut desk.browser(), &with(&[("login_hint", odd)])).await;
            assert!(!there.contains("login_hint"), "{odd:?}: {there}");
        }
    }

    async fn initiate_leads_to_own_paths_only(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", ALAN).await;
        let own = format!("{PUBLIC_URL}/users?search=a");
        for (target, end) in [
            (own.as_str(), "/users?search=a"),
            ("/users", "/users"),
            (PUBLIC_URL, "/"),
            ("https://evil.test/users", "/"),
            ("//evil.test", "/"),
            (&format!("{PUBLIC_URL}.evil.test/users"), "/"),
            (&format!("{PUBLIC_URL}@evil.test/users"), "/"),
            (&format!("{PUBLIC_URL}//evil.test"), "/"),
            (&format!("{PUBLIC_URL}/auth/okta/initiate"), "/"),
            ("javascript:alert(1)", "/"),
        ] {
            let mut browser = desk.browser();
            let there = to_okta(&desk, &mut browser, &with(&[("target_link_uri", target)])).await;
            let back = desk.okta.authorize(&there, ALAN).expect("a way back");
            browser.get(&back).await.expect_location(end);
        }
    }

    async fn initiate_before_okta_is_on_says_that_it_is_off(desk: Desk) {
        desk.administrator().await;
        let mut browser = desk.browser();
        let start = browser.get(&with(&[("iss", "https://northwind.okta.com")])).await.location();
        let refused = browser.get(&start).await;
        let row = witness::attempt(&desk, &refused.reference()).await;
        assert_eq!(row.cause.as_deref(), Some("connection_off"));
    }
}
