//! Sessions: how long they last, what ends them, and that nothing but the cookie opens one.

mod sign_out;

use std::time::Duration;

use api::{Provider, paths};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use crate::{
    desk::{ADMIN, Browser, Desk},
    on_both,
    refusals::id_of,
    witness,
};

const ALAN: &str = "alan@northwind.example";
const COOKIE: &str = "__Host-sso_session";
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// A deployment in which Alan is signed in; the administrator's browser and his.
async fn alan(desk: &Desk) -> (Browser, Browser) {
    let mut admin = desk.connected().await;
    desk.member(&mut admin, "Alan", ALAN).await;
    let mut browser = desk.browser();
    desk.sign_in(&mut browser, Provider::Okta, ALAN)
        .await
        .expect_location("/");
    (admin, browser)
}

/// A request of somebody who is signed in, and what is noted of it beside the answer.
async fn used(desk: &Desk, browser: &mut Browser) {
    assert!(browser.is_signed_in().await);
    let now = desk.app.clock.now();
    let hash = server::ids::hash(&browser.cookies[COOKIE]);
    let noted = async {
        loop {
            let seen = desk.app.db.read(move |tx| {
                let sql = "select last_seen_at from sessions where token_hash = $1";
                tx.row(sql, &[server::db::Param::from(&hash)])?
                    .expect("a session")
                    .int()
            });
            if seen.await.expect("read") > now - MINUTE * 1000 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), noted)
        .await
        .expect("the request is noted");
}

