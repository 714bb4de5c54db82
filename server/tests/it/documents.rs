//! Pages in the language and theme of whoever reads them, and who gets which.

use api::{Provider, paths};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use locales::{Language, keys, text};
use serde_json::json;

use crate::{
    desk::{Browser, Reply},
    on_both,
};

async fn page(browser: &mut Browser, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    browser
        .send(request.body(Body::empty()).expect("a request"))
        .await
}

on_both! {
    async fn a_page_speaks_the_language_of_the_person(desk: Desk) {
        desk.connected().await;
        let (en, fr) = (Language::English, Language::French);
        for (path, headers, language) in [
            ("/sign-in", &[][..], en),
            ("/sign-in", &[("accept-language", "fr")], fr),
            ("/sign-in", &[("accept-language", "fr-CA,fr;q=0.9,en;q=0.8")], fr),
            ("/sign-in", &[("accept-language", "de,en;q=0.8,fr;q=0.5")], en),
            ("/sign-in", &[("accept-language", "de,fr;q=0.5")], fr),
            ("/sign-in", &[("accept-language", "tlh")], en),
            ("/sign-in", &[("accept-language", "")], en),
            ("/sign-in", &[("accept-language", "fr"), ("cookie", "language=en")], en),
            ("/sign-in", &[("cookie", "language=fr")], fr),
            ("/sign-in", &[("cookie", "language=\"><script>")], en),
            ("/sign-in", &[("cookie", "language=fr; language=en"), ("accept-language", "en")], en),
            ("/sign-in?language=fr", &[("accept-language", "en"), ("cookie", "language=en")], fr),
            ("/sign-in?language=en", &[("accept-language", "fr")], en),
            ("/sign-in?language=xx", &[("accept-language", "fr")], fr),
            ("/sign-in?language=%ff", &[("accept-language", "fr")], fr),
        ] {
            let reply = page(&mut desk.browser(), path, headers).await.expect_status(200);
            let tag = language.tag();
            assert!(reply.text.contains(&format!("<html lang=\"{tag}\"")), "{path} {headers:?}");
            assert_eq!(reply.header("content-language"), tag, "{path} {headers:?}");
            assert!(reply.text.contains(text(language, keys::DOOR_SIGN_IN_SSO)), "{path}");
            assert!(!reply.text.contains("<script"), "{path} {headers:?}");
        }
    }

    async fn a_language_that_is_chosen_is_kept_for_the_next_page(desk: Desk) {
        desk.connected().await;
        let mut browser = desk.browser();
        let here = "/sign-in?return_to=%2Fusers&language=fr";
        let reply = browser.get(here).await.expect_status(200);
        assert!(reply.header("set-cookie").starts_with("language=fr; Path=/; Secure; SameSite=Lax"));
        // The way to the other language keeps what else was in the address.
        assert!(reply.text.contains("return_to=%2Fusers&amp;language=en"), "{}", reply.text);
        let next = browser.get(paths::SIGNED_OUT).await;
        assert_eq!(next.header("content-language"), "fr");
        assert_eq!(next.header("set-cookie"), "");
        // An error is in the same language.
        let error = browser.get("/nothing.txt").await.expect_status(404);
        assert_eq!(error.header("content-language"), "fr");
    }

    async fn a_page_has_the_theme_that_was_chosen_or_the_systems(desk: Desk) {
        let mut browser = desk.browser();
        for (cookie, theme) in [
            ("theme=dark", Some("dark")),
            ("theme=light", Some("light")),
            ("theme=system", None),
            ("theme=\"><script>alert(1)</script>", None),
            ("a=b", None),
        ] {
            let reply = page(&mut browser, "/sign-in", &[("cookie", cookie)]).await;
            match theme {
                Some(theme) => {
                    assert!(reply.text.contains(&format!("data-theme=\"{theme}\"")), "{cookie}");
                }
                None => assert!(!reply.text.contains("data-theme"), "{cookie}"),
            }
            assert!(!reply.text.contains("alert"), "{cookie}");
        }
    }

    async fn home_leads_each_person_to_their_own_place(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut member = desk.browser();
        desk.sign_in(&mut member, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let mut nobody = desk.browser();
        nobody.get("/").await.expect_location("/sign-in");
        nobody
            .get("/users?search=a%26b&status=active")
            .await
            .expect_location("/sign-in?return_to=%2Fusers%3Fsearch%3Da%2526b%26status%3Dactive");
        for path in ["/", "/users", "/settings/integrations/sso/okta/connect", "/set-up"] {
            member.get(path).await.expect_location(paths::ME);
            // This binary of the tests has no console: an administrator is told so.
            let reply = admin.get(path).await;
            if server::console::is_built() {
                assert_eq!(reply.status, 200);
                assert!(reply.header("content-security-policy").contains("'wasm-unsafe-eval'"));
            } else {
                let reply = reply.expect_status(503);
                assert!(reply.text.contains(text(Language::English, keys::DOOR_CONSOLE_TITLE)));
            }
        }
        for path in ["/x.js", "/users.json", "/index.html", "/.env", "/.git/config.json"] {
            for browser in [&mut nobody, &mut member, &mut admin] {
                browser.get(path).await.expect_status(404);
            }
        }
    }

    async fn the_way_to_the_wanted_page_leads_through_sign_in_and_ends_there(desk: Desk) {
        desk.connected().await;
        let mut browser = desk.browser();
        let to = browser.get("/users?status=active").await.location();
        let page = browser.get(&to).await.expect_status(200);
        assert!(page.text.contains("return_to=%2Fusers%3Fstatus%3Dactive"), "{}", page.text);
        let start = "/auth/okta/start?return_to=%2Fusers%3Fstatus%3Dactive";
        let there = browser.get(start).await.location();
        let back = desk.okta.authorize(&there, crate::desk::ADMIN).expect("Okta sends back");
        browser.get(&back).await.expect_location("/users?status=active");
        // Signed in already there is nothing to do.
        browser.get(&to).await.expect_location("/users?status=active");
    }

    async fn the_sign_in_page_offers_what_is_on_and_nothing_else(desk: Desk) {
        let mut nobody = desk.browser();
        let before = nobody.get(paths::SIGN_IN).await.expect_status(200);
        for provider in Provider::ALL {
            assert!(!before.text.contains(&paths::auth_start(provider)));
        }
        desk.connected().await;
        let after = nobody.get(paths::SIGN_IN).await.expect_status(200);
        assert!(after.text.contains(&paths::auth_start(Provider::Okta)));
        assert!(!after.text.contains(&paths::auth_start(Provider::Google)));
        assert!(after.text.contains("Northwind"));
    }

    async fn a_members_page_may_send_its_form_to_their_provider_and_nowhere_else(desk: Desk) {
        let mut admin = desk.connected().await;
        let mine = admin.get(paths::ME).await.expect_status(200);
        let policy = mine.header("content-security-policy").to_owned();
        assert!(policy.contains("form-action 'self';"), "{policy}");
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut member = desk.browser();
        desk.sign_in(&mut member, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let page = member.get(paths::ME).await.expect_status(200);
        assert!(page.text.contains("Grace Member"));
        let policy = page.header("content-security-policy");
        let allowed = format!("form-action 'self' {};", desk.okta.base_url());
        assert!(policy.contains(&allowed), "{policy}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_words_of_each_language_come_in_the_order_of_the_keys() {
    let desk = crate::desk::Desk::new(crate::desk::Engine::Sqlite).await;
    let mut browser = desk.browser();
    for language in Language::ALL {
        let reply = browser
            .get(&paths::locale(language.tag()))
            .await
            .expect_status(200);
        assert_eq!(reply.json, json!(locales::texts(language)));
        let title = keys::DOOR_SIGN_IN_SSO.index();
        assert_eq!(reply.json[title], text(language, keys::DOOR_SIGN_IN_SSO));
    }
    let ours = format!("{}?v={}", paths::locale("en"), locales::HASH);
    browser.get(&ours).await.expect_status(200);
    let another = format!("{}?v=0123456789abcdef", paths::locale("en"));
    browser.get(&another).await.expect_status(404);
    for unknown in ["de", "EN", "en-GB", "%65n", "..", "en.json", "%00", "%ff"] {
        let reply = browser.get(&paths::locale(unknown)).await;
        let fine = reply.status == StatusCode::NOT_FOUND || unknown == "%65n";
        assert!(fine, "{unknown}: {}", reply.status);
    }
}
