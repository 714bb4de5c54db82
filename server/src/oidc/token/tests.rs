//! What is sent for a code, and every way in which the answer is none.

use super::*;
use crate::oidc::rig::connection;

const GOOD: &str = r#"{"token_type":"Bearer","id_token":"a.b.c","access_token":"at"}"#;

fn answered(status: u16, body: &str) -> Result<Tokens, Failure> {
    read(&Reply {
        status,
        content_type: Some("application/json".into()),
        date: Some(5),
        max_age: None,
        body: body.as_bytes().to_vec().into(),
    })
}

fn failed(status: u16, body: &str) -> (Cause, Option<String>) {
    let failure = answered(status, body).expect_err(body);
    (failure.cause, failure.said)
}

fn sent(auth: TokenAuth, id: &str, secret: &str) -> (Option<String>, Vec<(String, String)>) {
    let mut connection = connection("https://acme.okta.com");
    connection.client_id = id.into();
    connection.client_secret = secret.into();
    let redirect_uri = "https://sso.acme.example/auth/okta/callback";
    let (header, form) = request(auth, &connection, &"c&1".into(), &"v".into(), redirect_uri);
    let form = form_urlencoded::parse(form.as_bytes())
        .into_owned()
        .collect();
    (header.map(|header| header.expose().to_owned()), form)
}

#[test]
fn basic_encodes_id_and_secret_and_names_the_client_nowhere_else() {
    for (id, secret, pair) in [
        ("0oa1", "s3cret", "0oa1:s3cret"),
        ("a:b", "p%q&r+s t", "a%3Ab:p%25q%26r%2Bs+t"),
        ("id", "sécret", "id:s%C3%A9cret"),
    ] {
        let (header, form) = sent(TokenAuth::Basic, id, secret);
        let expected = format!("Basic {}", STANDARD.encode(pair));
        assert_eq!(header, Some(expected), "{id} {secret}");
        let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["grant_type", "code", "redirect_uri", "code_verifier"]
        );
        assert_eq!(form[1].1, "c&1");
    }
}

#[test]
fn post_has_them_in_the_form_and_no_header() {
    let (header, form) = sent(TokenAuth::Post, "0oa1", "p%q&r");
    assert_eq!(header, None);
    assert!(form.contains(&("client_id".into(), "0oa1".into())));
    assert!(form.contains(&("client_secret".into(), "p%q&r".into())));
}

#[test]
fn a_good_answer_is_read_and_a_lenient_one_too() {
    for body in [
        GOOD,
        r#"{"token_type":"bEARER","id_token":"a.b.c","access_token":"at","expires_in":3600,"scope":"openid","refresh_token":null}"#,
    ] {
        let tokens = answered(200, body).expect(body);
        assert_eq!(tokens.id_token.expose(), "a.b.c");
        assert_eq!(tokens.date, Some(5));
    }
}

#[test]
fn an_answer_that_is_none_is_malformed() {
    for body in [
        "",
        "<html>",
        "[]",
        "{}",
        r#"{"token_type":"Bearer","id_token":"a.b.c""#,
        r#"{"token_type":"Bearer","id_token":["a.b.c"],"access_token":"at"}"#,
        r#"{"token_type":"Bearer","id_token":"a.b.c"}"#,
        r#"{"token_type":"Bearer","id_token":"a.b.c","access_token":7}"#,
        r#"{"token_type":"DPoP","id_token":"a.b.c","access_token":"at"}"#,
        r#"{"id_token":"a.b.c","access_token":"at"}"#,
        r#"{"token_type":"Bearer","id_token":"a.b.c","id_token":"d.e.f","access_token":"at"}"#,
    ] {
        assert_eq!(failed(200, body).0, Cause::TokenMalformed, "{body}");
    }
    for body in [
        r#"{"token_type":"Bearer","id_token":null,"access_token":"at"}"#,
        r#"{"token_type":"Bearer","id_token":"","access_token":"at"}"#,
        r#"{"token_type":"Bearer","access_token":"at"}"#,
    ] {
        assert_eq!(failed(200, body).0, Cause::IdTokenMissing, "{body}");
    }
    for status in [201, 204, 400, 401, 404] {
        assert_eq!(failed(status, GOOD).0, Cause::TokenMalformed, "{status}");
    }
}

