//! Each rule by a token that breaks only that one.

mod person;

use proptest::prelude::*;

use super::*;
use crate::oidc::json;

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://acme.okta.com";

fn expected(provider: Provider) -> Expected<'static> {
    Expected {
        provider,
        issuer: match provider {
            Provider::Okta => ISSUER,
            Provider::Google => "https://accounts.google.com",
            Provider::Microsoft => "https://login.microsoftonline.com/t-1/v2.0",
        },
        client_id: "0oa1",
        tenant: (provider == Provider::Microsoft).then_some("t-1"),
        nonce: "n-1",
        access_token: "at-1",
        max_age: None,
        now: NOW * 1000,
    }
}

/// A good token with these members changed; an empty value takes the member away.
fn with(changes: &[(&str, &str)]) -> Result<Claims, Failure> {
    let mut members = vec![
        ("iss", format!("{ISSUER:?}")),
        ("aud", r#""0oa1""#.to_owned()),
        ("sub", r#""00u1""#.to_owned()),
        ("nonce", r#""n-1""#.to_owned()),
        ("iat", NOW.to_string()),
        ("exp", (NOW + 3600).to_string()),
    ];
    for (name, value) in changes {
        members.retain(|(kept, _)| kept != name);
        if !value.is_empty() {
            members.push((name, (*value).to_owned()));
        }
    }
    let members: Vec<String> = members.iter().map(|(k, v)| format!("{k:?}:{v}")).collect();
    let object = json::object(format!("{{{}}}", members.join(",")).as_bytes()).expect("JSON");
    check(&object, &expected(Provider::Okta))
}

fn cause(changes: &[(&str, &str)]) -> Option<Cause> {
    with(changes).err().map(|failure| failure.cause)
}

#[test]
fn the_issuer_is_compared_byte_for_byte() {
    for (iss, expected) in [
        (r#""https://acme.okta.com1""#, Cause::TokenIssuer),
        (r#""https://acme.okta.com/""#, Cause::TokenIssuer),
        (r#""https://ACME.okta.com""#, Cause::TokenIssuer),
        (r#""acme.okta.com""#, Cause::TokenIssuer),
        (
            r#""https://acme.okta.com/oauth2/default""#,
            Cause::TokenIssuer,
        ),
        (r#""""#, Cause::TokenIssuer),
        (r#"["https://acme.okta.com"]"#, Cause::TokenClaims),
        ("null", Cause::TokenClaims),
        ("", Cause::TokenClaims),
    ] {
        assert_eq!(cause(&[("iss", iss)]), Some(expected), "{iss}");
    }
}

#[test]
fn the_audience_is_us_and_nobody_else() {
    for (aud, expected) in [
        (r#"["0oa1"]"#, None),
        (r#"["0oa1","0oa1"]"#, None),
        (r#""0oa11""#, Some(Cause::TokenAudience)),
        (r#"["0oa1","0oa2"]"#, Some(Cause::TokenAudience)),
        (r#"["0oa2"]"#, Some(Cause::TokenAudience)),
        ("[]", Some(Cause::TokenAudience)),
        (r#""""#, Some(Cause::TokenAudience)),
        ("7", Some(Cause::TokenClaims)),
        ("{}", Some(Cause::TokenClaims)),
        ("null", Some(Cause::TokenClaims)),
        (r#"["0oa1",7]"#, Some(Cause::TokenClaims)),
        ("", Some(Cause::TokenClaims)),
    ] {
        assert_eq!(cause(&[("aud", aud)]), expected, "{aud}");
    }
    for (azp, expected) in [
        (r#""0oa1""#, None),
        (r#""0oa2""#, Some(Cause::TokenAudience)),
        (r#""""#, Some(Cause::TokenAudience)),
        ("null", Some(Cause::TokenClaims)),
        (r#"["0oa1"]"#, Some(Cause::TokenClaims)),
    ] {
        assert_eq!(cause(&[("azp", azp)]), expected, "{azp}");
        assert_eq!(
            cause(&[("aud", r#"["0oa1"]"#), ("azp", azp)]),
            expected,
            "{azp}"
        );
    }
}

#[test]
fn times_hold_within_a_minute_and_a_day() {
    let at = |offset: i64| (NOW + offset).to_string();
    for (what, iat, exp, nbf, expected) in [
        ("just expired", at(-3600), at(-59), "", None),
        ("expired", at(-3600), at(-60), "", Some(Cause::TokenExpired)),
        (
            "long expired",
            at(-7200),
            at(-3600),
            "",
            Some(Cause::TokenExpired),
        ),
        ("a little ahead", at(60), at(3600), "", None),
        ("ahead", at(61), at(3600), "", Some(Cause::ClockSkew)),
        ("not yet, nearly", at(0), at(3600), &at(60), None),
        ("not yet", at(0), at(3600), &at(61), Some(Cause::ClockSkew)),
        (
            "Microsoft's five minutes",
            at(-300),
            at(3600),
            &at(-300),
            None,
        ),
        ("good for a day", at(0), at(86_400), "", None),
        (
            "good for longer",
            at(0),
            at(86_401),
            "",
            Some(Cause::TokenClaims),
        ),
        (
            "a week old",
            at(-7 * 86_400),
            at(3600),
            "",
            Some(Cause::TokenClaims),
        ),
        (
            "ends before it begins",
            at(10),
            at(5),
            "",
            Some(Cause::TokenClaims),
        ),
    ] {
        let changes = [("iat", iat.as_str()), ("exp", &exp), ("nbf", nbf)];
        assert_eq!(cause(&changes), expected, "{what}");
    }
}

#[test]
fn a_time_of_a_wrong_type_is_never_absent() {
    for name in ["exp", "iat", "nbf"] {
        for value in [
            "null",
            "true",
            "[]",
            "{}",
            r#""1800000000""#,
            r#""""#,
            "-1",
            "-0.5",
            "1e300",
            "1e11",
        ] {
            assert_eq!(
                cause(&[(name, value)]),
                Some(Cause::TokenClaims),
                "{name} {value}"
            );
        }
        let fraction = format!("{NOW}.25");
        let fits = if name == "exp" {
            "1800000060.25"
        } else {
            &fraction
        };
        assert_eq!(cause(&[(name, fits)]), None, "{name}");
    }
    assert_eq!(cause(&[("exp", "")]), Some(Cause::TokenClaims));
    assert_eq!(cause(&[("iat", "")]), Some(Cause::TokenClaims));
    assert_eq!(cause(&[("nbf", "")]), None);
}

#[test]
fn the_nonce_is_the_attempts() {
    for nonce in [
        r#""n-11""#,
        r#""n-""#,
        r#""""#,
        "null",
        "7",
        r#"["n-1"]"#,
        "",
    ] {
        assert_eq!(
            cause(&[("nonce", nonce)]),
            Some(Cause::TokenNonce),
            "{nonce}"
        );
    }
    let object = json::object(br#"{"nonce":""}"#).expect("JSON");
    let nothing = Expected {
        nonce: "",
        ..expected(Provider::Okta)
    };
    assert!(nonce(&object, &nothing).is_err());
}

#[test]
fn the_hash_of_the_access_token_is_checked_where_it_is() {
    let hash = digest::digest(&digest::SHA256, b"at-1");
    let good = URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]);
    let whole = URL_SAFE_NO_PAD.encode(hash.as_ref());
    assert_eq!(cause(&[("at_hash", &format!("{good:?}"))]), None);
    for bad in [
        format!("{whole:?}"),
        format!("\"{good}=\""),
        "\"\"".into(),
        "null".into(),
        "7".into(),
    ] {
        assert_eq!(
            cause(&[("at_hash", &bad)]),
            Some(Cause::TokenClaims),
            "{bad}"
        );
    }
}

#[test]
fn a_maximum_age_asked_for_is_kept() {
    let at = |offset: i64| {
        format!(
            r#"{{"auth_time":{},"iat":{NOW},"exp":{}}}"#,
            NOW + offset,
            NOW + 60
        )
    };
    let asked = Expected {
        max_age: Some(300),
        ..expected(Provider::Okta)
    };
    for (text, expected) in [
        (at(-360), None),
        (at(-361), Some(Cause::LoginRequired)),
        (
            format!(r#"{{"iat":{NOW},"exp":{NOW}}}"#),
            Some(Cause::TokenClaims),
        ),
        (
            format!(r#"{{"auth_time":"{NOW}","iat":{NOW},"exp":{NOW}}}"#),
            Some(Cause::TokenClaims),
        ),
    ] {
        let claims = json::object(text.as_bytes()).expect("JSON");
        assert_eq!(
            times(&claims, &asked).err().map(|it| it.cause),
            expected,
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn no_claims_make_it_panic(name in "iss|aud|exp|iat|nbf|sub|nonce|azp|at_hash|email", value in "[-0-9a-z\"\\[\\]{}.,:e+]{0,40}") {
        let text = format!("{{{name:?}:{value}}}");
        if let Ok(object) = json::object(text.as_bytes()) {
            prop_assert!(check(&object, &expected(Provider::Okta)).is_err());
        }
    }
}
