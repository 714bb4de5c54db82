//! Modjo's story: "Okta OIDC", step by step as its document tells it, with its words where the product has them.

use std::sync::Arc;

use api::Provider;
use locales::Language;

use crate::{
    browser::Browser,
    console,
    desk::{ADMIN, Desk},
    life,
    okta::{self, WebApp},
    on_both, on_one,
};

on_both!(okta_is_connected_and_google_and_microsoft_go_off, 2);
on_one!(the_same_story_in_french, 2);

async fn okta_is_connected_and_google_and_microsoft_go_off(desk: &Desk) {
    story(desk, Language::English).await;
}

async fn the_same_story_in_french(desk: &Desk) {
    story(desk, Language::French).await;
}

async fn story(desk: &Desk, language: Language) {
    for (first, last) in [("Ada", "Lovelace"), ("Grace", "Hopper"), ("Zoe", "Unknown")] {
        desk.person(first, last);
    }
    let admin = desk.browser_in(language).await;
    set_up(desk, &admin).await;
    let member = desk.browser_in(language).await;
    before(desk, &admin, &member).await;
    let (client_id, client_secret) = step_1_at_okta(desk, &admin).await;
    step_2_in_the_console(desk, &admin, &client_id, &client_secret).await;
    google_and_microsoft_are_off(&admin, &member).await;
    sign_in_with_sso(&admin, &member).await;
    another_address_is_refused(&admin, &member).await;
}

/// The organization and its first administrator, by the one-time link.
async fn set_up(desk: &Desk, admin: &Browser) {
    admin.go("/").await;
    admin.arrive("Almost ready").await;
    console::set_up(desk, admin).await;
}

/// "Les utilisateurs doivent être créés avec exactement la même adresse e-mail", and Google and Microsoft are on.
async fn before(desk: &Desk, admin: &Browser, member: &Browser) {
    let caller = desk.caller().await;
    desk.connect(&caller, Provider::Google, ADMIN).await;
    desk.connect(&caller, Provider::Microsoft, ADMIN).await;
    admin.press("Users").await;
    admin.arrive("Users").await;
    admin.press("New user").await;
    admin.arrive("New user").await;
    admin.fill("Name", "Grace Hopper").await;
    admin.fill("E-mail", "Grace@Northwind.example").await;
    admin.press("Save & close").await;
    admin.arrive("Users").await;
    member.go("/").await;
    member.arrive("Sign in").await;
    assert!(member.can_press("Sign in with Google").await);
    assert!(member.can_press("Sign in with Microsoft").await);
    assert!(!member.can_press("Sign in with SSO").await);
}

/// Étape 1: the app in Okta.
async fn step_1_at_okta(desk: &Desk, admin: &Browser) -> (String, String) {
    admin.press("Integrations").await;
    admin.arrive("Integrations").await;
    console::open_form(admin, "Connect Okta").await;
    let redirect = admin.value("Sign-in redirect URI").await;
    assert_eq!(redirect, desk.callback(Provider::Okta));
    let app = WebApp {
        name: "Modjo via OIDC",
        refresh_token: false,
        sign_in: &redirect,
        // "Supprimez toutes les URIs de redirection de déconnexion."
        sign_out: "",
    };
    let credentials = okta::create_web_app(admin, &desk.okta, &app).await;
    okta::assign(
        admin,
        &desk.okta,
        app.name,
        &["Ada Lovelace", "Grace Hopper", "Zoe Unknown"],
    )
    .await;
    credentials
}

/// Étape 2: Paramètres › Intégrations › SSO › Okta › Connecter.
async fn step_2_in_the_console(desk: &Desk, admin: &Browser, client_id: &str, client_secret: &str) {
    admin.go("/").await;
    admin.arrive("Overview").await;
    admin.press("Integrations").await;
    admin.arrive("Integrations").await;
    console::open_form(admin, "Connect Okta").await;
    // As the document prints it, with a slash at the end: https://company.okta.com/
    let domain = format!("{}/", desk.okta.base_url());
    console::fill_in(admin, &domain, client_id, client_secret).await;
    admin
        .see("the organization’s own authorization server")
        .await;
    admin.press("Connect now").await;
    okta::sign_in(admin, ADMIN).await;
    life::go_live(admin, async |admin| okta::sign_in(admin, ADMIN).await).await;
}

/// "Les options Google SSO et Microsoft SSO sont automatiquement désactivées."
async fn google_and_microsoft_are_off(admin: &Browser, member: &Browser) {
    admin.press("Integrations").await;
    admin.arrive("Integrations").await;
    assert!(admin.badge("Connected", Some("Okta")).await.is_green());
    for provider in [Provider::Google, Provider::Microsoft] {
        admin
            .badge("Switched off by Okta", Some(provider.name()))
            .await;
        member.go("/sign-in").await;
        member.see("Your organization uses Okta.").await;
        assert!(
            !member
                .can_press(&format!("Sign in with {}", provider.name()))
                .await
        );
        member.go(&api::paths::auth_start(provider)).await;
        member.arrive("You are not signed in").await;
        assert!(
            member.address().await.starts_with("http://localhost"),
            "nobody was sent to {provider:?}"
        );
    }
}

/// Utilisation: "Se connecter avec SSO".
async fn sign_in_with_sso(admin: &Browser, member: &Browser) {
    member.go("/").await;
    member.press("Sign in with SSO").await;
    okta::sign_in(member, "grace@northwind.example").await;
    member.arrive("You are signed in").await;
    member.see("Grace Hopper").await;
    admin.press("Users").await;
    admin.arrive("Users").await;
    assert!(admin.badge("Active", Some("Grace Hopper")).await.is_green());
}

/// Whoever has another address at Okta than any user here.
async fn another_address_is_refused(admin: &Browser, member: &Arc<Browser>) {
    member.press("Sign out").await;
    // There is no way back from Okta without a sign-out redirect URI, and none is needed.
    member.arrive("Signed out").await;
    member.go("/sign-in").await;
    member.press("Sign in with SSO").await;
    okta::sign_in(member, "zoe@northwind.example").await;
    member.arrive("You are not signed in").await;
    member.see("This account does not let you in here.").await;
    let reference = member.after("Reference number").await;
    admin.press("Overview").await;
    admin.arrive("Overview").await;
    let attempt = admin.row("zoe@northwind.example").await;
    assert!(
        attempt.contains(&reference),
        "{reference:?} is not in {attempt:?}"
    );
}
