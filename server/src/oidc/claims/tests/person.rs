//! The rules that say who it is.

use super::*;

#[test]
fn a_good_token_passes_and_says_who_it_is() {
    let claims = with(&[
        ("email", r#""ada@acme.example""#),
        ("preferred_username", r#""ada""#),
        ("name", r#""Ada""#),
        ("amr", r#"["pwd","mfa"]"#),
    ])
    .expect("claims");
    assert_eq!(claims.sub, "00u1");
    assert_eq!(claims.profile.email.as_deref(), Some("ada@acme.example"));
    assert_eq!(claims.profile.email_verified, None);
    assert_eq!(
        claims.all.get("amr").map(String::as_str),
        Some(r#"["pwd", "mfa"]"#)
    );
    assert_eq!(
        claims.all.get("iat").map(String::as_str),
        Some("1800000000")
    );
    assert!(!claims.all.contains_key("nonce"));
}

#[test]
fn the_subject_is_1_to_255_printable_characters() {
    let long = |n: usize| format!("{:?}", "x".repeat(n));
    for (sub, fits) in [
        (long(255), true),
        (r#""a|b c@d""#.into(), true),
        (long(256), false),
        (r#""""#.into(), false),
        (r#"" ""#.into(), false),
        (r#""a\u0000""#.into(), false),
        (r#""a\nb""#.into(), false),
        (r#""é""#.into(), false),
        ("7".into(), false),
        ("null".into(), false),
        ("[]".into(), false),
        (String::new(), false),
    ] {
        let expected = (!fits).then_some(Cause::TokenClaims);
        assert_eq!(cause(&[("sub", &sub)]), expected, "{sub}");
    }
}

#[test]
fn claims_that_name_the_person_have_the_right_type_or_refuse() {
    for (name, value, refused) in [
        ("email", r#"["a@acme.example"]"#, true),
        ("email", "{}", true),
        ("email", "null", true),
        ("upn", r#"["a"]"#, true),
        ("hd", "7", false),
        ("tid", "[]", false),
        ("preferred_username", r#"["Ada","ada"]"#, false),
        ("name", "7", false),
        ("groups", r#"["admin"]"#, false),
        (
            "_claim_sources",
            r#"{"src":{"endpoint":"https://evil.test"}}"#,
            false,
        ),
    ] {
        let expected = refused.then_some(Cause::TokenClaims);
        assert_eq!(cause(&[(name, value)]), expected, "{name} {value}");
    }
    let claims = with(&[("preferred_username", r#"["Ada","ada"]"#)]).expect("claims");
    assert_eq!(claims.profile.preferred_username, None);
}

#[test]
fn each_provider_has_its_own_idea_of_an_issuer() {
    let check = |provider, iss: &str, tid: &str| {
        let claims = json::object(format!(r#"{{"iss":{iss:?}{tid}}}"#).as_bytes()).expect("JSON");
        issuer(&claims, &expected(provider))
            .err()
            .map(|it| it.cause)
    };
    let microsoft = "https://login.microsoftonline.com";
    for (provider, iss, tid, expected) in [
        (
            Provider::Google,
            "https://accounts.google.com".to_owned(),
            "",
            None,
        ),
        (Provider::Google, "accounts.google.com".to_owned(), "", None),
        (
            Provider::Google,
            "http://accounts.google.com".to_owned(),
            "",
            Some(Cause::TokenIssuer),
        ),
        (
            Provider::Okta,
            "acme.okta.com".to_owned(),
            "",
            Some(Cause::TokenIssuer),
        ),
        (
            Provider::Microsoft,
            format!("{microsoft}/t-1/v2.0"),
            "",
            None,
        ),
        (
            Provider::Microsoft,
            format!("{microsoft}/{{tenantid}}/v2.0"),
            "",
            Some(Cause::TokenIssuer),
        ),
        (
            Provider::Microsoft,
            format!("{microsoft}/t-2/v2.0"),
            r#","tid":"t-2""#,
            Some(Cause::TenantRefused),
        ),
        (
            Provider::Microsoft,
            format!("{microsoft}/t-2/v2.0"),
            r#","tid":"T-1""#,
            Some(Cause::TokenIssuer),
        ),
    ] {
        assert_eq!(check(provider, &iss, tid), expected, "{iss} {tid}");
    }
}

#[test]
fn shown_claims_are_escaped_and_cut() {
    let text = format!(
        r#"{{"a\u202e":"x\u0000","b":{:?},"at_hash":"h"}}"#,
        "y".repeat(5000)
    );
    let shown = displayed(&json::object(text.as_bytes()).expect("JSON"));
    let all: Vec<(&str, usize)> = shown
        .iter()
        .map(|(k, v)| (k.as_str(), v.chars().count()))
        .collect();
    assert_eq!(all, [("a\\u{202e}", 6), ("b", 200)]);
}
