//! The sign-in page: a person is chosen once, and remembered until they sign out.

use crate::rp::{CALLBACK, GRACE, Rp, answer, form_request, query};

#[tokio::test]
async fn a_browser_chooses_a_person_once_and_is_remembered() {
    let rp = Rp::start().await;
    let url = rp.authorize_url("/oauth2/v1", &[("login_hint", GRACE)]);
    let page = answer(rp.http.get(&url)).await;
    assert_eq!(page.status, 200);
    let (ada, grace) = (
        page.text
            .find("<span class=\"who\">Ada Lovelace")
            .expect("Ada"),
        page.text
            .find("<span class=\"who\">Grace Hopper")
            .expect("Grace"),
    );
    assert!(grace < ada, "the hint comes first");
    assert!(!page.header("content-security-policy").contains("unsafe"));
    let ticket = page
        .text
        .split("name=\"ticket\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a ticket");
    let wrong = answer(form_request(
        &rp.http,
        &rp.url("/signin"),
        &[("ticket", ticket), ("login", "nobody@northwind.example")],
    ))
    .await;
    assert!(wrong.status == 401 && wrong.text.contains("Unable to sign in"));
    let chosen = answer(form_request(
        &rp.http,
        &rp.url("/signin"),
        &[("ticket", ticket), ("login", GRACE)],
    ))
    .await;
    assert!(
        chosen.status == 302 && chosen.location().starts_with(&format!("{CALLBACK}?code=")),
        "{}",
        chosen.location()
    );
    let cookie = chosen
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a cookie")
        .to_owned();
    assert!(
        chosen
            .header("set-cookie")
            .contains("HttpOnly; SameSite=Lax")
    );
    let again = answer(form_request(
        &rp.http,
        &rp.url("/signin"),
        &[("ticket", ticket), ("login", GRACE)],
    ))
    .await;
    assert_eq!(again.status, 400, "a ticket is good for one sign-in");

    let second = answer(rp.http.get(&url).header("cookie", &cookie)).await;
    assert!(
        second.location().contains("code="),
        "the second time nobody is asked"
    );
    let login = answer(
        rp.http
            .get(rp.authorize_url("/oauth2/v1", &[("prompt", "login")]))
            .header("cookie", &cookie),
    )
    .await;
    assert_eq!(login.status, 200, "prompt=login asks");
    let old = answer(
        rp.http
            .get(rp.authorize_url("/oauth2/v1", &[("max_age", "60")]))
            .header("cookie", &cookie),
    )
    .await;
    assert_eq!(old.status, 302);
    rp.okta.advance_clock(std::time::Duration::from_secs(61));
    let old = answer(
        rp.http
            .get(rp.authorize_url("/oauth2/v1", &[("max_age", "60")]))
            .header("cookie", &cookie),
    )
    .await;
    assert_eq!(old.status, 200, "a session older than max_age asks");
    let out = answer(
        rp.http
            .get(rp.url("/login/signout"))
            .header("cookie", &cookie),
    )
    .await;
    assert_eq!(out.status, 302);
    assert_eq!(
        answer(rp.http.get(&url).header("cookie", &cookie))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn prompt_none_without_a_session_is_login_required() {
    let rp = Rp::start().await;
    let silent = answer(
        rp.http
            .get(rp.authorize_url("/oauth2/v1", &[("prompt", "none")])),
    )
    .await;
    let query = query(silent.location());
    assert_eq!(query["error"], "login_required");
    assert_eq!(
        query["error_description"],
        "The client specified not to prompt, but the user is not logged in."
    );
}
