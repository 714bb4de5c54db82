//! A long story of one deployment, with everything in it that is secret.

mod members;

use api::{Provider, paths};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};

use super::needle::Needle;
use crate::desk::{ADMIN, Browser, Desk, PASSWORD, PUBLIC_URL, callback_url, version_of};

/// Everything that the story has at least one of.
pub(super) const KINDS: [&str; 9] = [
    "a set-up token",
    "a client secret",
    "a password",
    "a session token",
    "a browser token",
    "an authorization code",
    "a verifier",
    "a nonce",
    "an ID token",
];

const WRONG_PASSWORD: &str = "wr0ng-canary-of-a-password";
const WRONG_SECRET: &str = "a-mistyped-canary-secret-of-40-characters";

/// Tells it; what must be found nowhere.
pub(super) async fn tell(desk: &Desk) -> Vec<Needle> {
    let mut needles = vec![
        Needle::new("a set-up token", &desk.set_up_token()),
        Needle::new("a password", PASSWORD),
        Needle::new("a password", WRONG_PASSWORD),
        Needle::new("a client secret", WRONG_SECRET),
    ];
    set_up(desk).await;
    let mut admin = desk.administrator().await;
    let google = connect_google(desk, &mut admin).await;
    needles.push(Needle::new("a client secret", &google));
    let okta = connect(desk, &mut admin, &mut needles).await;
    needles.push(Needle::new("a client secret", &okta));
    members::come(desk, &mut admin, &mut needles).await;
    edits(desk, &mut admin).await;
    passwords(desk).await;
    read_everything(&mut admin).await;
    cookies(&admin, &mut needles);
    let leaving = admin.form(paths::AUTH_SIGN_OUT, &[]).await;
    leaving.location();
    faults(desk).await;
    needles
}

fn cookies(browser: &Browser, needles: &mut Vec<Needle>) {
    for (name, value) in &browser.cookies {
        let what = match name.as_str() {
            "__Host-sso_session" => "a session token",
            "__Host-sso_browser" => "a browser token",
            _ => continue,
        };
        needles.push(Needle::new(what, value).in_cookies());
    }
}

