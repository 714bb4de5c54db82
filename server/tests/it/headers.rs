//! The headers of every kind of answer: what keeps a page to itself, and personal things out of caches.

use api::{Provider, paths};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};

use crate::{
    desk::{Browser, Desk, PASSWORD, PUBLIC_URL, Reply},
    on_both,
};

/// A request that is sent as it stands.
async fn raw(browser: &mut Browser, method: &str, path: &str, kind: &str, body: String) -> Reply {
    let request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).expect("a method"))
        .uri(path)
        .header(header::ORIGIN, PUBLIC_URL)
        .header(paths::CSRF_HEADER, "1")
        .header(header::IF_MATCH, "\"1\"")
        .header(header::CONTENT_TYPE, kind);
    browser
        .send(request.body(Body::from(body)).expect("a request"))
        .await
}

/// One answer of every kind there is, with what it was for.
async fn every_kind(desk: &Desk) -> Vec<(&'static str, u16, Reply)> {
    let mut kinds = Vec::new();
    let mut nobody = desk.browser();
    kinds.push(("a page before the set-up", 503, nobody.get("/").await));
    let mut admin = desk.connected().await;
    let grace = desk
        .member(&mut admin, "Grace", "grace@northwind.example")
        .await;
    let grace = grace["id"].as_str().expect("an id");
    let mut member = desk.browser();
    let back = desk
        .until_callback(&mut member, Provider::Okta, "grace@northwind.example")
        .await;
    kinds.push(("the way back", 303, member.get(&back).await));
    let again = member.get(&back).await;
    kinds.push(("the way back once more", 200, again));
    let refused = desk.browser().get(&back).await;
    let refusal = refused.location();
    kinds.push(("a refused way back", 303, refused));
    kinds.push(("a refusal", 403, member.get(&refusal).await));
    kinds.push(("a member's page", 200, member.get(paths::ME).await));
    kinds.push(("what a member may not", 403, member.get(paths::USERS).await));
    for (what, status, path) in [
        ("the sign-in page", 200, paths::SIGN_IN),
        (
            "the administrators' page",
            200,
            paths::SIGN_IN_ADMINISTRATOR,
        ),
        ("signed out", 200, paths::SIGNED_OUT),
        ("a link that is too long", 200, paths::LINK_TOO_LONG),
        ("a sign-in of Okta's", 303, paths::AUTH_INITIATE),
        (
            "a sign-in of a stranger's",
            400,
            "/auth/okta/initiate?iss=https%3A%2F%2Fevil.test",
        ),
        (
            "a browser without cookies",
            400,
            "/auth/google/start?cookie=sent",
        ),
        ("home, with nobody there", 303, "/"),
        ("a file that is not there", 404, "/no-such-file.js"),
        ("an API that is not there", 404, "/api/nothing"),
        ("health", 200, paths::HEALTHZ),
        ("readiness", 200, paths::READYZ),
        ("the document", 200, paths::OPENAPI),
        ("whether set-up is needed", 200, paths::SET_UP),
        ("nobody's session", 401, paths::SESSION),
    ] {
        kinds.push((what, status, nobody.get(path).await));
    }
    let start = paths::auth_start(Provider::Okta);
    kinds.push(("a start", 303, nobody.get(&start).await));
    kinds.push((
        "a start of nothing",
        404,
        nobody.get("/auth/yahoo/start").await,
    ));
    kinds.push(("a session", 200, admin.get(paths::SESSION).await));
    kinds.push(("an odd query", 422, admin.get("/api/users?limit=x").await));
    let user = json!({ "name": "Tony", "email": "tony@northwind.example", "role": "member" });
    kinds.push(("a user made", 201, admin.post(paths::USERS, &user).await));
    kinds.push((
        "a user made twice",
        422,
        admin.post(paths::USERS, &user).await,
    ));
    let path = paths::user(grace);
    kinds.push((
        "no version",
        428,
        admin
            .post(&paths::disable(Provider::Okta), &Value::Null)
            .await,
    ));
    kinds.push(("a stale version", 412, admin.put(&path, 9, &user).await));
    kinds.push((
        "an illegal move",
        409,
        admin
            .post(&paths::connect(Provider::Google), &Value::Null)
            .await,
    ));
    let json = "application/json";
    kinds.push((
        "another method",
        405,
        raw(&mut admin, "PATCH", &path, json, "{}".into()).await,
    ));
    kinds.push((
        "another method on a page",
        405,
        raw(&mut admin, "PUT", "/sign-in", json, String::new()).await,
    ));
    kinds.push((
        "another method on the console",
        405,
        raw(&mut admin, "PUT", "/users", json, String::new()).await,
    ));
    kinds.push((
        "too much",
        413,
        raw(&mut admin, "PUT", &path, json, " ".repeat(70_000)).await,
    ));
    kinds.push((
        "no JSON",
        415,
        raw(&mut admin, "PUT", &path, "text/plain", "{}".into()).await,
    ));
    kinds.push((
        "broken JSON",
        400,
        raw(&mut admin, "PUT", &path, json, "{".into()).await,
    ));
    kinds.push(("a user gone", 204, admin.delete(&path).await));
    let limited = desk
        .another_with(|settings| settings.requests_a_minute = Some(1))
        .await;
    let mut hasty = limited.browser();
    hasty.get(&start).await;
    kinds.push(("too many on a page", 429, hasty.get(&start).await));
    hasty.post(paths::SET_UP, &Value::Null).await;
    kinds.push((
        "too many",
        429,
        hasty.post(paths::SET_UP, &Value::Null).await,
    ));
    let form = [("email", "ada@northwind.example"), ("password", PASSWORD)];
    kinds.push((
        "a password",
        303,
        nobody.form(paths::AUTH_PASSWORD, &form).await,
    ));
    kinds.push((
        "a sign-out",
        303,
        nobody.form(paths::AUTH_SIGN_OUT, &[]).await,
    ));
    desk.execute("drop table attempts").await;
    kinds.push(("a fault of ours", 500, admin.get(paths::SIGN_INS).await));
    kinds.push(("a fault of ours on a page", 500, admin.get(&start).await));
    kinds
}

