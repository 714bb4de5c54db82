//! Endpoints that would send a secret elsewhere.

use super::*;

#[test]
fn endpoints_are_there_and_at_the_issuers_origin() {
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
    ] {
        assert_eq!(
            okta(&[(name, "")]),
            Err(Cause::DiscoveryMalformed),
            "{name}"
        );
    }
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "end_session_endpoint",
    ] {
        for value in [
            r#""https://evil.test/x""#,
            r#""https://acme.okta.com.evil.test/x""#,
            r#""https://other.okta.com/x""#,
            r#""http://acme.okta.com/x""#,
            r#""https://acme.okta.com:8443/x""#,
            r#""https://acme.okta.com@evil.test/x""#,
            r#""https://user@acme.okta.com/x""#,
            r#""https://acme.okta.com\\@evil.test/x""#,
            r#""https://acme.okta.com/x#y""#,
            r#""https://acme.okta.com/x\r\ny""#,
            r#""https://169.254.169.254/x""#,
            r#""https://oauth2.googleapis.com/x""#,
            r#""javascript:alert(1)""#,
            r#""/oauth2/v1/x""#,
            r#""""#,
            "7",
            "null",
            "[]",
        ] {
            assert_eq!(
                okta(&[(name, value)]),
                Err(Cause::DiscoveryMalformed),
                "{name} {value}"
            );
        }
        let queried = [(name, r#""https://acme.okta.com/x?client_id=0oa1""#)];
        assert!(okta(&queried).is_ok(), "{name}");
    }
}

#[test]
fn google_and_microsoft_spread_over_hosts_that_are_listed() {
    let google = "https://accounts.google.com";
    let microsoft = "https://login.microsoftonline.com/t-1/v2.0";
    let practice = "http://127.0.0.1:7080/google";
    for (provider, issuer, name, value, fits) in [
        (
            Provider::Google,
            google,
            "token_endpoint",
            "https://oauth2.googleapis.com/token",
            true,
        ),
        (
            Provider::Google,
            google,
            "jwks_uri",
            "https://www.googleapis.com/oauth2/v3/certs",
            true,
        ),
        (
            Provider::Google,
            google,
            "userinfo_endpoint",
            "https://openidconnect.googleapis.com/v1/userinfo",
            true,
        ),
        (
            Provider::Google,
            google,
            "token_endpoint",
            "https://storage.googleapis.com/token",
            false,
        ),
        (
            Provider::Google,
            google,
            "token_endpoint",
            "https://oauth2.googleapis.com:8443/token",
            false,
        ),
        (
            Provider::Google,
            google,
            "token_endpoint",
            "http://oauth2.googleapis.com/token",
            false,
        ),
        (
            Provider::Google,
            google,
            "token_endpoint",
            "https://graph.microsoft.com/token",
            false,
        ),
        (
            Provider::Google,
            practice,
            "token_endpoint",
            "https://oauth2.googleapis.com/token",
            false,
        ),
        (
            Provider::Microsoft,
            microsoft,
            "userinfo_endpoint",
            "https://graph.microsoft.com/oidc/userinfo",
            true,
        ),
        (
            Provider::Microsoft,
            microsoft,
            "token_endpoint",
            "https://login.microsoftonline.com/t-1/oauth2/v2.0/token",
            true,
        ),
        (
            Provider::Microsoft,
            microsoft,
            "token_endpoint",
            "https://login.live.com/token",
            false,
        ),
        (
            Provider::Okta,
            google,
            "token_endpoint",
            "https://oauth2.googleapis.com/token",
            false,
        ),
    ] {
        let text = document(issuer, &[(name, &format!("{value:?}"))]);
        let object = json::object(text.as_bytes()).expect("JSON");
        assert_eq!(
            read(provider, issuer, &object).is_ok(),
            fits,
            "{issuer} {value}"
        );
    }
}
