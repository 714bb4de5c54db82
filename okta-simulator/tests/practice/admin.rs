//! The admin pages, used as a browser without script uses them.

use okta_simulator::Fault;

use crate::rp::{ADA, Answer, GRACE, Rp, answer, form_request};

/// Sends a form and follows to the page that shows the result.
pub(crate) async fn send(rp: &Rp, path: &str, params: &[(&str, &str)]) -> (String, Answer) {
    let sent = answer(form_request(&rp.http, &rp.url(path), params)).await;
    assert_eq!(sent.status, 303, "{path}: {}", sent.text);
    let to = sent.location().to_owned();
    let shown = rp.get(&to).await;
    assert_eq!(shown.status, 200, "{to}");
    (to, shown)
}

/// The value of the read-only field with this label.
pub(crate) fn field(page: &str, label: &str) -> String {
    let after = page.split(&format!(">{label}</label>")).nth(1);
    let value = after.and_then(|rest| rest.split("value=\"").nth(1));
    let value = value.and_then(|rest| rest.split('"').next());
    value
        .unwrap_or_else(|| panic!("no field {label}"))
        .to_owned()
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_said_at_its_field_and_nothing_is_kept() {
    let rp = Rp::start().await;
    let before = rp.okta.apps().len();
    let form = [
        ("type", "web"),
        ("name", " "),
        ("sign_in", "app.example/callback"),
        ("sign_out", "https://app.example/#x"),
    ];
    let shown = answer(form_request(&rp.http, &rp.url("/practice/apps"), &form)).await;
    assert_eq!(shown.status, 422);
    for error in [
        "Enter a name.",
        "app.example/callback is not an absolute address",
        "https://app.example/#x has a fragment",
    ] {
        assert!(shown.text.contains(error), "{error}");
    }
    assert!(
        shown
            .text
            .contains("aria-describedby=\"name-error\" aria-invalid=\"true\"")
    );
    assert_eq!(rp.okta.apps().len(), before);
    let claim = [("name", "sub"), ("value", "")];
    let shown = answer(form_request(
        &rp.http,
        &rp.url("/practice/authorization-servers/default/claims"),
        &claim,
    ))
    .await;
    assert!(shown.status == 422 && shown.text.contains("Okta keeps this name for itself."));
    let person = [
        ("first_name", "Ada"),
        ("last_name", "Twin"),
        ("login", ADA),
        ("email", "nothing"),
    ];
    let shown = answer(form_request(&rp.http, &rp.url("/practice/people"), &person)).await;
    assert!(
        shown.text.contains("Somebody has this username already.")
            && shown.text.contains("Enter an address with an @.")
    );
}

#[tokio::test]
async fn people_are_added_changed_and_deactivated() {
    let rp = Rp::start().await;
    let person = [
        ("first_name", "Zoë"),
        ("last_name", "<b>Bold</b>"),
        ("login", "zb@northwind.example"),
        ("email", "zb@northwind.example"),
    ];
    let (at, page) = send(&rp, "/practice/people", &person).await;
    assert!(page.text.contains("<h1>Zoë &lt;b&gt;Bold&lt;/b&gt;</h1>"));
    let path = at.split('?').next().expect("a path").to_owned();
    let id = rp.okta.person("zb@northwind.example").id;
    let changed = [
        ("first_name", "Zoë"),
        ("last_name", "Bold"),
        ("login", "zb@northwind.example"),
        ("email", "zoe.bold@northwind.example"),
    ];
    send(&rp, &path, &changed).await;
    let kept = rp.okta.person("zb@northwind.example");
    assert_eq!(
        (kept.id, kept.email.as_str(), kept.email_verified),
        (id, "zoe.bold@northwind.example", false)
    );
    let (_, page) = send(&rp, &format!("{path}/status"), &[]).await;
    assert!(page.text.contains("</span> Inactive"));
    assert!(!rp.okta.person("zb@northwind.example").active);
}

#[tokio::test]
async fn an_app_s_settings_secrets_and_assignments_are_changed() {
    let rp = Rp::start().await;
    let path = format!("/practice/apps/{}", rp.client_id);
    let form = [
        ("name", "Renamed"),
        ("grant", "authorization_code"),
        ("sign_in", "http://a.example/1\r\nhttp://a.example/2"),
        ("sign_out", ""),
        ("pkce", "yes"),
        ("rotation", "every_use"),
        ("grace", "99"),
    ];
    send(&rp, &path, &form).await;
    let app = rp.okta.apps().remove(0);
    assert_eq!(
        app.sign_in_redirect_uris,
        ["http://a.example/1", "http://a.example/2"]
    );
    assert!(app.pkce_required && !app.refresh_token && app.authorization_code);
    assert_eq!(
        app.rotation,
        okta_simulator::Rotation::EveryUse { grace: 60 }
    );
    let secrets = format!("{path}/secrets");
    let (_, page) = send(&rp, &secrets, &[("generate", "yes")]).await;
    assert_ne!(
        field(&page.text, "Client Secret"),
        field(&page.text, "Client Secret 2")
    );
    send(&rp, &secrets, &[("deactivate", "0")]).await;
    let (_, page) = send(&rp, &secrets, &[("delete", "0")]).await;
    assert_ne!(field(&page.text, "Client Secret"), rp.secret);
    let assignments = format!("{path}/assignments");
    send(&rp, &assignments, &[("everyone", "yes")]).await;
    send(&rp, &assignments, &[("remove", &rp.okta.person(GRACE).id)]).await;
    let app = rp.okta.apps().remove(0);
    let okta_simulator::Assignment::Only(people) = app.assignment else {
        panic!("no longer everyone")
    };
    assert_eq!(people.len(), 39);
    send(&rp, &format!("{path}/status"), &[]).await;
    assert!(!rp.okta.apps()[0].active);
}

#[tokio::test]
async fn faults_keys_and_clock_are_switched_here_too() {
    let rp = Rp::start().await;
    let page = rp.get("/practice/faults").await.text;
    for fault in Fault::ALL {
        assert!(
            page.contains(fault.title()) && page.contains(&format!("<code>{}</code>", fault.id())),
            "{}",
            fault.id()
        );
    }
    send(
        &rp,
        "/practice/faults",
        &[
            ("fault", "wrong_nonce"),
            ("fault", "clock_skew"),
            ("clock_skew-amount", "-42"),
        ],
    )
    .await;
    assert_eq!(rp.okta.faults(), [Fault::WrongNonce, Fault::ClockSkew(-42)]);
    send(&rp, "/practice/faults/clear", &[]).await;
    assert!(rp.okta.faults().is_empty());
    let keys = rp.get("/oauth2/v1/keys").await.text;
    send(&rp, "/practice/keys", &[("how", "now")]).await;
    assert_ne!(rp.get("/oauth2/v1/keys").await.text, keys);
    let before = rp.okta.now();
    send(&rp, "/practice/clock", &[("seconds", "300")]).await;
    assert_eq!(rp.okta.now(), before + 300_000);
    rp.okta.set_fault(Fault::Down);
    assert_eq!(rp.get("/oauth2/v1/keys").await.status, 503);
    assert_eq!(
        rp.get("/practice").await.status,
        200,
        "the admin page stays, to switch it off again"
    );
}

#[tokio::test]
async fn every_page_has_a_title_a_heading_and_a_strict_policy() {
    let rp = Rp::start().await;
    let app = format!("/practice/apps/{}", rp.client_id);
    let person = format!("/practice/people/{}", rp.okta.person(ADA).id);
    let server = "/practice/authorization-servers/default";
    let pages = [
        "/practice",
        "/practice/apps",
        "/practice/apps/new",
        "/practice/apps/new?type=native",
        &app,
        &format!("{app}/assignments"),
        "/practice/people",
        &person,
        "/practice/authorization-servers",
        server,
        &format!("{server}/scopes"),
        &format!("{server}/claims"),
        &format!("{server}/access-policies"),
        "/practice/mistakes",
        "/practice/reading-room?mistake=b17",
        "/practice/faults",
        "/practice/requests",
        "/login/login.htm",
        "/nowhere",
    ];
    for path in pages {
        let page = rp.get(path).await;
        assert_eq!(
            page.status,
            if path == "/nowhere" { 404 } else { 200 },
            "{path}"
        );
        assert_eq!(page.text.matches("<h1>").count(), 1, "{path}");
        assert!(page.text.contains("<html lang=\"en\">"), "{path}");
        assert!(
            !page.text.contains(" style=")
                && !page.text.contains("<style")
                && !page.text.contains("<script"),
            "{path}"
        );
        assert!(
            page.header("content-security-policy")
                .starts_with("default-src 'none'; style-src 'self'"),
            "{path}"
        );
    }
    assert!(
        rp.get("/practice/assets/practice.css")
            .await
            .header("content-type")
            .starts_with("text/css")
    );
    for gone in [
        "/practice/apps/0oaNobody",
        "/practice/people/00uNobody",
        "/practice/authorization-servers/ausNobody/claims",
    ] {
        assert_eq!(rp.get(gone).await.status, 404, "{gone}");
    }
    let link = rp
        .get(&format!("/admin/app/oidc_client/instance/{}", rp.client_id))
        .await;
    assert_eq!(
        link.location(),
        app,
        "the link in Okta's 400 page leads somewhere"
    );
    assert!(
        rp.okta
            .requests()
            .iter()
            .all(|seen| !seen.path.starts_with("/practice")),
        "the admin pages are not in the log"
    );
}

#[tokio::test]
async fn another_site_cannot_press_a_button_here() {
    let rp = Rp::start().await;
    let request = form_request(&rp.http, &rp.url("/practice/faults"), &[("fault", "down")])
        .header("sec-fetch-site", "cross-site");
    assert_eq!(answer(request).await.status, 403);
    assert!(rp.okta.faults().is_empty());
}
