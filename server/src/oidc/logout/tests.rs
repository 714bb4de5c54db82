//! Where the browser is sent to sign out.

use super::*;
use crate::oidc::rig::metadata;

fn built(endpoint: Option<&str>, back: Option<&str>) -> Option<String> {
    let mut metadata = metadata("https://acme.okta.com");
    metadata.end_session = endpoint.map(|text| Url::parse(text).expect("a URL"));
    url(&metadata, &Secret::from("a.b.c"), back).map(Into::into)
}

#[test]
fn the_hint_goes_along_and_the_way_back_only_where_there_is_one() {
    let endpoint = "https://acme.okta.com/oauth2/v1/logout";
    assert_eq!(
        built(Some(endpoint), None).as_deref(),
        Some("https://acme.okta.com/oauth2/v1/logout?id_token_hint=a.b.c")
    );
    assert_eq!(
        built(Some(endpoint), Some("https://sso.acme.example/signed-out")).as_deref(),
        Some(
            "https://acme.okta.com/oauth2/v1/logout?id_token_hint=a.b.c\
             &post_logout_redirect_uri=https%3A%2F%2Fsso.acme.example%2Fsigned-out"
        )
    );
    assert_eq!(built(None, None), None);
}

#[test]
fn an_endpoints_own_way_back_is_dropped() {
    let endpoint = "https://acme.okta.com/logout?post_logout_redirect_uri=https://evil.test&id_token_hint=x&p=1";
    assert_eq!(
        built(Some(endpoint), None).as_deref(),
        Some("https://acme.okta.com/logout?p=1&id_token_hint=a.b.c")
    );
}