/// The value of a parameter in an address.
fn parameter(address: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

async fn set_up(desk: &Desk) {
    let mut browser = desk.browser();
    for (token, password) in [("wrong-token", PASSWORD), (&desk.set_up_token(), "short")] {
        let form = json!({
            "token": token, "organization": "Northwind", "name": "Ada", "email": ADMIN,
            "password": password,
        });
        let status = browser.post(paths::SET_UP, &form).await.status.as_u16();
        assert!(matches!(status, 403 | 422), "{status}");
    }
}

async fn connect_google(desk: &Desk, admin: &mut Browser) -> String {
    desk.person("Ada", "Lovelace", ADMIN);
    let app = okta_simulator::NewApp::named("SSO Console")
        .sign_in_redirect(&callback_url(Provider::Google))
        .everyone();
    let (client_id, secret) = desk.okta.create_google_client(app);
    let form = json!({ "client_id": client_id, "client_secret": secret });
    admin
        .put(&paths::connection(Provider::Google), 0, &form)
        .await
        .expect_status(200);
    desk.round_trip(admin, Provider::Google, ADMIN)
        .await
        .location();
    desk.switch_on(admin, Provider::Google)
        .await
        .expect_status(200);
    secret
}

/// Every way to enter a secret wrongly, and then the right one.
async fn connect(desk: &Desk, admin: &mut Browser, needles: &mut Vec<Needle>) -> String {
    let path = paths::connection(Provider::Okta);
    let (client_id, secret) = desk.web_app();
    let issuer = desk.okta.issuer_org();
    for (form, status) in [
        (
            json!({ "issuer": issuer, "client_id": secret, "client_secret": secret }),
            422,
        ),
        (
            json!({ "issuer": secret, "client_id": client_id, "client_secret": secret }),
            422,
        ),
        (
            json!({ "issuer": issuer, "client_id": client_id, "client_secret": [secret] }),
            422,
        ),
        (
            json!({ "issuer": issuer, "client_id": client_id, "client_secret": format!("{secret} x") }),
            422,
        ),
        (json!({ "issuer": issuer, "client_secret": secret }), 422),
        (
            json!({ "issuer": issuer, "client_id": client_id, "client_secret": WRONG_SECRET }),
            200,
        ),
    ] {
        let version = version_of(admin, path.clone()).await;
        admin.put(&path, version, &form).await.expect_status(status);
    }
    broken(admin, &path, &secret).await;
    desk.round_trip(admin, Provider::Okta, ADMIN)
        .await
        .location();
    let failed = admin.get(&path).await.json;
    assert_eq!(failed["failure"]["cause"], "client_refused");

    let form = json!({ "issuer": issuer, "client_id": client_id, "client_secret": secret });
    let version = version_of(admin, path.clone()).await;
    admin.put(&path, version, &form).await.expect_status(200);
    let there = admin
        .post(&paths::connect(Provider::Okta), &Value::Null)
        .await
        .json;
    let there = there["location"].as_str().expect("a location").to_owned();
    pending(desk, needles).await;
    let back = desk.okta.authorize(&there, ADMIN).expect("Okta sends back");
    code(&back, needles);
    admin
        .get(&back)
        .await
        .expect_location("/settings/integrations/sso/okta?proved=1");
    for code in desk.recovery_codes(admin).await {
        let plain = api::break_glass::normal(&code);
        needles.push(Needle::new("a recovery code", &plain));
        needles.push(Needle::new("a recovery code", &code).shown_once());
        let form = [("email", ADMIN), ("code", code.as_str())];
        // The first lets in, and is refused the second time.
        let mut browser = desk.browser();
        browser
            .form(paths::AUTH_BREAK_GLASS, &form)
            .await
            .expect_location("/");
        browser
            .form(paths::AUTH_BREAK_GLASS, &form)
            .await
            .location();
        cookies(&browser, needles);
    }
    for code in desk.recovery_codes(admin).await {
        needles.push(Needle::new("a recovery code", &code).shown_once());
    }
    desk.over(admin).await;
    secret
}

/// Bodies that cannot be read, with the secret in them.
async fn broken(admin: &mut Browser, path: &str, secret: &str) {
    for (kind, body) in [
        (
            "application/json",
            format!("{{\"client_secret\":\"{secret}\""),
        ),
        (
            "application/json",
            format!("{{\"client_secret\":\"{secret}\",\"client_secret\":1}}"),
        ),
        ("text/plain", secret.to_owned()),
        ("application/json", format!("\"{secret}\"")),
    ] {
        let request = Request::put(path)
            .header(header::ORIGIN, PUBLIC_URL)
            .header(paths::CSRF_HEADER, "1")
            .header(header::IF_MATCH, "\"1\"")
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .expect("a request");
        let status = admin.send(request).await.status.as_u16();
        assert!((400..500).contains(&status), "{status}");
    }
}

/// What the attempts under way keep until they end.
async fn pending(desk: &Desk, needles: &mut Vec<Needle>) {
    let before = needles.len();
    for row in desk.dump().await.rows("attempts") {
        if let Some(verifier) = row.get("verifier") {
            needles.push(Needle::new("a verifier", verifier).in_old_pages());
        }
        if let Some(nonce) = row.get("nonce") {
            // Okta has to be told the nonce; the console's answer has it in its address.
            needles.push(Needle::new("a nonce", nonce).in_locations().in_old_pages());
        }
    }
    assert!(needles.len() > before, "no attempt is under way");
}

fn code(back: &str, needles: &mut Vec<Needle>) {
    if let Some(code) = parameter(back, "code") {
        needles.push(Needle::new("an authorization code", &code));
    }
}

async fn edits(desk: &Desk, admin: &mut Browser) {
    let path = paths::connection(Provider::Okta);
    let now = admin.get(&path).await.json;
    let mut form = json!({
        "issuer": now["settings"]["issuer"], "client_id": now["settings"]["client_id"],
    });
    let version = version_of(admin, path.clone()).await;
    admin.put(&path, version, &form).await.expect_status(200);
    form["issuer"] = json!(desk.okta.issuer_default());
    let version = version_of(admin, path.clone()).await;
    admin.put(&path, version, &form).await.expect_status(422);
    desk.round_trip(admin, Provider::Okta, ADMIN)
        .await
        .location();
    desk.over(admin).await;
    for path in [
        paths::disable(Provider::Okta),
        paths::enable(Provider::Okta),
    ] {
        let version = version_of(admin, paths::connection(Provider::Okta)).await;
        admin.post_version(&path, version).await.expect_status(200);
    }
    desk.confirm(ADMIN).await.expect_status(200);
}

async fn passwords(desk: &Desk) {
    let mut browser = desk.browser();
    for password in [WRONG_PASSWORD, PASSWORD] {
        let form = [("email", ADMIN), ("password", password)];
        let to = browser.form(paths::AUTH_PASSWORD, &form).await.location();
        browser.get(&to).await;
    }
    // Okta is on, so not even the right one.
    assert!(!browser.is_signed_in().await);
    let form = [
        ("email", ADMIN),
        ("password", WRONG_PASSWORD),
        ("more", WRONG_PASSWORD),
    ];
    browser
        .form(paths::AUTH_PASSWORD, &form)
        .await
        .expect_status(400);
}

/// Everything there is to read, as an administrator.
async fn read_everything(admin: &mut Browser) {
    let users = admin.get(paths::USERS).await.expect_status(200).json;
    for user in users["users"].as_array().expect("users") {
        let id = user["id"].as_str().expect("an id");
        admin.get(&paths::user(id)).await.expect_status(200);
    }
    for path in [
        paths::SESSION,
        paths::OVERVIEW,
        paths::ORGANIZATION,
        paths::CONNECTIONS,
        paths::SIGN_INS,
        paths::OPENAPI,
        paths::ME,
        paths::SIGN_IN_ADMINISTRATOR,
        "/",
        "/nothing.txt",
        "/api/nothing",
    ] {
        admin.get(path).await;
    }
}

/// Ours: the log has a cause then.
async fn faults(desk: &Desk) {
    let mut browser = desk.browser();
    let back = desk
        .until_callback(&mut browser, Provider::Okta, ADMIN)
        .await;
    desk.execute("alter table identities rename to identities_gone")
        .await;
    browser.get(&back).await.expect_status(500);
    desk.execute("alter table identities_gone rename to identities")
        .await;
}
