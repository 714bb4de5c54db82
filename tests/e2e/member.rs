//! What members get: pages of the server, and nothing of the console.

use api::Provider;

use crate::{
    browser::Browser,
    desk::{ADMIN, Desk},
    okta, on_one,
};

on_one!(a_member_never_loads_the_console, 1);
on_one!(a_member_does_not_reach_the_console_by_its_addresses, 1);

async fn ready(desk: &Desk) {
    let caller = desk.administrator().await;
    desk.person("Ada", "Lovelace");
    desk.member(&caller, "Grace", "Hopper").await;
    desk.connect(&caller, Provider::Okta, ADMIN).await;
}

async fn signed_in(desk: &Desk) -> std::sync::Arc<Browser> {
    let member = desk.browser().await;
    member.go("/users").await;
    member.press("Sign in with SSO").await;
    okta::sign_in(&member, "grace@northwind.example").await;
    member.arrive("You are signed in").await;
    member
}

/// Addresses of the product that were asked for, without those that lead on.
async fn asked(desk: &Desk, member: &Browser) -> Vec<String> {
    let all = member.requests().await;
    let ours = all
        .into_iter()
        .filter(|it| it.url.starts_with(&desk.public_url));
    ours.map(|it| it.url[desk.public_url.len()..].to_owned())
        .collect()
}

async fn a_member_never_loads_the_console(desk: &Desk) {
    ready(desk).await;
    let member = signed_in(desk).await;
    assert_eq!(
        member.path().await,
        api::paths::ME,
        "where a member ends who wanted a page of the console"
    );
    let asked = asked(desk, &member).await;
    let console = |url: &&String| {
        [".wasm", ".js", "/api/", "/locales/"]
            .iter()
            .any(|it| url.contains(it))
    };
    let loaded: Vec<&String> = asked.iter().filter(console).collect();
    assert!(loaded.is_empty(), "{loaded:?}");
    // The other half: the same look at an administrator's browser would have found it.
    assert!(
        asked
            .iter()
            .any(|url| url.ends_with(api::paths::DOOR_STYLE)),
        "{asked:?}"
    );
}

async fn a_member_does_not_reach_the_console_by_its_addresses(desk: &Desk) {
    ready(desk).await;
    let member = signed_in(desk).await;
    for path in [
        "/",
        "/users",
        "/users/new",
        "/settings/organization",
        "/settings/integrations/sso/okta",
        "/set-up",
    ] {
        member.go(path).await;
        member.arrive("You are signed in").await;
        assert_eq!(member.path().await, api::paths::ME, "after {path}");
    }
}