#[test]
fn both_shapes_of_an_error_end_in_their_cause() {
    let oauth =
        |code: &str, words: &str| format!(r#"{{"error":{code:?},"error_description":{words:?}}}"#);
    let rest = |code: &str, words: &str| {
        format!(r#"{{"errorCode":{code:?},"errorSummary":{words:?},"errorId":"x"}}"#)
    };
    for (status, body, expected) in [
        (
            401,
            oauth(
                "invalid_client",
                "The client secret supplied for a confidential client is invalid.",
            ),
            Cause::ClientRefused,
        ),
        (
            401,
            oauth("invalid_client", "Invalid value for 'client_id' parameter."),
            Cause::ClientUnknown,
        ),
        (
            401,
            rest("invalid_client", "Invalid value for 'client_id' parameter."),
            Cause::ClientUnknown,
        ),
        (
            400,
            rest("invalid_client", "Client authentication failed."),
            Cause::AuthenticationRefused,
        ),
        (
            401,
            oauth("invalid_client", "The OAuth client was not found."),
            Cause::ClientUnknown,
        ),
        (
            400,
            oauth("unauthorized_client", "AADSTS700016: Application not found"),
            Cause::ClientUnknown,
        ),
        (
            401,
            oauth("invalid_client", "AADSTS7000215: Invalid client secret"),
            Cause::ClientRefused,
        ),
        (
            401,
            oauth("invalid_client", "Error de autenticación del cliente."),
            Cause::AuthenticationRefused,
        ),
        (
            401,
            oauth("invalid_client", "CLIENT SECRET IS INVALID"),
            Cause::AuthenticationRefused,
        ),
        (
            401,
            oauth("invalid_client", ""),
            Cause::AuthenticationRefused,
        ),
        (
            400,
            oauth(
                "invalid_grant",
                "The authorization code is invalid or has expired.",
            ),
            Cause::CodeRefused,
        ),
        (
            400,
            oauth("invalid_grant", "PKCE verification failed."),
            Cause::CodeRefused,
        ),
        (
            400,
            oauth(
                "unauthorized_client",
                "The client is not authorized to use the provided grant type.",
            ),
            Cause::GrantRefused,
        ),
        (
            400,
            oauth("unsupported_grant_type", ""),
            Cause::GrantRefused,
        ),
        (
            400,
            oauth(
                "access_denied",
                "User is not assigned to the client application.",
            ),
            Cause::NotAssigned,
        ),
        (
            401,
            oauth("access_denied", "Policy evaluation failed for this request"),
            Cause::NoPolicy,
        ),
        (
            403,
            oauth(
                "access_denied",
                "The request is made from outside the client's permitted network zones.",
            ),
            Cause::NetworkZone,
        ),
        (400, oauth("invalid_scope", ""), Cause::ScopeRefused),
        (
            400,
            oauth("server_error", "The 'x' user claim could not be evaluated."),
            Cause::ClaimFailed,
        ),
        (
            401,
            oauth(
                "invalid_request",
                "Cannot supply multiple client credentials.",
            ),
            Cause::ProviderRefused,
        ),
        (400, oauth("use_dpop_nonce", ""), Cause::DpopRequired),
        (404, rest("E0000007", "Not found"), Cause::ServerUnknown),
        (
            401,
            rest("E0000015", "You do not have permission"),
            Cause::ServerNotLicensed,
        ),
        (
            400,
            rest("E0000047", "API call exceeded rate limit"),
            Cause::RateLimited,
        ),
        (
            429,
            oauth(
                "invalid_grant",
                "API call exceeded rate limit due to too many requests.",
            ),
            Cause::RateLimited,
        ),
        (500, "<html>".to_owned(), Cause::ProviderError),
        (503, String::new(), Cause::ProviderError),
        // A success that is none.
        (200, oauth("invalid_grant", ""), Cause::CodeRefused),
        (
            200,
            r#"{"error":null,"token_type":"Bearer","id_token":"a.b.c","access_token":"at"}"#
                .to_owned(),
            Cause::ProviderRefused,
        ),
    ] {
        assert_eq!(failed(status, &body).0, expected, "{status} {body}");
    }
}

#[test]
fn what_was_said_is_kept_escaped() {
    let (_, said) = failed(
        400,
        r#"{"error":"invalid_grant","error_description":"a\r\nb\u202e"}"#,
    );
    assert_eq!(
        said.as_deref(),
        Some("invalid_grant: a\\u{d}\\u{a}b\\u{202e}")
    );
    let long = format!(
        r#"{{"error":"x","error_description":{:?}}}"#,
        "y".repeat(50_000)
    );
    assert_eq!(
        failed(400, &long).1.map(|said| said.chars().count()),
        Some(200)
    );
}

proptest::proptest! {
    #[test]
    fn no_answer_makes_it_panic(status in 200_u16..600, body: Vec<u8>) {
        let _ = read(&Reply { status, content_type: None, date: None, max_age: None, body: body.into() });
    }
}
