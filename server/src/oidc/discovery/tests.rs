//! Documents that must not be believed.

mod endpoints;

use super::*;

const ISSUER: &str = "https://acme.okta.com";

fn document(base: &str, changes: &[(&str, &str)]) -> String {
    let mut members = vec![
        ("issuer".to_owned(), format!("{base:?}")),
        (
            "authorization_endpoint".to_owned(),
            format!("\"{base}/oauth2/v1/authorize\""),
        ),
        (
            "token_endpoint".to_owned(),
            format!("\"{base}/oauth2/v1/token\""),
        ),
        (
            "userinfo_endpoint".to_owned(),
            format!("\"{base}/oauth2/v1/userinfo\""),
        ),
        ("jwks_uri".to_owned(), format!("\"{base}/oauth2/v1/keys\"")),
        (
            "end_session_endpoint".to_owned(),
            format!("\"{base}/oauth2/v1/logout\""),
        ),
    ];
    for (name, value) in changes {
        members.retain(|(kept, _)| kept != name);
        if !value.is_empty() {
            members.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    let members: Vec<String> = members.iter().map(|(k, v)| format!("{k:?}:{v}")).collect();
    format!("{{{}}}", members.join(","))
}

fn okta(changes: &[(&str, &str)]) -> Result<Metadata, Cause> {
    let object = json::object(document(ISSUER, changes).as_bytes()).expect("JSON");
    read(Provider::Okta, ISSUER, &object).map_err(|failure| failure.cause)
}

#[test]
fn a_plain_document_is_read() {
    let metadata = okta(&[]).expect("metadata");
    assert_eq!(
        metadata.token.as_str(),
        "https://acme.okta.com/oauth2/v1/token"
    );
    assert_eq!(metadata.token_auth, TokenAuth::Basic);
    assert!(metadata.end_session.is_some() && !metadata.names_itself_in_callback);
    assert_eq!(
        okta(&[("end_session_endpoint", "")])
            .expect("metadata")
            .end_session,
        None
    );
    let promised = [("authorization_response_iss_parameter_supported", "true")];
    assert!(okta(&promised).expect("metadata").names_itself_in_callback);
}

#[test]
fn another_issuer_is_never_accepted() {
    for issuer in [
        r#""https://acme.okta.com/""#,
        r#""https://acme.okta.comINVALID""#,
        r#""https://Acme.okta.com""#,
        r#""https://acme.okta.com:443""#,
        r#""https://acme.okta.com/oauth2/default""#,
        r#""http://acme.okta.com""#,
        r#""""#,
    ] {
        assert_eq!(
            okta(&[("issuer", issuer)]),
            Err(Cause::IssuerMismatch),
            "{issuer}"
        );
    }
    for issuer in ["", "null", "7", r#"["https://acme.okta.com"]"#] {
        assert_eq!(
            okta(&[("issuer", issuer)]),
            Err(Cause::DiscoveryMalformed),
            "{issuer}"
        );
    }
}

#[test]
fn a_secret_is_sent_only_by_a_way_that_is_offered() {
    let name = "token_endpoint_auth_methods_supported";
    for (list, expected) in [
        ("", Ok(TokenAuth::Basic)),
        (
            r#"["client_secret_basic","client_secret_post","none"]"#,
            Ok(TokenAuth::Basic),
        ),
        (r#"["client_secret_post"]"#, Ok(TokenAuth::Post)),
        (r#"["none"]"#, Err(Cause::DiscoveryMalformed)),
        (
            r#"["private_key_jwt","tls_client_auth"]"#,
            Err(Cause::ClientRequiresKey),
        ),
        ("[]", Err(Cause::DiscoveryMalformed)),
        (r#""client_secret_basic""#, Err(Cause::DiscoveryMalformed)),
        ("[7]", Err(Cause::DiscoveryMalformed)),
    ] {
        assert_eq!(
            okta(&[(name, list)]).map(|it| it.token_auth),
            expected,
            "{list}"
        );
    }
}

#[test]
fn what_is_supported_must_include_what_we_do() {
    for (name, list, fits) in [
        ("response_types_supported", r#"["code","id_token"]"#, true),
        ("response_types_supported", r#"["id_token"]"#, false),
        ("response_types_supported", r#""code""#, false),
        (
            "id_token_signing_alg_values_supported",
            r#"["none","RS256"]"#,
            true,
        ),
        (
            "id_token_signing_alg_values_supported",
            r#"["ES256"]"#,
            true,
        ),
        (
            "id_token_signing_alg_values_supported",
            r#"["none","HS256"]"#,
            false,
        ),
        ("id_token_signing_alg_values_supported", "[]", false),
    ] {
        assert_eq!(okta(&[(name, list)]).is_ok(), fits, "{name} {list}");
    }
}

#[test]
fn a_tenants_document_names_the_tenant() {
    let issuer = "https://login.microsoftonline.com/t-1/v2.0";
    let common = document("https://login.microsoftonline.com/{tenantid}/v2.0", &[]);
    let object = json::object(common.as_bytes()).expect("JSON");
    let failure = read(Provider::Microsoft, issuer, &object).expect_err("another issuer");
    assert_eq!(failure.cause, Cause::IssuerMismatch);
}

#[test]
fn oktas_refusals_are_told_apart() {
    let custom = "https://acme.okta.com/oauth2/aus1";
    for (issuer, status, body, expected) in [
        (
            custom,
            404,
            r#"{"errorCode":"E0000007","errorSummary":"Not found"}"#,
            Cause::ServerUnknown,
        ),
        (
            ISSUER,
            404,
            r#"{"errorCode":"E0000007"}"#,
            Cause::MetadataNotFound,
        ),
        (
            custom,
            400,
            r#"{"errorCode":"E0000001","errorSummary":"The authorization server is INACTIVE."}"#,
            Cause::ServerInactive,
        ),
        (
            ISSUER,
            403,
            r#"{"error":"access_denied","errorSummary":"outside the client's permitted network zones."}"#,
            Cause::NetworkZone,
        ),
        (
            custom,
            401,
            r#"{"errorCode":"E0000015"}"#,
            Cause::ServerNotLicensed,
        ),
        (
            custom,
            403,
            r#"{"errorCode":"E0000015"}"#,
            Cause::ServerNotLicensed,
        ),
        (custom, 404, "<html>", Cause::ServerUnknown),
        (ISSUER, 404, "<html>", Cause::MetadataNotFound),
        (
            ISSUER,
            500,
            r#"{"errorCode":"E0000009"}"#,
            Cause::ProviderUnavailable,
        ),
        (custom, 502, "", Cause::ProviderUnavailable),
        (ISSUER, 503, "<html>", Cause::ProviderUnavailable),
        (ISSUER, 504, "", Cause::ProviderUnavailable),
        (ISSUER, 429, "", Cause::RateLimited),
        (ISSUER, 401, r#"{"errorCode":7}"#, Cause::ProviderForbidden),
        (custom, 403, "<html>", Cause::ProviderForbidden),
        (ISSUER, 418, "", Cause::DiscoveryMalformed),
    ] {
        let reply = Reply {
            status,
            content_type: None,
            date: None,
            max_age: None,
            body: body.as_bytes().to_vec().into(),
        };
        assert_eq!(refusal(&reply, issuer).cause, expected, "{status} {body}");
    }
}

proptest::proptest! {
    #[test]
    fn no_endpoint_makes_it_panic(text in "\\PC{0,80}") {
        let value = serde_json::to_string(&text).expect("JSON");
        let _ = okta(&[("token_endpoint", &value)]);
    }
}
