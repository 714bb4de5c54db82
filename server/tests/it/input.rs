//! Bodies and cookies that are none: each is refused with what is wrong, and nothing is stored.

use api::paths;
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;

use crate::{
    desk::{Browser, Desk, PUBLIC_URL, Reply},
    on_both,
};

/// Every address that takes JSON, with a right body for it.
fn addresses(id: &str) -> [(Method, String, String); 4] {
    let user = json!({ "name": "Grace", "email": "grace@northwind.example", "role": "member" });
    let connection = json!({
        "issuer": "company.okta.com", "client_id": "c", "client_secret": "a-secret-of-a-company",
    });
    [
        (Method::POST, paths::USERS.into(), user.to_string()),
        (Method::PUT, paths::user(id), user.to_string()),
        (
            Method::PUT,
            paths::ORGANIZATION.into(),
            json!({ "name": "Renamed" }).to_string(),
        ),
        (
            Method::PUT,
            paths::connection(api::Provider::Okta),
            connection.to_string(),
        ),
    ]
}

async fn send(
    browser: &mut Browser,
    (method, path): (&Method, &str),
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Reply {
    let version = if path == paths::ORGANIZATION || path.starts_with(paths::USERS) {
        "1"
    } else {
        "0"
    };
    let mut request = Request::builder()
        .method(method.clone())
        .uri(path)
        .header(header::ORIGIN, PUBLIC_URL)
        .header(paths::CSRF_HEADER, "1")
        .header(header::IF_MATCH, version);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    browser
        .send(request.body(body.into()).expect("a request"))
        .await
}

const JSON: (&str, &str) = ("content-type", "application/json");

async fn ada(admin: &mut Browser) -> String {
    let session = admin.get(paths::SESSION).await.json;
    session["user_id"].as_str().expect("an id").to_owned()
}

/// A body of a megabyte that comes in pieces and never says how long it will be.
fn endless() -> Body {
    let pieces = (0..1024).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1024]));
    Body::from_stream(futures_util::stream::iter(pieces))
}

async fn expect_the_same(desk: &Desk, before: &crate::desk::Dump) {
    let after = desk.dump().await;
    assert!(*before == after, "changed {:?}", after.differs_from(before));
}

