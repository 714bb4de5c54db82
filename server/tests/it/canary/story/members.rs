//! Members come, are refused, and leave.

use api::{Provider, paths};
use okta_simulator::Fault;

use super::{code, cookies, parameter, pending};
use crate::{
    canary::needle::Needle,
    desk::{Browser, Desk},
};

pub(super) async fn come(desk: &Desk, admin: &mut Browser, needles: &mut Vec<Needle>) {
    let email = "grace@northwind.example";
    desk.member(admin, "Grace", email).await;
    desk.person("Zoe", "Unknown", "zoe@northwind.example");
    let mut grace = desk.browser();
    let there = grace
        .get(&paths::auth_start(Provider::Okta))
        .await
        .location();
    pending(desk, needles).await;
    let back = desk.okta.authorize(&there, email).expect("Okta sends back");
    code(&back, needles);
    grace.get(&back).await.expect_location("/");
    // Replayed: by *Back*, without the session, and in another browser.
    grace.get(&back).await.expect_status(200);
    let mut without = grace.clone();
    without.cookies.remove("__Host-sso_session");
    without.get(&back).await.reference();
    desk.browser().get(&back).await.reference();
    grace.get(paths::ME).await.expect_status(200);
    grace.get(paths::SESSION).await.expect_status(200);
    cookies(&grace, needles);
    let out = grace.form(paths::AUTH_SIGN_OUT, &[]).await.location();
    let id_token = parameter(&out, "id_token_hint").expect("a hint for Okta");
    let mut token = Needle::new("an ID token", &id_token);
    token.in_locations = true;
    needles.push(token);

    for login in ["zoe@northwind.example", email] {
        for fault in [
            Fault::TokenHtml,
            Fault::TokenInvalidGrant,
            Fault::BadSignature,
            Fault::WrongNonce,
            Fault::UserinfoHtml,
            Fault::UserinfoOtherSubject,
            Fault::AccessDenied,
            Fault::CodeAndError,
        ] {
            desk.okta.set_fault(fault);
            let mut browser = desk.browser();
            let back = desk
                .until_callback(&mut browser, Provider::Okta, login)
                .await;
            code(&back, needles);
            let refusal = browser.get(&back).await.location();
            browser.get(&refusal).await;
            cookies(&browser, needles);
            desk.okta.clear_faults();
        }
    }
    let mut zoe = desk.browser();
    desk.sign_in(&mut zoe, Provider::Okta, "zoe@northwind.example")
        .await
        .reference();
}
