//! What administrators meet besides the two stories: a mistake that is named, a colleague at the same time, somebody to
//! keep out, a session that ended.

use api::Provider;
use okta_simulator::NewApp;

use crate::{
    console,
    desk::{ADMIN, Desk},
    okta, on_one,
};

on_one!(a_wrong_secret_is_named_with_its_fix, 1);
on_one!(the_secret_is_on_no_page, 1);
on_one!(the_second_of_two_administrators_loses_nothing, 2);
on_one!(a_suspended_user_is_out_at_once_and_can_be_let_back_in, 2);
on_one!(the_last_administrator_stays, 1);
on_one!(an_ended_session_leads_to_sign_in_and_back, 1);
on_one!(a_changed_login_is_shown_and_taken_over, 1);
on_one!(okta_goes_off_and_google_can_come_back, 2);
on_one!(what_okta_needs_is_copied, 1);

async fn a_wrong_secret_is_named_with_its_fix(desk: &Desk) {
    desk.administrator().await;
    desk.person("Ada", "Lovelace");
    let app = NewApp::named("SSO Console")
        .sign_in_redirect(&desk.callback(Provider::Okta))
        .everyone();
    let (client_id, client_secret) = desk.okta.create_web_app(app);
    let admin = desk.browser().await;
    desk.enter(&admin, console::FORM).await;
    let wrong = "a-secret-of-another-app";
    console::fill_in(&admin, &desk.okta.base_url(), &client_id, wrong).await;
    admin.press("Connect now").await;
    // The checks find it before anybody signs in.
    admin.see("Something has to be mended first.").await;
    let said = "Client secret rejected";
    admin.see(said).await;
    admin.see("General › Client Credentials").await;
    // Whoever does not believe them is told the same at Okta.
    admin.press("Connect anyway").await;
    okta::sign_in(&admin, ADMIN).await;
    admin.arrive("Connect Okta").await;
    admin.see_no("Something has to be mended first.").await;
    admin.see(said).await;
    admin.see("General › Client Credentials").await;
    admin.badge("Draft", None).await;
    // Everything is still there, and only the secret has to be entered again.
    assert_eq!(admin.value("Client ID").await, client_id);
    admin.fill("Client secret", &client_secret).await;
    admin.press("Connect now").await;
    // Okta still knows who sits there.
    admin.arrive("Okta").await;
    admin.badge("Proven", None).await;
}

async fn the_secret_is_on_no_page(desk: &Desk) {
    let caller = desk.administrator().await;
    desk.person("Ada", "Lovelace");
    desk.connect(&caller, Provider::Okta, ADMIN).await;
    let secrets: Vec<String> = desk
        .okta
        .apps()
        .into_iter()
        .flat_map(|app| app.secrets)
        .map(|it| it.value)
        .collect();
    assert_eq!(secrets.len(), 1);
    let admin = desk.browser().await;
    desk.enter(&admin, "/").await;
    for (path, heading) in [
        ("/", "Overview"),
        ("/settings/integrations/sso/okta", "Okta"),
        (console::FORM, "Connect Okta"),
    ] {
        admin.go(path).await;
        admin.arrive(heading).await;
        assert!(
            !admin.everything().await.contains(&secrets[0]),
            "the secret is on {path}"
        );
    }
    let end = &secrets[0][secrets[0].len() - 4..];
    admin.see(&format!("Ends in {end}")).await;
}

async fn the_second_of_two_administrators_loses_nothing(desk: &Desk) {
    let caller = desk.administrator().await;
    let id = desk.member(&caller, "Grace", "Hopper").await;
    let (first, second) = (desk.browser().await, desk.browser().await);
    for admin in [&first, &second] {
        desk.enter(admin, &format!("/users/{id}")).await;
        admin.arrive("Grace Hopper").await;
    }
    first.fill("Name", "Rear Admiral Grace Hopper").await;
    first.press("Save & close").await;
    first.arrive("Users").await;
    second.fill("E-mail", "hopper@northwind.example").await;
    second.expect_refusal(&api::paths::user(&id));
    second.press("Save & close").await;
    second
        .see("Somebody else changed this after you opened it.")
        .await;
    assert_eq!(second.value("E-mail").await, "hopper@northwind.example");
    second.press("Show the current state").await;
    second.arrive("Rear Admiral Grace Hopper").await;
    second.fill("E-mail", "hopper@northwind.example").await;
    second.press("Save & close").await;
    second.arrive("Users").await;
    assert!(
        second
            .row("Rear Admiral Grace Hopper")
            .await
            .contains("hopper@northwind.example")
    );
}

