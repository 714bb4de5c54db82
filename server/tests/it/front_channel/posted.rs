//! A callback by POST: never believed, and the attempt ends with its cause.

use api::{Cause, Provider, paths};
use axum::{
    body::Body,
    http::{Request, header},
};

use super::{ALAN, on_the_way};
use crate::{
    desk::{Browser, Reply},
    on_both, witness,
};

/// What a provider's page makes a browser send: a form, without the cookies of another site.
async fn post(browser: &Browser, provider: Provider, form: &str) -> Reply {
    let mut without = browser.clone();
    without.cookies.clear();
    let request = Request::post(paths::auth_callback(provider))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, "https://northwind.okta.com")
        .header("sec-fetch-site", "cross-site");
    let request = request
        .body(Body::from(form.to_owned()))
        .expect("a request");
    let reply = without.send(request).await;
    assert!(without.cookies.is_empty(), "{:?}", without.cookies);
    reply
}

on_both! {
    async fn posted_callback_ends_its_attempt_and_exchanges_nothing(desk: Desk) {
        let (mut admin, mut browser, back) = on_the_way(&desk).await;
        let (_, query) = back.split_once('?').expect("a query");
        let sessions = witness::sessions(&desk).await;
        let reply = post(&browser, Provider::Okta, query).await;
        let row = witness::attempt(&desk, &reply.reference()).await;
        assert_eq!(row.cause.as_deref(), Some("callback_posted"));
        let latest = desk.latest(&mut admin).await;
        assert_eq!(latest["reference"], reply.reference(), "the attempt itself ended");
        assert_eq!(latest["outcome"], "failed");
        assert_eq!(witness::sessions(&desk).await, sessions);
        assert_eq!(desk.okta.count_requests("/v1/token"), 0, "a posted code was exchanged");
        let page = browser.get(&reply.location()).await.expect_status(403);
        assert!(page.text.contains("Give your administrator the reference number"), "{}", page.text);
        // It is over: the same code by GET, with the cookie, is refused.
        let cause = Cause::StateReplayed;
        let reply = browser.get(&back).await;
        witness::refused(&desk, &mut browser, reply, cause, "afterwards", &back).await;
        assert_eq!(desk.okta.count_requests("/v1/token"), 0);
        let back = desk.until_callback(&mut browser, Provider::Okta, ALAN).await;
        browser.get(&back).await.expect_location("/");
    }

    async fn posted_error_and_posted_token_end_the_attempt_of_their_state(desk: Desk) {
        let (mut admin, mut browser, back) = on_the_way(&desk).await;
        for form in ["error=login_required&error_description=x", "id_token=a.b.c", "code=x&id_token=a.b.c"] {
            let back = if form.starts_with("error") {
                back.clone()
            } else {
                desk.until_callback(&mut browser, Provider::Okta, ALAN).await
            };
            let form = format!("{form}&state={}", witness::parameter(&back, "state"));
            let reply = post(&browser, Provider::Okta, &form).await;
            let row = witness::attempt(&desk, &reply.reference()).await;
            assert_eq!(row.cause.as_deref(), Some("callback_posted"), "{form}");
            assert_eq!(desk.latest(&mut admin).await["reference"], reply.reference(), "{form}");
        }
    }

    async fn posted_callback_without_a_known_state_looks_the_same_and_ends_nothing(desk: Desk) {
        let (_, mut browser, back) = on_the_way(&desk).await;
        let state = witness::parameter(&back, "state");
        for (provider, form) in [
            (Provider::Okta, "code=x&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned()),
            (Provider::Okta, "code=x".into()),
            (Provider::Okta, format!("code=x&state={state}&state={state}")),
            (Provider::Google, format!("code=x&state={state}")),
        ] {
            let reply = post(&browser, provider, &form).await;
            assert_eq!(reply.status.as_u16(), 303, "{form}");
            let row = witness::attempt(&desk, &reply.reference()).await;
            assert_eq!(row.cause.as_deref(), Some("callback_posted"), "{form}");
        }
        for form in ["", "state=x", "a=b"] {
            let reply = post(&browser, Provider::Okta, form).await;
            assert_eq!(reply.status.as_u16(), 405, "{form}");
        }
        browser.get(&back).await.expect_location("/");
    }

    async fn posted_test_sign_in_ends_with_its_cause_on_the_connect_page(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", crate::desk::ADMIN);
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        let begun = admin.post(&paths::connect(Provider::Okta), &serde_json::Value::Null).await;
        let there = begun.json["location"].as_str().expect("a location").to_owned();
        let back = desk.okta.authorize(&there, crate::desk::ADMIN).expect("a way back");
        let (_, query) = back.split_once('?').expect("a query");
        let reply = post(&admin, Provider::Okta, query).await;
        assert!(reply.location().contains("/connect?failed="), "{}", reply.location());
        let connection = admin.get(&paths::connection(Provider::Okta)).await.json;
        assert_eq!(connection["failure"]["cause"], "callback_posted");
        assert!(connection["verification"].is_null());
    }
}
