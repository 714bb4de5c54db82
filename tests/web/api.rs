//! How the console speaks to the server.

use std::{cell::Cell, rc::Rc};

use api::{
    ProblemCode, UserForm,
    users::{UserFilter, UserQuery},
};
use console::{
    api::{self as ask, Trouble},
    problems,
    ui::el::View,
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    desk::{Desk, begin, left_for, tick},
    server::{Reply, Server},
};

fn ada() -> UserForm {
    UserForm {
        name: "Ada".to_owned(),
        email: "ada@northwind.example".to_owned(),
        okta_login: None,
        role: api::Role::Member,
    }
}

#[wasm_bindgen_test]
async fn a_change_carries_the_consoles_header_and_the_version_that_it_is_based_on() {
    let server = Server::answering(|_| Reply::Problem(412, "changed", &[]));
    let answer = ask::save_user("0192", 7, &ada()).await;
    let asked = server.last();
    assert_eq!(asked.line(), "PUT /api/users/0192");
    assert_eq!(asked.header("if-match").as_deref(), Some("\"7\""));
    assert_eq!(asked.header(api::paths::CSRF_HEADER).as_deref(), Some("1"));
    assert_eq!(
        asked.header("content-type").as_deref(),
        Some("application/json")
    );
    assert!(
        asked.body.contains("\"email\":\"ada@northwind.example\""),
        "{}",
        asked.body
    );
    let trouble = answer.expect_err("it was refused");
    assert!(problems::is_stale(&trouble));
}

#[wasm_bindgen_test]
async fn a_question_carries_neither() {
    let server = Server::answering(|_| Reply::Json(r#"{"connections":[]}"#.to_owned()));
    ask::connections().await.expect("an answer");
    let asked = server.last();
    assert_eq!(asked.line(), "GET /api/connections");
    assert_eq!(asked.header(api::paths::CSRF_HEADER), None);
    assert_eq!(asked.header("if-match"), None);
}

#[wasm_bindgen_test]
async fn a_search_goes_into_the_query_and_what_is_empty_stays_out() {
    let server = Server::answering(|_| {
        Reply::Json(r#"{"users":[],"next":null,"found":{"count":0,"or_more":false},"counts":{"all":0,"active":0,"inactive":0,"needs_attention":0,"suspended":0}}"#.to_owned())
    });
    let query = UserQuery {
        filter: UserFilter {
            search: Some("o'neil & co".to_owned()),
            status: Some(api::Status::Inactive),
            ..UserFilter::default()
        },
        limit: Some(10),
        ..UserQuery::default()
    };
    ask::users(&query).await.expect("a page");
    ask::users(&UserQuery::default()).await.expect("a page");
    assert_eq!(
        server.lines(),
        [
            "GET /api/users?search=o%27neil%20%26%20co&status=inactive&limit=10",
            "GET /api/users"
        ]
    );
}

#[wasm_bindgen_test]
async fn a_problem_keeps_its_code_its_reference_and_its_fields() {
    let _server = Server::answering(|_| Reply::Problem(422, "invalid", &[("email", "taken")]));
    let trouble = ask::create_user(&ada()).await.expect_err("it was refused");
    let Trouble::Problem(problem) = &trouble else {
        panic!("{trouble:?}")
    };
    assert_eq!(
        (problem.code, problem.reference.as_str()),
        (ProblemCode::Invalid, "req-4711")
    );
    assert_eq!(
        problems::refused(&trouble),
        [("email".to_owned(), locales::keys::FIELD_TAKEN)]
    );
}

#[wasm_bindgen_test]
async fn no_network_and_a_strange_answer_are_told_apart() {
    {
        let _server = Server::answering(|_| Reply::Offline);
        assert_eq!(
            ask::overview().await.expect_err("no answer"),
            Trouble::Offline
        );
    }
    for reply in [
        || Reply::Page(200, "<p>Sign in to the hotel's network"),
        || Reply::Page(502, "bad gateway"),
    ] {
        let _server = Server::answering(move |_| reply());
        assert_eq!(
            ask::overview().await.expect_err("no answer"),
            Trouble::Unreadable
        );
    }
}

#[wasm_bindgen_test]
async fn an_answer_of_another_shape_is_not_half_read() {
    let whole = r#"{"name":"N","public_url":"u","identity_provider":{"provider":"okta","state":"connected"},"redirect_uri":"r","version":9007199254740991,"later":[1.5,{"x":null}]}"#;
    {
        let _server = Server::answering(move |_| Reply::Json(whole.to_owned()));
        let read = ask::organization()
            .await
            .expect("a field from a later version does no harm");
        assert_eq!(read.version, 9_007_199_254_740_991);
        assert!(read.identity_provider.is_some());
    }
    for (from, to) in [
        (r#""version":9007199254740991"#, r#""version":1.5"#),
        (r#""version":9007199254740991"#, r#""version":"1""#),
        (
            r#""version":9007199254740991"#,
            r#""version":9007199254740993"#,
        ),
        (r#""name":"N""#, r#""name":null"#),
        (r#""name":"N","#, ""),
        (r#""okta""#, r#""ldap""#),
        (
            r#"{"provider":"okta","state":"connected"}"#,
            r#"["okta","connected"]"#,
        ),
        ("]}", "]"),
    ] {
        let other = whole.replacen(from, to, 1);
        let _server = Server::answering(move |_| Reply::Json(other.clone()));
        assert_eq!(
            ask::organization().await.expect_err(to),
            Trouble::Unreadable,
            "{to}"
        );
    }
}

#[wasm_bindgen_test]
async fn an_ended_session_leads_to_the_sign_in_page_and_back_here() {
    let _desk = Desk::with(|| View::Nothing);
    let _server = Server::answering(|_| Reply::Problem(401, "signed_out", &[]));
    let answered = Rc::new(Cell::new(false));
    let seen = Rc::clone(&answered);
    begin(async move {
        let _ = ask::overview().await;
        seen.set(true);
    });
    for _ in 0..200 {
        if !left_for().is_empty() {
            break;
        }
        tick().await;
    }
    let here = window().location().pathname().expect("a path");
    let search = window().location().search().expect("a query");
    let back = js_sys::encode_uri_component(&format!("{here}{search}"));
    assert_eq!(left_for(), [format!("/sign-in?return_to={back}")]);
    tick().await;
    assert!(
        !answered.get(),
        "the page waits for the other one, and shows nothing in between"
    );
}

#[wasm_bindgen_test]
async fn signing_out_leads_where_the_server_says() {
    let _server = Server::answering(|asked| {
        assert_eq!(asked.line(), "POST /auth/sign-out");
        assert_eq!(asked.header(api::paths::CSRF_HEADER).as_deref(), Some("1"));
        Reply::Json(r#"{"location":"https://northwind.okta.com/oauth2/v1/logout"}"#.to_owned())
    });
    assert_eq!(
        ask::sign_out().await.expect("out"),
        "https://northwind.okta.com/oauth2/v1/logout"
    );
    let _server = Server::answering(|_| Reply::Problem(401, "signed_out", &[]));
    assert_eq!(ask::sign_out().await.expect("out"), api::paths::SIGNED_OUT);
}

#[wasm_bindgen_test]
async fn a_request_that_nobody_waits_for_is_given_up_in_the_browser_too() {
    let server = Server::answering(|_| Reply::Never);
    let mut desk = Desk::with(console::pages::organization::organization);
    desk.until("asked", |_| !server.log().is_empty()).await;
    assert!(!server.last().is_given_up());
    desk.leave();
    desk.until("given up", |_| server.last().is_given_up())
        .await;
}