async fn a_suspended_user_is_out_at_once_and_can_be_let_back_in(desk: &Desk) {
    let caller = desk.administrator().await;
    desk.person("Ada", "Lovelace");
    let id = desk.member(&caller, "Grace", "Hopper").await;
    desk.connect(&caller, Provider::Okta, ADMIN).await;
    let (admin, member) = (desk.browser().await, desk.browser().await);
    member.go("/").await;
    member.press("Sign in with SSO").await;
    okta::sign_in(&member, "grace@northwind.example").await;
    member.arrive("You are signed in").await;

    desk.enter(&admin, &format!("/users/{id}")).await;
    admin.arrive("Grace Hopper").await;
    admin.press("Suspend").await;
    admin.see("Suspend Grace Hopper").await;
    admin.press("Suspend").await;
    admin.see("Grace Hopper is suspended").await;
    admin.badge("Suspended", Some("Okta login")).await;

    member.reload().await;
    member.arrive("Sign in").await;
    member.press("Sign in with SSO").await;
    member.arrive("You are not signed in").await;
    member.see("This account does not let you in here.").await;

    admin.press("Let back in").await;
    admin.see("Grace Hopper can sign in again").await;
    member.go("/sign-in").await;
    member.press("Sign in with SSO").await;
    member.arrive("You are signed in").await;
}

async fn the_last_administrator_stays(desk: &Desk) {
    desk.administrator().await;
    let admin = desk.browser().await;
    desk.enter(&admin, "/users").await;
    admin.arrive("Users").await;
    admin.press("Ada Lovelace").await;
    admin.arrive("Ada Lovelace").await;
    admin.choose("Member").await;
    admin.expect_refusal("/api/users/");
    admin.press("Save & close").await;
    admin
        .see("This would leave no administrator able to sign in.")
        .await;
    admin.press("Delete").await;
    admin.see("Delete Ada Lovelace").await;
    admin.press("Delete").await;
    admin
        .see("This would leave no administrator able to sign in.")
        .await;
    admin.reload().await;
    admin.arrive("Ada Lovelace").await;
}

async fn an_ended_session_leads_to_sign_in_and_back(desk: &Desk) {
    desk.administrator().await;
    let admin = desk.browser().await;
    desk.enter(&admin, "/").await;
    admin.sign_out_elsewhere().await;
    admin.expect_refusal("/api/");
    admin.press("Organization").await;
    admin.arrive("Sign in").await;
    admin.press("Sign in as an administrator").await;
    admin.fill("E-mail address", ADMIN).await;
    admin.fill("Password", crate::desk::PASSWORD).await;
    admin.press("Sign in with a password").await;
    admin.arrive("Organization").await;
}

async fn a_changed_login_is_shown_and_taken_over(desk: &Desk) {
    let caller = desk.administrator().await;
    desk.person("Ada", "Lovelace");
    let id = desk.member(&caller, "Grace", "Hopper").await;
    desk.connect(&caller, Provider::Okta, ADMIN).await;
    desk.sign_in("grace@northwind.example").await;
    desk.rename("grace@northwind.example", "ghopper@northwind.example");
    desk.sign_in("ghopper@northwind.example").await;
    let admin = desk.browser().await;
    desk.enter(&admin, "/users?status=needs_attention").await;
    admin.arrive("Users").await;
    assert!(
        admin
            .badge("Needs attention", Some("Grace Hopper"))
            .await
            .has_icon
    );
    admin.go(&format!("/users/{id}")).await;
    admin
        .see("Okta now calls this person ghopper@northwind.example")
        .await;
    admin.press("Take the new login").await;
    admin.see("Grace Hopper is up to date").await;
    assert!(admin.badge("Active", Some("Okta login")).await.is_green());
    assert_eq!(
        admin.value("Okta login (optional)").await,
        "ghopper@northwind.example"
    );
}

async fn okta_goes_off_and_google_can_come_back(desk: &Desk) {
    let caller = desk.administrator().await;
    desk.person("Ada", "Lovelace");
    desk.connect(&caller, Provider::Google, ADMIN).await;
    desk.connect(&caller, Provider::Okta, ADMIN).await;
    let (admin, member) = (desk.browser().await, desk.browser().await);
    desk.enter(&admin, "/settings/integrations/sso/okta").await;
    admin.arrive("Okta").await;
    admin.press("Switch off").await;
    admin.see("Switch Okta off").await;
    admin.press("Switch off").await;
    admin.see("Okta is switched off").await;
    member.go("/").await;
    member.arrive("Sign in").await;
    assert!(!member.can_press("Sign in with SSO").await);
    admin.press("Integrations").await;
    admin.arrive("Integrations").await;
    admin.press("Open Google").await;
    admin.arrive("Google").await;
    admin.press("Switch on").await;
    admin.see("Google is switched on").await;
    member.reload().await;
    assert!(member.can_press("Sign in with Google").await);
}

async fn what_okta_needs_is_copied(desk: &Desk) {
    desk.administrator().await;
    let admin = desk.browser().await;
    admin.may_use_clipboard().await;
    desk.enter(&admin, console::FORM).await;
    admin.arrive("Connect Okta").await;
    admin.press("Copy: Sign-in redirect URI").await;
    admin.see("Copied").await;
    assert_eq!(admin.clipboard().await, desk.callback(Provider::Okta));
}