fn one<'a>(reply: &'a Reply, name: &str) -> &'a str {
    assert_eq!(
        reply.headers.get_all(name).iter().count(),
        1,
        "{name}: {:?}",
        reply.headers
    );
    reply.header(name)
}

fn expect_safe(what: &str, reply: &Reply) {
    let policy = one(reply, "content-security-policy");
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    for open in [
        "unsafe-inline",
        "'unsafe-eval'",
        "*",
        "http:",
        "https:",
        "data:",
        "blob:",
    ] {
        // Where a form may lead is named; what is loaded never comes from elsewhere.
        let rest = policy
            .split(';')
            .filter(|it| !it.trim().starts_with("form-action"));
        for directive in rest {
            assert!(!directive.contains(open), "{what}: {directive}");
        }
    }
    assert!(!policy.contains("unsafe-inline"), "{what}: {policy}");
    assert_eq!(one(reply, "x-content-type-options"), "nosniff", "{what}");
    assert_eq!(one(reply, "x-frame-options"), "DENY", "{what}");
    assert_eq!(one(reply, "cache-control"), "no-store", "{what}");
    assert_eq!(
        one(reply, "cross-origin-opener-policy"),
        "same-origin",
        "{what}"
    );
    assert_eq!(
        one(reply, "cross-origin-resource-policy"),
        "same-origin",
        "{what}"
    );
    assert!(
        one(reply, "permissions-policy").contains("camera=()"),
        "{what}"
    );
    let referrer = one(reply, "referrer-policy");
    assert!(
        matches!(referrer, "same-origin" | "no-referrer"),
        "{what}: {referrer}"
    );
    let id = one(reply, "x-request-id");
    assert_eq!(id.len(), 9, "{what}: {id}");
    for name in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert!(reply.headers.get(name).is_none(), "{what} has {name}");
    }
    expect_readable(what, reply, id);
}

