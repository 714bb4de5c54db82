//! What the browser is sent away with.

use std::collections::BTreeMap;

use super::*;
use crate::oidc::rig::{connection, metadata};

fn url(endpoint: &str, change: impl FnOnce(&mut ConnectionConfig), hint: Option<&str>) -> Url {
    let mut metadata = metadata("https://acme.okta.com");
    metadata.authorization = Url::parse(endpoint).expect("a URL");
    let mut connection = connection("https://acme.okta.com");
    change(&mut connection);
    let binding = Binding::new(&[1; 32], &[2; 32], &[3; 32]);
    let start = Start {
        binding: &binding,
        redirect_uri: "https://sso.acme.example/auth/okta/callback",
        prompt: hint.map(|_| Prompt::Login),
        login_hint: hint,
        max_age: hint.map(|_| 0),
    };
    authorize_url(&metadata, &connection, &start)
}

fn pairs(url: &Url) -> Vec<(String, String)> {
    url.query_pairs().into_owned().collect()
}

#[test]
fn each_parameter_is_there_exactly_once() {
    let url = url("https://acme.okta.com/oauth2/v1/authorize", |_| (), None);
    let expected = [
        ("client_id", "0oa1"),
        ("response_type", "code"),
        ("response_mode", "query"),
        ("scope", "openid profile email"),
        (
            "redirect_uri",
            "https://sso.acme.example/auth/okta/callback",
        ),
        ("state", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"),
        ("nonce", "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI"),
        (
            "code_challenge",
            "g77gcvvTQj90gfwWOCFjatjPtz-u8N0FgfOXnqDHMbk",
        ),
        ("code_challenge_method", "S256"),
    ];
    let found = pairs(&url);
    let found: Vec<(&str, &str)> = found.iter().map(|(k, v)| (&**k, &**v)).collect();
    assert_eq!(found, expected);
    assert!(
        url.as_str()
            .starts_with("https://acme.okta.com/oauth2/v1/authorize?client_id=")
    );
}

#[test]
fn the_challenge_is_the_one_of_the_rfc() {
    // RFC 7636 appendix B.
    let verifier = Secret::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(
        challenge(&verifier),
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    );
    let binding = Binding::new(&[255; 32], &[0; 32], &[7; 32]);
    for part in [&binding.state, &binding.nonce, &binding.verifier] {
        assert_eq!(part.expose().len(), 43);
    }
}

#[test]
fn an_endpoints_own_parameters_do_not_reach_ours() {
    let endpoint = "https://acme.okta.com/authorize?client_id=evil&STATE=evil&redirect_uri=https://evil.test\
                    &request_uri=urn:x&request=ey&response_type=token&scope=all&prompt=none&tenant=t%201&idp=0oa9";
    let found = pairs(&url(endpoint, |_| (), None));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (name, _) in &found {
        *counts.entry(name.to_ascii_lowercase()).or_default() += 1;
    }
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
    assert!(
        !found.iter().any(|(_, value)| value.contains("evil")),
        "{found:?}"
    );
    for gone in ["request", "request_uri", "prompt"] {
        assert!(!counts.contains_key(gone), "{gone}");
    }
    assert!(found.contains(&("tenant".into(), "t 1".into())));
    assert!(found.contains(&("idp".into(), "0oa9".into())));
}

#[test]
fn hints_are_encoded_and_the_domain_goes_to_google_only() {
    let endpoint = "https://acme.okta.com/authorize";
    let found = url(endpoint, |_| (), Some("ada+x@acme.example&scope=all#x"));
    let found = pairs(&found);
    assert!(found.contains(&("login_hint".into(), "ada+x@acme.example&scope=all#x".into())));
    assert!(found.contains(&("prompt".into(), "login".into())));
    assert!(found.contains(&("max_age".into(), "0".into())));
    let domain = |provider| {
        let url = url(
            endpoint,
            |connection| {
                connection.provider = provider;
                connection.hosted_domain = Some("acme.example".into());
            },
            None,
        );
        pairs(&url).contains(&("hd".into(), "acme.example".into()))
    };
    assert!(domain(Provider::Google) && !domain(Provider::Okta));
}
