//! Documents with good, bad and too many keys.

use super::*;
use crate::oidc::{
    jose,
    signer::{EC, OTHER_RSA, RSA, Signer},
};

fn set(keys: &[String]) -> Result<KeySet, Malformed> {
    KeySet::parse(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes())
}

fn finding(keys: &[String], signer: &Signer, header: &str) -> Finding {
    let token = signer.token(header, "{}");
    let token = jose::parse(&token).expect("a form");
    set(keys).expect("keys").check(&token)
}

#[test]
fn the_named_key_decides() {
    let keys = [RSA.jwk("k1", ""), OTHER_RSA.jwk("k2", ""), EC.jwk("k3", "")];
    for (signer, header, expected) in [
        (&*RSA, r#"{"alg":"RS256","kid":"k1"}"#, Finding::Signed),
        (&*EC, r#"{"alg":"ES256","kid":"k3"}"#, Finding::Signed),
        (&*RSA, r#"{"alg":"RS256","kid":"k2"}"#, Finding::Forged),
        (&*RSA, r#"{"alg":"RS256","kid":"k9"}"#, Finding::NoKey),
        (&*RSA, r#"{"alg":"RS256","kid":"K1"}"#, Finding::NoKey),
        (&*RSA, r#"{"alg":"RS256","kid":"k3"}"#, Finding::NoKey),
        (&*RSA, r#"{"alg":"ES256","kid":"k1"}"#, Finding::NoKey),
        (&*RSA, r#"{"alg":"RS256"}"#, Finding::Undecided),
        (&*EC, r#"{"alg":"ES256"}"#, Finding::Signed),
    ] {
        assert_eq!(finding(&keys, signer, header), expected, "{header}");
    }
}

#[test]
fn without_a_name_only_the_one_fitting_key_counts() {
    let header = r#"{"alg":"RS256"}"#;
    let with = |keys: &[String], signer| finding(keys, signer, header);
    assert_eq!(with(&[RSA.jwk("k1", "")], &RSA), Finding::Signed);
    assert_eq!(
        with(&[RSA.jwk("k1", ""), EC.jwk("k2", "")], &RSA),
        Finding::Signed
    );
    assert_eq!(with(&[RSA.jwk("k1", "")], &OTHER_RSA), Finding::NoKey);
    assert_eq!(with(&[EC.jwk("k2", "")], &RSA), Finding::NoKey);
}

#[test]
fn two_keys_of_one_name_are_both_tried() {
    let keys = [RSA.jwk("k1", ""), OTHER_RSA.jwk("k1", "")];
    let header = r#"{"alg":"RS256","kid":"k1"}"#;
    assert_eq!(finding(&keys, &RSA, header), Finding::Signed);
    assert_eq!(finding(&keys, &OTHER_RSA, header), Finding::Signed);
    let keys = [OTHER_RSA.jwk("k1", ""), OTHER_RSA.jwk("k1", "")];
    assert_eq!(finding(&keys, &RSA, header), Finding::Forged);
}

#[test]
fn bad_entries_are_skipped_and_the_good_one_works() {
    let good = RSA.jwk(
        "good",
        r#","use":"sig","alg":"RS256","key_ops":["verify"],"x5c":["x"]"#,
    );
    for bad in [
        r#"{"kty":"oct","kid":"good","k":"c2VjcmV0"}"#.to_owned(),
        OTHER_RSA.jwk("good", r#","use":"enc""#),
        OTHER_RSA.jwk("good", r#","use":7"#),
        OTHER_RSA.jwk("good", r#","alg":"RS512""#),
        OTHER_RSA.jwk("good", r#","alg":"ES256""#),
        OTHER_RSA.jwk("good", r#","key_ops":["encrypt"]"#),
        OTHER_RSA.jwk("good", r#","key_ops":"verify""#),
        OTHER_RSA.jwk("good", r#","d":"AQAB""#),
        r#"{"kty":"RSA","kid":7,"n":"AQAB","e":"AQAB"}"#.to_owned(),
        r#"{"kty":"RSA","kid":"good","n":"AQAB=","e":"AQAB"}"#.to_owned(),
        r#"{"kty":"RSA","kid":"good","n":7,"e":"AQAB"}"#.to_owned(),
        r#"{"kty":"RSA","kid":"good"}"#.to_owned(),
        EC.jwk("good", r#","use":"enc""#),
        EC.jwk("good", "").replace("P-256", "P-192"),
        EC.jwk("good", "").replace("P-256", "secp256k1"),
        r#"{"kty":"OKP","crv":"Ed25519","kid":"good","x":"AAAA"}"#.to_owned(),
        r#"{"kty":"x"}"#.to_owned(),
        "{}".to_owned(),
        "null".to_owned(),
        "[]".to_owned(),
        "7".to_owned(),
    ] {
        assert!(set(std::slice::from_ref(&bad)).is_err(), "{bad}");
        let read = set(&[bad.clone(), good.clone()]).expect("keys");
        assert_eq!(read.len(), 1, "{bad}");
        let header = r#"{"alg":"RS256","kid":"good"}"#;
        assert_eq!(
            finding(&[bad.clone(), good.clone()], &RSA, header),
            Finding::Signed,
            "{bad}"
        );
    }
}

#[test]
fn documents_that_are_none_are_refused() {
    for text in [
        "",
        "{}",
        "[]",
        r#"{"keys":{}}"#,
        r#"{"keys":null}"#,
        r#"{"keys":[]}"#,
        "<html>",
        r#"{"keys":[],"keys":[]}"#,
    ] {
        assert!(KeySet::parse(text.as_bytes()).is_err(), "{text}");
    }
    let hundred: Vec<String> = (0..100).map(|n| RSA.jwk(&format!("k{n}"), "")).collect();
    assert_eq!(set(&hundred).expect("keys").len(), 100);
    let more = [hundred, vec!["{}".to_owned()]].concat();
    assert!(set(&more).is_err());
    assert!(set(&vec!["{}".to_owned(); 10_000]).is_err());
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let _ = KeySet::parse(&bytes);
    }

    #[test]
    fn no_numbers_make_it_panic(n: Vec<u8>, e: Vec<u8>, x: [u8; 32], y: [u8; 32]) {
        let _ = Key::rsa(None, &n, &e);
        let _ = Key::p256(None, &x, &y);
    }
}
