//! Each mistake changes what a relying party meets, and is gone when it is taken back.

pub(crate) mod view;

use okta_simulator::{Claim, Fault, Field, Mistake, NewApp};

use crate::rp::{ADA, Answer, CALLBACK, GRACE, Rp, answer, basic, form_request};
use view::{NATIVE_CALLBACK, View};

/// The relying party of every other test, with a native app beside the web app and claims on the custom server.
pub(crate) async fn rehearsal() -> (Rp, String) {
    let rp = Rp::start().await;
    for (name, value) in [("upn", "user.email"), ("uid", "user.id")] {
        rp.okta.add_claim("default", Claim::id_token(name, value));
    }
    let native = NewApp::named("Native").sign_in_redirect(NATIVE_CALLBACK);
    let native = rp.okta.create_native_app(native.everyone());
    (rp, native)
}

#[tokio::test]
async fn every_mistake_shows_while_it_is_on_and_only_then() {
    let (rp, native) = rehearsal().await;
    let honest = View::of(&rp, &native).await;
    for mistake in Mistake::ALL {
        if !mistake.is_played_by_okta() {
            continue;
        }
        rp.okta.play(*mistake);
        if *mistake == Mistake::O06 {
            rp.okta.set_fault(Fault::Slow(1));
        }
        let seen = View::of(&rp, &native).await;
        rp.okta.undo(*mistake);
        if !mistake.is_pasted() && *mistake != Mistake::O06 {
            assert_ne!(honest, seen, "{} changes nothing", mistake.id());
        }
        let after = View::of(&rp, &native).await;
        honest.assert_same(&after, mistake.id());
    }
    assert!(rp.okta.played().is_empty());
}

#[tokio::test]
async fn all_mistakes_together_are_taken_back_at_once() {
    let (rp, native) = rehearsal().await;
    let honest = View::of(&rp, &native).await;
    for mistake in Mistake::ALL {
        rp.okta.play(*mistake);
    }
    assert_eq!(rp.okta.played(), Mistake::ALL);
    rp.okta.undo_all();
    honest.assert_same(&View::of(&rp, &native).await, "everything");
}

/// What the address of an issuer leads to, taken literally: status and issuer.
async fn literally(rp: &Rp, issuer: &str) -> (u16, String) {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let path = path.split('?').next().unwrap_or_default();
    let request = rp
        .http
        .get(rp.url(&format!("{path}/.well-known/openid-configuration")))
        .header("host", host);
    let Answer { status, text, .. } = answer(request).await;
    let issuer = serde_json::from_str(&text)
        .ok()
        .and_then(|body: serde_json::Value| Some(body["issuer"].as_str()?.to_owned()));
    (status, issuer.unwrap_or_default())
}

#[tokio::test]
async fn what_is_pasted_leads_astray() {
    let (rp, _) = rehearsal().await;
    // These work, taken literally: what is wrong with them shows only later.
    let lead_on = [
        Mistake::A05,
        Mistake::A08,
        Mistake::A07,
        Mistake::A09,
        Mistake::A10,
        Mistake::A11,
        Mistake::A15,
        Mistake::O08,
    ];
    for mistake in Mistake::ALL {
        if !mistake.is_pasted() {
            continue;
        }
        rp.okta.play(*mistake);
        let pastes = rp.okta.pastes(*mistake);
        assert!(!pastes.is_empty(), "{}", mistake.id());
        let text = |field| {
            let paste = pastes.iter().find(|paste| paste.field == field);
            paste.map(|paste| paste.text.clone())
        };
        if let Some(issuer) = text(Field::Issuer) {
            let (status, named) = literally(&rp, &issuer).await;
            let works = status == 200 && named == issuer;
            assert_eq!(
                works,
                lead_on.contains(mistake),
                "{}: {status} {named}",
                mistake.id()
            );
        } else {
            let id = text(Field::ClientId).unwrap_or_else(|| rp.client_id.clone());
            let secret = text(Field::ClientSecret).unwrap_or_else(|| rp.secret.clone());
            let request = form_request(
                &rp.http,
                &rp.url("/oauth2/v1/token"),
                &[
                    ("grant_type", "authorization_code"),
                    ("code", "made-up"),
                    ("redirect_uri", CALLBACK),
                ],
            );
            let refused = answer(request.header("authorization", basic(&id, &secret))).await;
            let expected = if *mistake == Mistake::B04 { 400 } else { 401 };
            assert_eq!(refused.status, expected, "{}", mistake.id());
        }
        rp.okta.undo(*mistake);
    }
}