/// An error says its reference, and a page has nothing in it that the policy would have to allow.
fn expect_readable(what: &str, reply: &Reply, id: &str) {
    let kind = reply.header("content-type");
    // These say what to do by themselves, and the log has no more to say.
    let is_refusal = matches!(
        what,
        "a refusal"
            | "a page before the set-up"
            | "a sign-in of a stranger's"
            | "a browser without cookies"
    );
    if kind.starts_with("text/html") {
        assert_eq!(kind, "text/html; charset=utf-8", "{what}");
        for inline in [
            "<script",
            "<style",
            " style=",
            " onclick",
            " onload",
            "javascript:",
            "http-equiv",
        ] {
            assert!(!reply.text.contains(inline), "{what} has {inline}");
        }
        if reply.status.as_u16() >= 400 && !is_refusal {
            assert!(reply.text.contains(id), "{what} does not say {id}");
        }
    } else if reply.status.as_u16() >= 400 {
        assert_eq!(kind, "application/problem+json", "{what}");
        assert_eq!(reply.json["reference"], id, "{what}");
        assert_eq!(reply.json["status"], reply.status.as_u16(), "{what}");
        assert!(
            reply.json["title"]
                .as_str()
                .is_some_and(|it| it.ends_with('.')),
            "{what}"
        );
    } else if !reply.text.is_empty() {
        assert!(kind.starts_with("application/json"), "{what}: {kind}");
    }
}

on_both! {
    async fn every_kind_of_answer_has_its_headers(desk: Desk) {
        let kinds = every_kind(&desk).await;
        for (what, status, reply) in &kinds {
            assert_eq!(reply.status, *status, "{what}: {}", reply.text);
            expect_safe(what, reply);
        }
        // Each answer has an id of its own.
        let mut ids: Vec<&str> = kinds.iter().map(|(_, _, it)| it.header("x-request-id")).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), kinds.len());
    }

    async fn a_fault_of_ours_says_nothing_of_its_cause(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.execute("drop table attempts").await;
        let api = admin.get(paths::SIGN_INS).await.expect_status(500);
        let page = admin.get("/sign-in/refused?reference=AAAA-AAAA").await.expect_status(500);
        for reply in [api, page] {
            let text = reply.text.to_lowercase();
            for word in ["attempts", "sqlite", "postgres", "table", "select", "relation"] {
                assert!(!text.contains(word), "{word} in {text}");
            }
        }
    }

    async fn the_way_back_from_the_provider_tells_nobody_where_it_was(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut browser = desk.browser();
        let reply = desk.sign_in(&mut browser, Provider::Okta, "grace@northwind.example").await;
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
        assert!(reply.text.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_secret_may_be_cached_and_has_the_other_headers_too() {
    let desk = Desk::new(crate::desk::Engine::Sqlite).await;
    let mut browser = desk.browser();
    let style = browser.get(paths::DOOR_STYLE).await.expect_status(200);
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(style.header("cache-control"), "public, max-age=3600");
    let words = browser.get(&paths::locale("en")).await.expect_status(200);
    assert_eq!(words.header("cache-control"), "no-cache");
    for reply in [style, words] {
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert!(
            reply
                .header("content-security-policy")
                .contains("default-src 'none'")
        );
        assert_eq!(reply.header("set-cookie"), "");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_https_browsers_are_told_to_stay_there() {
    let desk = Desk::new(crate::desk::Engine::Sqlite).await;
    let here = desk.browser().get(paths::SIGN_IN).await;
    assert_eq!(here.header("strict-transport-security"), "");
    let desk = desk
        .another_with(|settings| settings.public_url = "https://sso.example.com".into())
        .await;
    for path in [
        paths::SIGN_IN,
        paths::SESSION,
        "/nothing.txt",
        paths::HEALTHZ,
    ] {
        let reply = desk.browser().get(path).await;
        let policy = reply.header("strict-transport-security");
        assert!(policy.contains("max-age=31536000"), "{path}: {policy}");
    }
}
