//! What another site's page can make a browser send changes nothing here.

use api::paths;
use axum::http::{HeaderValue, Method};
use server::routes;

use super::{Call, everybody, victim};
use crate::{desk::PUBLIC_URL, on_both};

/// Headers of requests that did not come from the console; all but the last few have its own
/// header, which a page cannot add without asking.
const FOREIGN: [&[(&str, &str)]; 13] = [
    &[(paths::CSRF_HEADER, "1")],
    &[
        (paths::CSRF_HEADER, "1"),
        ("origin", "https://evil.example"),
    ],
    &[(paths::CSRF_HEADER, "1"), ("origin", "null")],
    &[
        (paths::CSRF_HEADER, "1"),
        ("origin", "http://localhost:8081"),
    ],
    &[
        (paths::CSRF_HEADER, "1"),
        ("origin", "https://localhost:8080"),
    ],
    &[
        (paths::CSRF_HEADER, "1"),
        ("origin", "http://localhost:8080.evil.example"),
    ],
    &[
        (paths::CSRF_HEADER, "1"),
        ("origin", PUBLIC_URL),
        ("sec-fetch-site", "cross-site"),
    ],
    &[
        (paths::CSRF_HEADER, "1"),
        ("origin", PUBLIC_URL),
        ("sec-fetch-site", "same-site"),
    ],
    &[
        (paths::CSRF_HEADER, "1"),
        ("origin", PUBLIC_URL),
        ("sec-fetch-site", "none"),
    ],
    &[(paths::CSRF_HEADER, "1"), ("sec-fetch-site", "cross-site")],
    &[
        (paths::CSRF_HEADER, "1"),
        ("referer", "http://localhost:8080/users"),
    ],
    &[("origin", PUBLIC_URL), ("sec-fetch-site", "same-origin")],
    &[],
];

on_both! {
    async fn a_change_that_another_site_sends_is_refused_and_changes_nothing(desk: Desk) {
        let mut all = everybody(&desk).await;
        for (number, route) in routes::table().iter().enumerate() {
            if route.method == Method::GET {
                continue;
            }
            let id = victim(&mut all.admin, number).await;
            let call = Call::new(route, &id, &format!("new{number}@northwind.example"));
            let before = desk.dump().await;
            for headers in FOREIGN {
                for browser in [&mut all.admin, &mut all.member, &mut all.anonymous] {
                    let mut request = call.without_origin();
                    for (name, value) in headers {
                        let value = HeaderValue::from_static(value);
                        request.headers_mut().insert(*name, value);
                    }
                    let reply = browser.send(request).await;
                    let name = format!("{} {} with {headers:?}", route.method, route.path);
                    assert_eq!(reply.status, 403, "{name}: {}", reply.text);
                    assert_eq!(reply.code(), "cross_site", "{name}");
                }
            }
            let after = desk.dump().await;
            assert!(before == after, "{} changed {:?}", route.path, after.differs_from(&before));
        }
    }

    async fn a_browser_that_says_only_one_of_both_is_believed(desk: Desk) {
        let mut all = everybody(&desk).await;
        for (number, headers) in [
            &[(paths::CSRF_HEADER, "1"), ("origin", PUBLIC_URL)][..],
            &[(paths::CSRF_HEADER, "1"), ("sec-fetch-site", "same-origin")],
        ]
        .into_iter()
        .enumerate()
        {
            let id = victim(&mut all.admin, number).await;
            let mut call = Call::new(&routes::table()[0], &id, "x@northwind.example");
            call.method = Method::DELETE;
            call.path = paths::user(&id);
            let mut request = call.without_origin();
            for (name, value) in headers {
                request.headers_mut().insert(*name, HeaderValue::from_static(value));
            }
            all.admin.send(request).await.expect_status(204);
        }
    }

    async fn no_answer_lets_another_origin_read_it(desk: Desk) {
        let mut all = everybody(&desk).await;
        for route in routes::table() {
            for method in [Method::OPTIONS, route.method.clone()] {
                let mut call = Call::new(&route, "x", "x@northwind.example");
                call.method = method;
                let mut request = call.without_origin();
                let headers = request.headers_mut();
                headers.insert("origin", HeaderValue::from_static("https://evil.example"));
                headers.insert("access-control-request-method", HeaderValue::from_static("POST"));
                let reply = all.admin.send(request).await;
                for name in reply.headers.keys() {
                    assert!(!name.as_str().starts_with("access-control-"), "{}: {name}", route.path);
                }
            }
        }
    }
}
