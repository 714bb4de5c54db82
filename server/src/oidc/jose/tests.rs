//! Tokens that must not pass, and the few that must.

mod weak_keys;

use super::*;
use crate::oidc::signer::{EC, OTHER_RSA, RSA, encoded};

const HEADER: &str = r#"{"alg":"RS256","kid":"k1","typ":"JWT"}"#;
const PAYLOAD: &str = r#"{"sub":"00u1"}"#;

fn cause(token: &str) -> Option<Cause> {
    parse(token).err().map(|failure| failure.cause)
}

fn header_cause(header: &str) -> Option<Cause> {
    cause(&RSA.token(header, PAYLOAD))
}

#[test]
fn a_token_of_either_algorithm_passes_with_its_own_key_only() {
    let (rsa, other, ec) = (RSA.key(None), OTHER_RSA.key(None), EC.key(None));
    let token = RSA.token(HEADER, PAYLOAD);
    let token = parse(&token).expect("a token");
    assert_eq!(token.kid.as_deref(), Some("k1"));
    assert!(token.is_signed_by(&rsa));
    assert!(!token.is_signed_by(&other) && !token.is_signed_by(&ec));
    assert_eq!(token.claims().expect("claims").text("sub"), Some("00u1"));
    let token = EC.token(r#"{"alg":"ES256"}"#, PAYLOAD);
    let token = parse(&token).expect("a token");
    assert!(token.is_signed_by(&ec) && !token.is_signed_by(&rsa));
}

#[test]
fn the_algorithm_is_from_our_list_and_never_the_tokens() {
    for alg in [
        r#""none""#,
        r#""None""#,
        r#""NONE""#,
        r#""nOnE""#,
        r#""HS256""#,
        r#""HS512""#,
        r#""RS384""#,
        r#""RS512""#,
        r#""PS256""#,
        r#""ES384""#,
        r#""ES256K""#,
        r#""EdDSA""#,
        r#""rs256""#,
        r#""RS256 ""#,
        r#""""#,
        "null",
        "256",
        r#"["RS256"]"#,
        "{}",
    ] {
        let header = format!(r#"{{"alg":{alg},"kid":"k1"}}"#);
        assert_eq!(header_cause(&header), Some(Cause::TokenAlgorithm), "{alg}");
    }
    assert_eq!(header_cause(r#"{"kid":"k1"}"#), Some(Cause::TokenAlgorithm));
    // An ECDSA signature under a header that says RSA, and the reverse.
    let crossed = EC.token(HEADER, PAYLOAD);
    assert!(!parse(&crossed).expect("a form").is_signed_by(&EC.key(None)));
    let crossed = RSA.token(r#"{"alg":"ES256"}"#, PAYLOAD);
    assert!(
        !parse(&crossed)
            .expect("a form")
            .is_signed_by(&RSA.key(None))
    );
}

#[test]
fn a_header_that_brings_a_key_or_an_extension_is_refused() {
    for (member, cause) in [
        (r#""jwk":{"kty":"RSA"}"#, Cause::SigningKeyUnknown),
        (
            r#""jku":"https://evil.test/keys""#,
            Cause::SigningKeyUnknown,
        ),
        (
            r#""x5u":"https://evil.test/cert""#,
            Cause::SigningKeyUnknown,
        ),
        (r#""x5c":["MIIB"]"#, Cause::SigningKeyUnknown),
        (r#""crit":["exp"],"exp":1"#, Cause::TokenAlgorithm),
        (r#""crit":[]"#, Cause::TokenAlgorithm),
        (r#""b64":false"#, Cause::TokenAlgorithm),
        (r#""b64":true"#, Cause::TokenAlgorithm),
        (r#""typ":"at+jwt""#, Cause::TokenClaims),
        (r#""typ":"logout+jwt""#, Cause::TokenClaims),
        (r#""typ":"JWE""#, Cause::TokenClaims),
        (r#""typ":7"#, Cause::TokenClaims),
        (r#""typ":null"#, Cause::TokenClaims),
        (r#""alg":"RS256""#, Cause::TokenClaims),
    ] {
        let header = format!(r#"{{"alg":"RS256","kid":"k1",{member}}}"#);
        assert_eq!(header_cause(&header), Some(cause), "{member}");
    }
    for member in [
        r#""typ":"jwt""#,
        r#""typ":"JWT""#,
        r#""x5t":"abc""#,
        r#""cty":"x""#,
    ] {
        let header = format!(r#"{{"alg":"RS256",{member}}}"#);
        assert_eq!(header_cause(&header), None, "{member}");
    }
}

#[test]
fn a_kid_that_can_be_nobodys_is_a_plain_miss() {
    for kid in ["7", "null", "[]", "{}", &format!("{:?}", "x".repeat(257))] {
        let header = format!(r#"{{"alg":"RS256","kid":{kid}}}"#);
        assert_eq!(
            header_cause(&header),
            Some(Cause::SigningKeyUnknown),
            "{kid}"
        );
    }
    for kid in [
        r#""../../etc/x""#,
        r#""' OR 1=1--""#,
        r#""\u0000""#,
        r#""🔑""#,
    ] {
        let header = format!(r#"{{"alg":"RS256","kid":{kid}}}"#);
        assert_eq!(header_cause(&header), None, "{kid}");
    }
}

#[test]
fn base64_and_form_are_strict() {
    let good = RSA.token(HEADER, PAYLOAD);
    let parts: Vec<&str> = good.split('.').collect();
    let [header, payload, signature] = parts[..] else {
        panic!("three parts")
    };
    let join =
        |header: &str, payload: &str, signature: &str| format!("{header}.{payload}.{signature}");
    // 256 bytes end in two characters of which the last has four bits that mean nothing.
    let tail = format!("{}B", &signature[..signature.len() - 1]);
    for (what, token, cause_) in [
        (
            "padding",
            join(header, payload, &format!("{signature}==")),
            Cause::TokenClaims,
        ),
        (
            "a blank",
            join(header, payload, &format!(" {signature}")),
            Cause::TokenClaims,
        ),
        (
            "a line end",
            join(header, payload, &format!("{signature}\n")),
            Cause::TokenClaims,
        ),
        (
            "tail bits",
            join(header, payload, &tail),
            Cause::TokenClaims,
        ),
        (
            "standard alphabet",
            join(header, payload, "+/+/"),
            Cause::TokenClaims,
        ),
        (
            "no signature",
            join(header, payload, ""),
            Cause::TokenAlgorithm,
        ),
        (
            "two parts",
            format!("{header}.{payload}"),
            Cause::TokenAlgorithm,
        ),
        ("four parts", format!("{good}.x"), Cause::TokenAlgorithm),
        (
            "a dot at the end",
            format!("{good}."),
            Cause::TokenAlgorithm,
        ),
        ("five parts", format!("{good}.x.y"), Cause::TokenAlgorithm),
        (
            "encrypted",
            format!(
                "{}.k.v.t.t",
                URL_SAFE_NO_PAD.encode(r#"{"alg":"RSA-OAEP-256","enc":"A256GCM"}"#)
            ),
            Cause::TokenEncrypted,
        ),
        ("nothing", String::new(), Cause::TokenAlgorithm),
        (
            "no header",
            join("", payload, signature),
            Cause::TokenClaims,
        ),
        (
            "a header that is an array",
            RSA.token("[]", PAYLOAD),
            Cause::TokenClaims,
        ),
        (
            "bytes behind the header",
            RSA.token(&format!("{HEADER}x"), PAYLOAD),
            Cause::TokenClaims,
        ),
        (
            "over 64 KiB",
            RSA.token(HEADER, &"x".repeat(64 * 1024)),
            Cause::TokenClaims,
        ),
    ] {
        assert_eq!(cause(&token), Some(cause_), "{what}");
    }
    for payload in ["[]", "{} ", "{}{}", "\u{feff}{}", r#"{"a":1,"a":2}"#, "7"] {
        let token = RSA.token(HEADER, payload);
        let claims = parse(&token).expect("a form").claims();
        let blank = payload == "{} ";
        assert_eq!(claims.is_ok(), blank, "{payload:?}");
    }
}

#[test]
fn a_changed_token_is_not_signed() {
    let key = RSA.key(None);
    let good = RSA.token(HEADER, PAYLOAD);
    let (signed, signature) = good.rsplit_once('.').expect("a signature");
    let other = encoded(br#"{"sub":"00u2"}"#);
    let header = signed.split('.').next().expect("a header");
    let short = encoded(&base64url(signature).expect("bytes")[1..]);
    for token in [
        format!("{header}.{other}.{signature}"),
        format!("{signed}.{short}"),
        format!("{signed}.{}", encoded(&[0; 256])),
        format!("{signed}.AA"),
    ] {
        assert!(
            !parse(&token).expect("a form").is_signed_by(&key),
            "{token}"
        );
    }
}

#[test]
fn ecdsa_signatures_are_64_bytes_and_not_zero() {
    let key = EC.key(None);
    let good = EC.token(r#"{"alg":"ES256"}"#, PAYLOAD);
    let (signed, _) = good.rsplit_once('.').expect("a signature");
    let raw = EC.signature(signed.as_bytes());
    let der = der(&raw);
    for (what, signature) in [
        ("r = s = 0", vec![0; 64]),
        ("r = 0", [vec![0; 32], raw[32..].to_vec()].concat()),
        ("DER", der),
        ("63 bytes", raw[..63].to_vec()),
        ("65 bytes", [raw.clone(), vec![0]].concat()),
    ] {
        let token = format!("{signed}.{}", encoded(&signature));
        assert!(!parse(&token).expect("a form").is_signed_by(&key), "{what}");
    }
    let token = format!("{signed}.{}", encoded(&raw));
    assert!(parse(&token).expect("a form").is_signed_by(&key));
}

/// SEQUENCE of two INTEGERs.
fn der(raw: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| [&[2, 33, 0][..], bytes].concat();
    let both = [integer(&raw[..32]), integer(&raw[32..])].concat();
    [vec![0x30, u8::try_from(both.len()).expect("short")], both].concat()
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_parts_make_it_panic(header: Vec<u8>, payload: Vec<u8>, signature: Vec<u8>) {
        let token = format!("{}.{}.{}", encoded(&header), encoded(&payload), encoded(&signature));
        let _ = parse(&token);
        let token = format!("{}.{}.{}", encoded(HEADER.as_bytes()), encoded(&payload), encoded(&signature));
        if let Ok(token) = parse(&token) {
            let _ = token.claims();
            proptest::prop_assert!(!token.is_signed_by(&RSA.key(None)));
        }
    }
}
