//! Other spellings of a path never open more than the path itself.

use api::paths;
use axum::{body::Body, http::Request};
use server::{access::Permission, routes};

use super::{everybody, victim};
use crate::on_both;

/// Other spellings of `/api/name`.
fn spellings(path: &str) -> Vec<String> {
    let rest = path.strip_prefix("/api").expect("a path of the API");
    let inner = rest.trim_start_matches('/');
    let first = inner.chars().next().expect("a name");
    vec![
        format!("//api{rest}"),
        format!("/api/{rest}"),
        format!("{path}/"),
        format!("{path}//"),
        format!("/./api{rest}"),
        format!("/x/../api{rest}"),
        format!("/%2e/api{rest}"),
        format!("/x/%2e%2e/api{rest}"),
        format!("/api/./{inner}"),
        format!("/api/x/../{inner}"),
        format!("/api%2f{inner}"),
        format!("/%61pi{rest}"),
        format!("/API{rest}"),
        format!("/api/{}", inner.to_uppercase()),
        format!("/api/%{:02x}{}", u32::from(first), &inner[1..]),
        format!("{path};x=y"),
        format!("{path}%00"),
        format!("{path}%20"),
        format!("{path}.json"),
        format!("/me{path}"),
        format!("/sign-in/..{path}"),
        format!("/locales/en/../..{path}"),
    ]
}

on_both! {
    async fn no_spelling_of_a_path_gives_more_than_the_path(desk: Desk) {
        let mut all = everybody(&desk).await;
        let id = victim(&mut all.admin, 0).await;
        let guarded = routes::table().into_iter().filter(|it| it.permission != Permission::Public);
        let mut paths: Vec<String> = guarded
            .map(|route| route.path.replace("{provider}", "okta").replace("{id}", &id))
            .collect();
        paths.sort();
        paths.dedup();
        let before = desk.dump().await;
        for path in paths {
            for spelling in spellings(&path) {
                for browser in [&mut all.anonymous, &mut all.suspended, &mut all.member] {
                    let Ok(request) = Request::get(&spelling).body(Body::empty()) else {
                        continue;
                    };
                    let reply = browser.send(request).await;
                    assert!(!reply.status.is_success(), "{spelling}: {}", reply.text);
                    assert!(reply.status.as_u16() < 500, "{spelling}: {}", reply.status);
                    assert!(!reply.text.contains("victim0@"), "{spelling}");
                }
            }
        }
        assert!(before == desk.dump().await);
    }

    async fn even_an_administrator_gets_data_by_the_one_spelling_only(desk: Desk) {
        let mut all = everybody(&desk).await;
        for spelling in spellings(paths::USERS) {
            let Ok(request) = Request::get(&spelling).body(Body::empty()) else { continue };
            let reply = all.admin.send(request).await;
            assert!(reply.json["users"].is_null(), "{spelling}");
        }
    }
}
