//! The practice Okta's own pages.

use api::Provider;
use okta_simulator::NewApp;

use crate::{browser::Browser, desk::Desk, okta as steps};

/// Opens every page of the practice Okta.
pub(crate) async fn okta(desk: &Desk, browser: &Browser, visit: &impl AsyncFn(&str)) {
    desk.person("Ada", "Lovelace");
    let app = NewApp::named("SSO Console")
        .sign_in_redirect(&desk.callback(Provider::Okta))
        .everyone();
    let (id, _) = desk.okta.create_web_app(app);
    let person = desk.okta.person("ada@northwind.example").id;
    let base = desk.okta.base_url();
    for (path, name) in [
        ("", "overview"),
        ("/apps", "apps"),
        ("/apps/new", "app-kind"),
        ("/apps/new?method=oidc&type=web", "app-new"),
        (&format!("/apps/{id}"), "app"),
        (&format!("/apps/{id}/assignments"), "assignments"),
        ("/authorization-servers", "servers"),
        ("/authorization-servers/default", "server"),
        ("/authorization-servers/default/scopes", "scopes"),
        ("/authorization-servers/default/claims", "claims"),
        ("/authorization-servers/default/access-policies", "policies"),
        ("/people", "people"),
        (&format!("/people/{person}"), "person"),
        ("/mistakes", "mistakes"),
        ("/reading-room?mistake=d11", "reading-room"),
        ("/faults", "faults"),
        ("/requests", "requests"),
        ("/nothing", "not-found"),
    ] {
        browser.go(&format!("{base}/practice{path}")).await;
        visit(&format!("okta-{name}")).await;
    }
    browser.go(&format!("{base}/practice/people")).await;
    browser.press("Add person").await;
    browser.see("Enter a value.").await;
    visit("okta-person-refused").await;
    let authorize = |client: &str| {
        format!(
            "{base}/oauth2/v1/authorize?client_id={client}&response_type=code&scope=openid&state=s&nonce=n&\
             code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&redirect_uri={}",
            desk.callback(Provider::Okta)
        )
    };
    browser.go(&authorize(&id)).await;
    browser.arrive("Sign in").await;
    visit("okta-sign-in").await;
    steps::sign_in(browser, "nobody@northwind.example").await;
    browser.see("Unable to sign in").await;
    visit("okta-sign-in-refused").await;
    browser.go(&authorize("nothing")).await;
    browser.arrive("400").await;
    visit("okta-refusal").await;
    browser.go(&format!("{base}/login/signout")).await;
    visit("okta-signed-out").await;
}
