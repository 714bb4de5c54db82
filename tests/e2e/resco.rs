//! Resco's story: "Connect Resco Cloud with Okta", step by step as its document tells it, with its words where the
//! product has them.

use std::sync::Arc;

use api::Provider;

use crate::{
    browser::Browser,
    console,
    desk::{ADMIN, Desk},
    life,
    okta::{self, WebApp},
    on_both,
};

on_both!(okta_is_connected_and_inactive_turns_active, 2);

const AUDIENCE: &str = "https://resco.net/rescocloud";

/// What the administrator carries from Okta to the console.
struct Carried {
    metadata_url: String,
    client_id: String,
    client_secret: String,
    native_client_id: String,
}

async fn okta_is_connected_and_inactive_turns_active(desk: &Desk) {
    for (first, last) in [
        ("Ada", "Lovelace"),
        ("Grace", "Hopper"),
        ("Edsger", "Dijkstra"),
    ] {
        desk.person(first, last);
    }
    let caller = desk.administrator().await;
    // "New or existing users": this one is there already, without a login.
    let grace = serde_json::json!({ "name": "Grace Hopper", "email": "grace@northwind.example", "role": "member" });
    caller.post(api::paths::USERS, &grace).await.expect(201);
    let admin = desk.browser().await;
    let carried = okta_configuration(desk, &admin).await;
    connect(desk, &admin, &carried).await;
    assign_an_existing_user(&admin).await;
    assign_a_new_user(&admin).await;
    let member = desk.browser().await;
    inactive_turns_active(&admin, &member, "grace@northwind.example", "Grace Hopper").await;
    member.press("Sign out").await;
    // Okta is not asked to send anybody back: it would refuse to where no sign-out redirect URI is registered.
    member.arrive("Signed out").await;
    inactive_turns_active(
        &admin,
        &member,
        "edsger@northwind.example",
        "Edsger Dijkstra",
    )
    .await;
}

/// "Okta configuration": web apps, native apps, authorization server.
async fn okta_configuration(desk: &Desk, admin: &Browser) -> Carried {
    let (public_url, redirect) = (&desk.public_url, desk.callback(Provider::Okta));
    let app = WebApp {
        name: "resco cloud web app",
        refresh_token: true,
        sign_in: &redirect,
        sign_out: &format!("{public_url}{}", api::paths::SIGNED_OUT),
    };
    let (client_id, client_secret) = okta::create_web_app(admin, &desk.okta, &app).await;
    let people = ["Ada Lovelace", "Grace Hopper", "Edsger Dijkstra"];
    okta::assign(admin, &desk.okta, app.name, &people).await;
    let native_client_id = okta::create_native_app(
        admin,
        &desk.okta,
        "resco cloud native apps",
        "com.example.resco:/oauth",
    )
    .await;
    let metadata_url =
        okta::add_authorization_server(admin, &desk.okta, "resco cloud auth server", AUDIENCE)
            .await;
    okta::add_claim(admin, "upn", "user.email").await;
    okta::add_claim(admin, "uid", "user.id").await;
    okta::add_access_policy(admin, "resco cloud").await;
    Carried {
        metadata_url,
        client_id,
        client_secret,
        native_client_id,
    }
}

/// "Connect Resco Cloud to Okta": Settings › Organization, in the Identity provider line Connect…, Connect Now.
async fn connect(desk: &Desk, admin: &Browser, carried: &Carried) {
    desk.enter(admin, "/").await;
    admin.press("Organization").await;
    admin.arrive("Organization").await;
    admin.see("Identity provider").await;
    admin.see("None yet").await;
    console::open_form(admin, "Connect…").await;
    let (id, secret) = (&carried.client_id, &carried.client_secret);
    console::fill_in(admin, &carried.metadata_url, id, secret).await;
    assert_eq!(
        admin.value("Sign-in redirect URI").await,
        desk.callback(Provider::Okta)
    );
    assert!(admin.is_read_only("Sign-in redirect URI").await);
    admin
        .fill("Native client ID (optional)", &carried.native_client_id)
        .await;
    admin.fill("Audience (optional)", AUDIENCE).await;
    admin.press("Connect now").await;
    okta::sign_in(admin, ADMIN).await;
    life::go_live(admin, async |admin| okta::sign_in(admin, ADMIN).await).await;
    // The claims of the document came back, in the ID token.
    for (claim, value) in [("upn", ADMIN), ("uid", "00u")] {
        let row = admin.row(&format!("{claim} ")).await;
        assert!(row.starts_with(&format!("{claim} {value}")), "{row}");
    }
    admin.press("Organization").await;
    admin.arrive("Organization").await;
    assert!(admin.badge("Connected", Some("Okta")).await.is_green());
}

/// "Assign Okta users": Users, an existing one, the login in Okta, Save & Close.
async fn assign_an_existing_user(admin: &Browser) {
    admin.press("Users").await;
    admin.arrive("Users").await;
    assert!(admin.row("Grace Hopper").await.contains("Not assigned"));
    admin.press("Grace Hopper").await;
    admin.arrive("Grace Hopper").await;
    admin
        .fill("Okta login (optional)", "grace@northwind.example")
        .await;
    admin.press("Save & close").await;
    admin.arrive("Users").await;
    inactive(admin, "Grace Hopper").await;
}

/// "… or create a new one": by default the login is the e-mail address.
async fn assign_a_new_user(admin: &Browser) {
    admin.press("New user").await;
    admin.arrive("New user").await;
    admin.fill("Name", "Edsger Dijkstra").await;
    admin.fill("E-mail", "edsger@northwind.example").await;
    assert_eq!(
        admin.value("Okta login (optional)").await,
        "edsger@northwind.example"
    );
    admin.press("Save & close").await;
    admin.arrive("Users").await;
    inactive(admin, "Edsger Dijkstra").await;
}

/// "A red text saying Inactive is displayed next to the Domain Name": in the table, and on the user's page.
async fn inactive(admin: &Browser, name: &str) {
    let badge = admin.badge("Inactive", Some(name)).await;
    assert!(badge.is_red() && badge.has_icon, "{badge:?}");
    admin.press(name).await;
    admin.arrive(name).await;
    let badge = admin.badge("Inactive", Some("Okta login")).await;
    assert!(badge.is_red() && badge.has_icon, "{badge:?}");
    admin.press("Users").await;
    admin.arrive("Users").await;
}

/// "… until the user logs in for the first time. At that point, the text changes into a green Active."
async fn inactive_turns_active(admin: &Browser, member: &Arc<Browser>, login: &str, name: &str) {
    member.go("/").await;
    member.press("Sign in with SSO").await;
    okta::sign_in(member, login).await;
    member.arrive("You are signed in").await;
    admin.reload().await;
    admin.arrive("Users").await;
    let badge = admin.badge("Active", Some(name)).await;
    assert!(badge.is_green() && badge.has_icon, "{badge:?}");
    admin.press(name).await;
    admin.arrive(name).await;
    assert!(admin.badge("Active", Some("Okta login")).await.is_green());
    admin.back().await;
    admin.arrive("Users").await;
}
