//! Signing out at the provider.

use crate::rp::{ADA, GRACE, Rp, answer, form_request};

async fn signed_in(rp: &Rp, login: &str) -> String {
    let page = answer(rp.http.get(rp.authorize_url("/oauth2/v1", &[]))).await;
    let ticket = page
        .text
        .split("name=\"ticket\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a ticket");
    let chosen = answer(form_request(
        &rp.http,
        &rp.url("/signin"),
        &[("ticket", ticket), ("login", login)],
    ))
    .await;
    chosen
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a cookie")
        .to_owned()
}

#[tokio::test]
async fn a_sign_out_ends_the_session_and_returns_to_a_registered_address() {
    let rp = Rp::start().await;
    let cookie = signed_in(&rp, ADA).await;
    let hint = rp.tokens("/oauth2/v1", &[]).await["id_token"]
        .as_str()
        .expect("an ID token")
        .to_owned();
    // Keys may be gone and the token expired: it is still a hint.
    rp.okta.rotate_keys();
    let url = |more: &str| rp.url(&format!("/oauth2/v1/logout?id_token_hint={hint}{more}"));
    let wrong = answer(
        rp.http
            .get(url("&post_logout_redirect_uri=http://127.0.0.1:9/bye/")),
    )
    .await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text.contains("The &#39;post_logout_redirect_uri&#39; parameter must be a Logout redirect URI in the client app settings: "));
    let back = answer(
        rp.http
            .get(url(
                "&post_logout_redirect_uri=http://127.0.0.1:9/bye&state=a+b",
            ))
            .header("cookie", &cookie),
    )
    .await;
    assert_eq!(
        (back.status, back.location()),
        (302, "http://127.0.0.1:9/bye?state=a+b")
    );
    let asked = answer(
        rp.http
            .get(rp.authorize_url("/oauth2/v1", &[]))
            .header("cookie", &cookie),
    )
    .await;
    assert_eq!(asked.status, 200, "the session is over");
    let nowhere = answer(rp.http.get(url(""))).await;
    assert!(nowhere.location().ends_with("/login/login.htm"));
    assert!(
        rp.get("/login/login.htm")
            .await
            .text
            .contains("<h1>Signed out</h1>")
    );
}

#[tokio::test]
async fn a_sign_out_needs_a_hint_that_fits() {
    let rp = Rp::start().await;
    for hint in ["", "id_token_hint=a.b.c"] {
        assert_eq!(
            rp.get(&format!("/oauth2/v1/logout?{hint}")).await.status,
            400
        );
    }
    let cookie = signed_in(&rp, GRACE).await;
    let hint = rp.tokens("/oauth2/v1", &[]).await["id_token"]
        .as_str()
        .expect("an ID token")
        .to_owned();
    let mismatch = answer(
        rp.http
            .get(rp.url(&format!("/oauth2/v1/logout?id_token_hint={hint}")))
            .header("cookie", &cookie),
    )
    .await;
    assert_eq!(mismatch.status, 400);
    assert!(
        mismatch
            .text
            .contains("The ID token subject does not match the current session&#39;s user.")
    );
}
