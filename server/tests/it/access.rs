//! Who may: every route, for everybody, by every way of asking.

mod cross_site;
mod door;
mod parts;
mod path_games;
mod peers;
mod walk;

use api::{Provider, paths};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};
use server::routes::Route;

use crate::desk::{Browser, Desk, PUBLIC_URL, Reply};

/// A request of the table with everything that it needs to be accepted, against a user of its own.
struct Call {
    method: Method,
    path: String,
    version: Option<i64>,
    body: Value,
}

impl Call {
    /// `victim`: id of a user that may change; `email`: one that nobody has.
    fn new(route: &Route, victim: &str, email: &str) -> Self {
        let path = route
            .path
            .replace("{provider}", "okta")
            .replace("{id}", victim)
            .replace("{session}", victim);
        assert!(!path.contains('{'), "the test has no value for {path}");
        let user = json!({ "name": "Somebody", "email": email, "role": "member" });
        let body = match route.path {
            paths::USERS | paths::USER => user,
            paths::SET_UP => json!({
                "token": "x", "organization": "Mallory", "name": "Mallory",
                "email": "mallory@northwind.example", "password": "a long enough password",
            }),
            paths::CONFIRM_IDENTITY => json!({ "issuer": "https://x.okta.com", "sub": "00u1" }),
            paths::ACCEPT => json!({ "kind": "login_changed", "now": email }),
            paths::BULK => {
                json!({ "action": { "kind": "sign_out" }, "ids": [victim], "expected": 1 })
            }
            paths::TEST_CODE | paths::REAUTHENTICATE => {
                json!({ "code": "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345" })
            }
            paths::ORGANIZATION => json!({ "name": "Renamed" }),
            paths::CHECKS => json!({ "trigger": "request" }),
            paths::GUIDE => json!({ "completed_steps": ["web_app"] }),
            paths::LOOK => json!({ "pasted": "https://{yourOktaDomain}" }),
            paths::CONNECTION => json!({
                "issuer": "company.okta.com", "client_id": "c",
                "client_secret": "a-secret-of-another-company",
            }),
            paths::SECRET => json!({ "expires_on": "2031-01-31" }),
            paths::NEXT_SECRET => json!({ "client_secret": "another-secret-of-a-company" }),
            paths::RETENTION => json!({ "audit_days": 400, "sign_in_days": 30 }),
            paths::WEBHOOK => json!({ "url": "https://hooks.example/" }),
            _ => Value::Null,
        };
        Self {
            method: route.method.clone(),
            path,
            version: route.versioned.then_some(1),
            body,
        }
    }

    /// The request as the console sends it.
    fn request(&self) -> Request<Body> {
        let mut request = self.without_origin();
        let headers = request.headers_mut();
        headers.insert(header::ORIGIN, PUBLIC_URL.parse().expect("a header"));
        headers.insert("sec-fetch-site", "same-origin".parse().expect("a header"));
        headers.insert(paths::CSRF_HEADER, "1".parse().expect("a header"));
        request
    }

    /// The same with nothing in it that says where it comes from.
    fn without_origin(&self) -> Request<Body> {
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(&self.path)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(version) = self.version {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        request
            .body(Body::from(self.body.to_string()))
            .expect("a request")
    }
}

/// Everybody who can knock.
struct Everybody {
    anonymous: Browser,
    member: Browser,
    suspended: Browser,
    admin: Browser,
}

/// A deployment with one of each. The suspended administrator has the cookie of better days.
async fn everybody(desk: &Desk) -> Everybody {
    let mut admin = desk.connected().await;
    desk.member(&mut admin, "Grace", "grace@northwind.example")
        .await;
    let mut member = desk.browser();
    desk.sign_in(&mut member, Provider::Okta, "grace@northwind.example")
        .await
        .expect_location("/");
    desk.person("Tony", "Hoare", "tony@northwind.example");
    let tony = json!({
        "name": "Tony Hoare", "email": "tony@northwind.example",
        "okta_login": "tony@northwind.example", "role": "admin",
    });
    let tony = admin
        .post(paths::USERS, &tony)
        .await
        .expect_status(201)
        .json;
    let mut suspended = desk.browser();
    desk.sign_in(&mut suspended, Provider::Okta, "tony@northwind.example")
        .await
        .expect_location("/");
    suspended.get(paths::OVERVIEW).await.expect_status(200);
    let id = tony["id"].as_str().expect("an id");
    admin
        .post(&paths::suspend(id), &Value::Null)
        .await
        .expect_status(200);
    Everybody {
        anonymous: desk.browser(),
        member,
        suspended,
        admin,
    }
}

/// The reply, once nothing of what it began is still being written.
async fn settled(admin: &mut Browser, route: &Route, reply: Reply) -> Reply {
    if route.path == paths::BULK && reply.status == 202 {
        crate::users::bulk::over(admin, &reply.json).await;
    }
    reply
}

/// A user for a request to act on; her id.
async fn victim(admin: &mut Browser, number: usize) -> String {
    let form = json!({
        "name": "Victim", "email": format!("victim{number}@northwind.example"), "role": "member",
    });
    let user = admin
        .post(paths::USERS, &form)
        .await
        .expect_status(201)
        .json;
    user["id"].as_str().expect("an id").to_owned()
}