on_both! {
    async fn a_page_that_asks_by_itself_keeps_nobody_signed_in(desk: Desk) {
        let mut admin = desk.connected().await;
        let first = admin.get(paths::SIGN_INS).await.expect_status(200).json;
        let newest = first["attempts"][0]["id"].as_str().expect("an attempt").to_owned();
        for _ in 0..3 {
            desk.pass(9 * MINUTE);
            admin.get(&format!("{}?since={newest}", paths::SIGN_INS)).await.expect_status(200);
        }
        desk.pass(4 * MINUTE);
        admin.get(&format!("{}?since={newest}", paths::SIGN_INS)).await.expect_status(401);
    }

    async fn half_an_hour_without_a_request_ends_a_session(desk: Desk) {
        let (_, mut browser) = alan(&desk).await;
        let node = desk.another().await;
        desk.pass(30 * MINUTE - 5);
        used(&desk, &mut browser).await;
        desk.pass(30 * MINUTE - 5);
        used(&desk, &mut browser.at(&node)).await;
        desk.pass(30 * MINUTE);
        assert!(!browser.at(&node).is_signed_in().await);
        assert!(!browser.is_signed_in().await);
        // What has ended stays ended, whatever comes afterwards.
        assert_eq!(browser.get(paths::SESSION).await.code(), "signed_out");
        browser.get(paths::ME).await.expect_location(paths::SIGN_IN);
    }

    async fn eight_hours_end_a_session_that_is_in_use(desk: Desk) {
        let (_, mut browser) = alan(&desk).await;
        let signed_in = desk.app.clock.now();
        let expires = browser.get(paths::SESSION).await.json["expires_at"].as_i64();
        let expires = expires.expect("a time");
        assert!((expires - signed_in - 8 * HOUR * 1000).abs() < 1000, "{expires}");
        for _ in 0..24 {
            desk.pass(20 * MINUTE - 1);
            used(&desk, &mut browser).await;
        }
        desk.pass(19);
        assert!(browser.is_signed_in().await, "8 h less 5 s");
        let again = browser.get(paths::SESSION).await.json["expires_at"].as_i64();
        assert_eq!(again, Some(expires), "use stretched the limit");
        desk.pass(6);
        assert!(!browser.is_signed_in().await, "8 h");
    }

    async fn signing_in_makes_a_new_session_and_ends_the_one_before(desk: Desk) {
        let (mut admin, mut browser) = alan(&desk).await;
        let mut seen = vec![browser.cookies[COOKIE].clone()];
        for _ in 0..3 {
            let mut old = browser.clone();
            desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
            let new = browser.cookies[COOKIE].clone();
            assert!(!seen.contains(&new), "an id was used again");
            seen.push(new);
            assert!(browser.is_signed_in().await);
            assert!(!old.is_signed_in().await, "the session before lives on");
        }
        // As somebody else, in the same browser.
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut old = browser.clone();
        desk.sign_in(&mut browser, Provider::Okta, "grace@northwind.example").await;
        assert_eq!(browser.get(paths::SESSION).await.json["email"], "grace@northwind.example");
        assert!(!old.is_signed_in().await);
        // And by a code.
        let codes = desk.recovery_codes(&mut admin).await;
        let mut old = browser.clone();
        let fields = [("email", ADMIN), ("code", codes[0].as_str())];
        browser.form(paths::AUTH_BREAK_GLASS, &fields).await.expect_location("/");
        assert_eq!(browser.get(paths::SESSION).await.json["signed_in_by"], "break_glass");
        assert!(!old.is_signed_in().await);
        assert_eq!(witness::sessions(&desk).await, 2, "the administrator's, and this one");
    }

    async fn a_session_id_that_was_planted_before_is_not_taken_over(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", ALAN).await;
        let planted = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let mut browser = desk.browser();
        browser.cookies.insert(COOKIE.to_owned(), planted.to_owned());
        let mut attacker = browser.clone();
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        assert_ne!(browser.cookies[COOKIE], planted);
        assert!(browser.is_signed_in().await);
        assert!(!attacker.is_signed_in().await);
    }

    async fn a_sign_in_that_fails_leaves_the_session_before_alone(desk: Desk) {
        let (_, mut browser) = alan(&desk).await;
        desk.person("Zoe", "Unknown", "zoe@northwind.example");
        let session = browser.cookies[COOKIE].clone();
        let reply = desk.sign_in(&mut browser, Provider::Okta, "zoe@northwind.example").await;
        reply.reference();
        assert_eq!(browser.cookies[COOKIE], session);
        assert_eq!(browser.get(paths::SESSION).await.json["email"], ALAN);
    }

    async fn the_cookie_is_a_host_cookie_that_no_script_reads(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", ALAN).await;
        let mut browser = desk.browser();
        let reply = desk.sign_in(&mut browser, Provider::Okta, ALAN).await;
        let cookie = reply.header("set-cookie");
        let (pair, attributes) = cookie.split_once("; ").expect("attributes");
        assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax");
        let (name, value) = pair.split_once('=').expect("a value");
        assert_eq!((name, value.len()), (COOKIE, 43));
        assert_eq!(reply.headers.get_all("set-cookie").iter().count(), 1);
    }

    async fn nothing_that_is_stored_or_shown_opens_a_session(desk: Desk) {
        let (mut admin, mut browser) = alan(&desk).await;
        let token = browser.cookies[COOKIE].clone();
        let browser_token = browser.cookies["__Host-sso_browser"].clone();
        let mut found_hash = false;
        let hash = server::ids::hash(&token);
        for (table, column, bytes) in desk.dump().await.cells() {
            for secret in [&token, &browser_token] {
                let there = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!there, "{table}.{column} has it in clear");
            }
            found_hash |= (table, column) == ("sessions", "token_hash") && bytes == hash;
        }
        assert!(found_hash, "no hash of the session is stored");
        let id = browser.get(paths::SESSION).await.json["user_id"].as_str().map(str::to_owned);
        for path in [paths::SESSION.to_owned(), paths::ME.to_owned(), "/".to_owned()] {
            let reply = browser.get(&path).await;
            assert!(!reply.text.contains(&token), "{path} shows it");
            assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        }
        let user = paths::user(&id.expect("an id"));
        for path in [user.as_str(), paths::SIGN_INS, paths::OVERVIEW, paths::USERS] {
            assert!(!admin.get(path).await.text.contains(&token), "{path} shows it");
        }
        // The hash itself, or the session's id, is no key.
        let mut thief = desk.browser();
        let row = desk.dump().await.rows("sessions")[0].clone();
        for guess in [row["token_hash"].clone(), row["id"].clone()] {
            thief.cookies.insert(COOKIE.to_owned(), guess);
            assert!(!thief.is_signed_in().await);
        }
    }

    async fn a_cookie_that_comes_twice_or_broken_is_nobodys(desk: Desk) {
        let (_, browser) = alan(&desk).await;
        let token = &browser.cookies[COOKIE];
        for (what, headers) in [
            ("twice", vec![format!("{COOKIE}={token}; {COOKIE}={token}")]),
            ("and another", vec![format!("{COOKIE}={token}; {COOKIE}=planted")]),
            ("in two headers", vec![format!("{COOKIE}={token}"), format!("{COOKIE}=planted")]),
            ("in another case", vec![format!("__host-sso_session={token}")]),
            ("without the prefix", vec![format!("sso_session={token}")]),
            ("quoted", vec![format!("{COOKIE}=\"{token}\"")]),
            ("truncated", vec![format!("{COOKIE}={}", &token[..42])]),
            ("made longer", vec![format!("{COOKIE}={token}A")]),
            ("empty", vec![format!("{COOKIE}=")]),
            ("100 KB", vec![format!("{COOKIE}={}", "A".repeat(100_000))]),
            ("of a version", vec![format!("$Version=1; $COOKIE={token}")]),
            ("in the query", vec![]),
        ] {
            let mut request = Request::builder().uri(format!("{}?{COOKIE}={token}", paths::SESSION));
            for header in headers {
                request = request.header("cookie", header);
            }
            let mut nobody = desk.browser();
            let reply = nobody.send(request.body(Body::empty()).expect("a request")).await;
            assert_eq!(reply.status.as_u16(), 401, "{what}");
        }
        let header = format!("other=1; {COOKIE}={token}; theme=dark");
        let request = Request::builder().uri(paths::SESSION).header("cookie", header);
        let reply = desk.browser().send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(reply.status.as_u16(), 200);
    }

    async fn nothing_but_the_cookie_opens_a_session(desk: Desk) {
        let (_, mut browser) = alan(&desk).await;
        let token = browser.cookies[COOKIE].clone();
        let there = browser.clone().form(paths::AUTH_SIGN_OUT, &[]).await.location();
        let id_token = witness::parameter(&there, "id_token_hint");
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        for (name, value) in [
            ("authorization", format!("Bearer {id_token}")),
            ("authorization", format!("Bearer {token}")),
            ("authorization", format!("Bearer {}", browser.cookies[COOKIE])),
            ("authorization", "Basic YWRhOmFkYQ==".to_owned()),
            ("x-forwarded-user", ADMIN.to_owned()),
            ("x-remote-user", ADMIN.to_owned()),
            ("x-auth-request-email", ADMIN.to_owned()),
            ("user-agent", "kube-probe/1.0".to_owned()),
        ] {
            let request = Request::builder().uri(paths::SESSION).header(name, value);
            let reply = desk.browser().send(request.body(Body::empty()).expect("a request")).await;
            assert_eq!(reply.status.as_u16(), 401, "{name}");
        }
    }

    async fn whoever_is_suspended_is_out_at_once_on_every_node(desk: Desk) {
        let (mut admin, mut browser) = alan(&desk).await;
        let node = desk.another().await;
        let mut phone = node.browser();
        node.sign_in(&mut phone, Provider::Okta, ALAN).await.expect_location("/");
        let id = browser.get(paths::SESSION).await.json["user_id"].as_str().map(str::to_owned);
        let user = json!({ "id": id });
        admin.post(&paths::suspend(id_of(&user)), &Value::Null).await.expect_status(200);
        for mut out in [browser.at(&node), phone.at(&desk), browser, phone] {
            assert!(!out.is_signed_in().await);
            assert_eq!(out.get(paths::ME).await.location(), paths::SIGN_IN);
        }
        assert_eq!(witness::sessions(&desk).await, 1, "the administrator's");
    }
}