#[tokio::test]
async fn hosts_tell_the_organizations_apart() {
    let (rp, _) = rehearsal().await;
    let port = rp.okta.address().port();
    let own = rp.okta.org_id();
    let id_at = async |host: &str| {
        let request = rp
            .http
            .get(rp.url("/.well-known/okta-organization"))
            .header("host", format!("{host}:{port}"));
        answer(request).await.json()["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    for host in [
        "127.0.0.1",
        "northwind.okta.localhost",
        "northwind-admin.okta.localhost",
        "dev-northwind.okta.localhost",
        "login.northwind.localhost",
    ] {
        assert_eq!(id_at(host).await, own, "{host}");
    }
    for host in [
        "nortwhind.okta.localhost",
        "northwind.okta-emea.localhost",
        "northwind.oktapreview.localhost",
    ] {
        assert_eq!(id_at(host).await, "00oplaODtXoEq1eQo0g3", "{host}");
    }

    rp.okta.play(Mistake::A15);
    let custom = format!("http://login.northwind.localhost:{port}");
    let (status, named) = literally(&rp, &custom).await;
    assert_eq!(
        (status, named),
        (200, custom.clone()),
        "without a client the org server follows the host"
    );
    let request = rp
        .http
        .get(rp.url(&format!(
            "/.well-known/openid-configuration?client_id={}",
            rp.client_id
        )))
        .header("host", format!("login.northwind.localhost:{port}"));
    let document = answer(request).await.json();
    let okta = format!("http://northwind.okta.localhost:{port}");
    assert_eq!(document["issuer"], okta);
    assert_eq!(
        document["token_endpoint"],
        format!("{okta}/oauth2/v1/token")
    );
}

#[tokio::test]
async fn mistakes_are_switched_by_http() {
    let (rp, _) = rehearsal().await;
    let list = rp.get("/practice/api/mistakes").await.json();
    let list = list["mistakes"].as_array().expect("a list");
    assert_eq!(list.len(), Mistake::ALL.len());
    let first = &list[0];
    assert_eq!(first["id"], "a01");
    assert_eq!(first["on"], false);
    let pasted = format!(
        "http://northwind-admin.okta.localhost:{}",
        rp.okta.address().port()
    );
    assert_eq!(first["pastes"][0]["text"], pasted);
    let switch = async |path: &str, params: &[(&str, &str)]| {
        answer(form_request(&rp.http, &rp.url(path), params)).await
    };
    let on = switch("/practice/api/mistakes/b13", &[("on", "true")]).await;
    assert_eq!((on.status, &on.json()["on"]), (200, &true.into()));
    assert_eq!(rp.okta.played(), [Mistake::B13]);
    switch("/practice/api/mistakes/c12", &[("on", "true")]).await;
    switch("/practice/api/mistakes/b13", &[("on", "false")]).await;
    assert_eq!(rp.okta.played(), [Mistake::C12]);
    assert_eq!(
        switch("/practice/api/mistakes", &[]).await.json()["on"],
        serde_json::json!([])
    );
    assert!(rp.okta.played().is_empty());
    assert_eq!(
        switch("/practice/api/mistakes/z99", &[("on", "true")])
            .await
            .status,
        404
    );
    assert_eq!(
        switch("/practice/api/mistakes/b13", &[("on", "maybe")])
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn the_page_switches_mistakes_and_shows_what_to_paste() {
    let (rp, _) = rehearsal().await;
    let page = rp.get("/practice/mistakes").await;
    assert_eq!(page.status, 200);
    for mistake in Mistake::ALL {
        assert!(
            page.text
                .contains(&format!("<code>{}</code>", mistake.id()))
        );
    }
    let (to, shown) = crate::admin::send(&rp, "/practice/mistakes", &[("on", "e02")]).await;
    assert!(to.starts_with("/practice/mistakes?done=played"));
    assert!(shown.text.contains("The mistake is made.") && shown.text.contains("Made now"));
    assert_eq!(rp.okta.played(), [Mistake::E02]);
    for login in [ADA, GRACE] {
        let back = rp
            .okta
            .authorize(&rp.authorize_url("/oauth2/v1", &[]), login);
        assert!(back.expect("a way back").contains("access_denied"));
    }
    crate::admin::send(&rp, "/practice/mistakes", &[("off", "e02")]).await;
    assert!(rp.okta.played().is_empty());
    crate::admin::send(&rp, "/practice/mistakes", &[("on", "e02")]).await;
    crate::admin::send(&rp, "/practice/mistakes", &[("off", "all")]).await;
    assert!(rp.okta.played().is_empty());
}