on_both! {
    async fn what_is_not_plain_json_is_refused_by_its_kind(desk: Desk) {
        let mut admin = desk.administrator().await;
        let id = ada(&mut admin).await;
        let before = desk.dump().await;
        for (method, path, body) in addresses(&id) {
            for headers in [
                &[][..],
                &[("content-type", "")],
                &[("content-type", "text/plain")],
                &[("content-type", "text/json")],
                &[("content-type", "application/x-www-form-urlencoded")],
                &[("content-type", "multipart/form-data; boundary=x")],
                &[("content-type", "application/jsonp")],
                &[("content-type", "text/plain; application/json")],
                &[JSON, ("content-encoding", "gzip")],
                &[JSON, ("content-encoding", "br")],
                &[JSON, ("content-encoding", "identity"), ("content-encoding", "deflate")],
            ] {
                let reply = send(&mut admin, (&method, &path), headers, body.clone()).await;
                let reply = reply.expect_status(415);
                assert_eq!(reply.code(), "not_json", "{path} {headers:?}");
            }
        }
        expect_the_same(&desk, &before).await;
    }

    async fn json_is_taken_under_each_of_its_right_names(desk: Desk) {
        let mut admin = desk.administrator().await;
        for (version, kind) in [
            (1, "application/json"), (2, "application/json; charset=utf-8"), (3, "Application/JSON"),
        ] {
            let request = Request::put(paths::ORGANIZATION)
                .header(header::ORIGIN, PUBLIC_URL)
                .header(paths::CSRF_HEADER, "1")
                .header(header::IF_MATCH, format!("\"{version}\""))
                .header(header::CONTENT_TYPE, kind)
                .header(header::CONTENT_ENCODING, "identity");
            let body = Body::from(json!({ "name": kind }).to_string());
            admin.send(request.body(body).expect("a request")).await.expect_status(200);
        }
    }

    async fn too_large_a_body_is_refused_before_it_is_read(desk: Desk) {
        let mut admin = desk.administrator().await;
        let id = ada(&mut admin).await;
        let before = desk.dump().await;
        for (method, path, body) in addresses(&id) {
            let padded = format!("{body}{}", " ".repeat(64 * 1024));
            for body in [Body::from(padded), Body::from(vec![b'['; 1 << 20]), endless()] {
                let reply = send(&mut admin, (&method, &path), &[JSON], body).await;
                let reply = reply.expect_status(413);
                assert_eq!(reply.code(), "too_large", "{path}");
            }
        }
        for path in [paths::AUTH_PASSWORD, paths::AUTH_SIGN_OUT] {
            let reply = send(&mut desk.browser(), (&Method::POST, path), &[], endless()).await;
            // Signing out takes no body, and reads none.
            let fine = reply.status == 413 || path == paths::AUTH_SIGN_OUT;
            assert!(fine, "{path}: {}", reply.status);
        }
        expect_the_same(&desk, &before).await;
    }

    async fn broken_json_is_refused_as_a_body_that_cannot_be_read(desk: Desk) {
        let mut admin = desk.administrator().await;
        let id = ada(&mut admin).await;
        let before = desk.dump().await;
        let deep = "[".repeat(60_000);
        let deep_object = "{\"a\":".repeat(12_000);
        for (method, path, body) in addresses(&id) {
            let cut = &body[..body.len() - 1];
            let twice = format!("{body}{body}");
            let bom = format!("\u{feff}{body}");
            for broken in [
                "", " ", "{", "}", "nul", "NaN", "Infinity", "'x'", "{'name':1}", "{\"name\":}",
                "{\"name\":\"\\ud800\"}", "{\"name\":\"\\x\"}", "{\"name\":\"a\nb\"}",
                "{\"name\":01}", "{\"name\":1e999}", "{,}", cut, &twice, &bom, &deep, &deep_object,
                "/* */ {}",
            ] {
                let reply = send(&mut admin, (&method, &path), &[JSON], broken.to_owned()).await;
                // What is well formed up to the field at fault is refused for that field.
                let status = reply.status.as_u16();
                assert!(matches!(status, 400 | 422), "{path} {broken:.20}: {status}");
                if status == 422 {
                    assert_eq!(reply.faults().len(), 1, "{path} {broken:.20}: {}", reply.text);
                }
                assert_eq!(reply.json["detail"], json!(null), "a library's words came back");
            }
            for bytes in [&b"\xff\xfe{}"[..], b"{\"name\":\"\xff\"}", b"\0", b"{}\0"] {
                let reply = send(&mut admin, (&method, &path), &[JSON], bytes.to_vec()).await;
                let status = reply.status.as_u16();
                assert!(matches!(status, 400 | 422), "{path} {bytes:?}: {status}");
            }
        }
        expect_the_same(&desk, &before).await;
    }

    async fn json_of_another_shape_names_its_field(desk: Desk) {
        let mut admin = desk.administrator().await;
        let before = desk.dump().await;
        for (body, fault) in [
            (r#"{"name":5,"email":"g@x.example","role":"member"}"#, "name: malformed"),
            (r#"{"name":null,"email":"g@x.example","role":"member"}"#, "name: malformed"),
            (r#"{"name":["a"],"email":"g@x.example","role":"member"}"#, "name: malformed"),
            (r#"{"name":"G","email":{"a":1},"role":"member"}"#, "email: malformed"),
            (r#"{"name":"G","email":"g@x.example","role":"owner"}"#, "role: malformed"),
            (r#"{"name":"G","email":"g@x.example","role":1}"#, "role: malformed"),
            (r#"{"name":"G","email":"g@x.example","okta_login":7,"role":"member"}"#, "okta_login: malformed"),
            (r#"{"name":"G","email":"g@x.example"}"#, "role: required"),
            (r#"{"email":"g@x.example","role":"member"}"#, "name: required"),
            (r#"{"name":"G","name":"H","email":"g@x.example","role":"member"}"#, "name: malformed"),
            (r#"{"name":"G","email":"g@x.example","role":"member","id":"x"}"#, "id: unknown"),
            (r#"{"name":"G","email":"g@x.example","role":"member","Name":"x"}"#, "Name: unknown"),
            (r#"{"name":"G","email":"g@x.example","role":"member","__proto__":{}}"#, "__proto__: unknown"),
        ] {
            let reply = send(&mut admin, (&Method::POST, paths::USERS), &[JSON], body).await;
            assert_eq!(reply.faults(), [fault], "{body}: {}", reply.text);
            reply.expect_status(422);
        }
        let list = r#"["Grace","grace@northwind.example",null,"admin"]"#;
        for body in [list, "[]", "5", "\"x\"", "true", "null"] {
            let reply = send(&mut admin, (&Method::POST, paths::USERS), &[JSON], body).await;
            reply.expect_status(400);
        }
        let long = format!(r#"{{"{}":1}}"#, "f".repeat(50_000));
        let reply = send(&mut admin, (&Method::POST, paths::USERS), &[JSON], long).await;
        let reply = reply.expect_status(422);
        assert!(reply.text.len() < 1000, "{} bytes come back", reply.text.len());
        expect_the_same(&desk, &before).await;
    }

    async fn a_cookie_that_is_none_makes_the_request_anonymous(desk: Desk) {
        let admin = desk.administrator().await;
        let token = admin.cookies["__Host-sso_session"].clone();
        let name = "__Host-sso_session";
        let huge = format!("{name}={}", "x".repeat(100_000));
        for (cookie, holds) in [
            (format!("{name}={token}"), true),
            (format!("a=b;{name}={token};c=d"), true),
            (format!("{name}={token}; {name}={token}"), false),
            (format!("{name}=x; {name}={token}"), false),
            (format!("{name}=\"{token}\""), false),
            (format!("{name}={token}x"), false),
            (format!("{name}={}", &token[1..]), false),
            (format!("{name}={}", token.to_lowercase()), false),
            (format!("{}={token}", name.to_lowercase()), false),
            (format!("sso_session={token}"), false),
            (format!("__Secure-sso_session={token}"), false),
            (format!("$Version=1; ${name}={token}"), false),
            (format!("{name}="), false),
            (name.to_owned(), false),
            (format!("{name}=' or 1=1 --"), false),
            (huge, false),
        ] {
            let request = Request::get(paths::SESSION).header(header::COOKIE, &cookie);
            let request = request.body(Body::empty()).expect("a request");
            let status = desk.browser().send(request).await.status.as_u16();
            assert_eq!(status, if holds { 200 } else { 401 }, "{cookie:.80}");
        }
        let mut split = Request::get(paths::SESSION).body(Body::empty()).expect("a request");
        for value in [format!("{name}={token}"), format!("{name}={token}")] {
            split.headers_mut().append(header::COOKIE, value.parse().expect("a header"));
        }
        desk.browser().send(split).await.expect_status(401);
    }

    async fn a_query_of_sign_ins_that_is_none_finds_nothing(desk: Desk) {
        let mut admin = desk.administrator().await;
        for (query, status) in [
            ("reference=AAAA-AAAA", 200),
            ("reference=%00", 422),
            ("reference=%27%20or%201%3d1", 200),
            ("reference=", 200),
            ("reference=%ff", 200),
            ("reference=123456789012345678901234567890123", 200),
            ("limit=5", 200),
            ("limit=0", 422),
            ("limit=1000000000", 422),
            ("limit=x", 400),
            ("colour=red", 400),
        ] {
            let reply = admin.get(&format!("{}?{query}", paths::SIGN_INS)).await;
            assert_eq!(reply.status, status, "{query}: {}", reply.text);
            if status == 200 {
                assert_eq!(reply.json["attempts"], json!([]), "{query}");
            }
            let page = desk.browser().get(&format!("{}?{query}", paths::REFUSED)).await;
            page.expect_location(paths::SIGN_IN);
        }
    }
}

on_both! {
    /// A name that would show as another is cleaned on entry, by form and by file, and shown with escapes where it exists.
    async fn hidden_characters_in_names_are_cleaned_or_shown_escaped(desk: Desk) {
        let mut admin = desk.administrator().await;
        let form = json!({
            "name": "\u{202e}ssoB\u{200b} \u{feff}", "email": "b@north.example", "okta_login": null, "role": "member",
        });
        let made = admin.post(paths::USERS, &form).await.expect_status(201).json;
        assert_eq!(made["name"], "ssoB");
        let empty = json!({ "name": "\u{200b}\u{2060}", "email": "c@north.example", "role": "member" });
        let reply = admin.post(paths::USERS, &empty).await.expect_status(422);
        assert_eq!(reply.json["errors"][0]["fault"], "required");
        let file = "name,email\nCar\u{200b}ol \u{2066}X\u{2069},carol@north.example\n";
        let looked = crate::users::import::looked_at(&mut admin, file.to_owned()).await;
        crate::users::import::applied(&mut admin, &looked).await;
        let list = admin.get(paths::USERS).await.expect_status(200).json;
        let names: Vec<&str> = list["users"]
            .as_array()
            .expect("users")
            .iter()
            .filter_map(|it| it["name"].as_str())
            .collect();
        assert!(names.contains(&"Carol X"), "{names:?}");

        // One that came before this rule.
        desk.execute("update users set name = 'ss' || 'o\u{202e}B' where email = 'b@north.example'").await;
        let id = made["id"].as_str().expect("an id");
        for path in [paths::USERS.to_owned(), paths::user(id), paths::EXPORT.to_owned()] {
            let reply = admin.get(&path).await.expect_status(200);
            assert!(!reply.text.contains('\u{202e}'), "{path}");
        }
        let shown = admin.get(&paths::user(id)).await.json;
        assert_eq!(shown["user"]["name"], "sso\\u{202e}B");
    }
}
