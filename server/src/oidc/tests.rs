//! The whole way, from discovery to the person, against a provider that means well or ill.

use std::collections::BTreeMap;

use api::{Cause, Email, OktaLogin};
use url::form_urlencoded;

use super::{
    rig::{NOW, REDIRECT, Rig},
    signer::{EC, OTHER_RSA, RSA},
    stand_in::Answer,
};

#[tokio::test]
async fn an_honest_provider_names_the_person() {
    let rig = Rig::new().await;
    let person = rig.exchange().await.expect("a person");
    assert_eq!(
        (person.issuer.as_str(), person.sub.as_str()),
        (&*rig.server.base, "00u1")
    );
    let logins: Vec<&str> = person.names.logins().map(OktaLogin::as_str).collect();
    assert_eq!(logins, ["ada"]);
    assert_eq!(
        person.names.email.value().map(Email::as_str),
        Some("ada@acme.example")
    );
    assert_eq!(person.skew_ms, Some(2000));
    let claim = |name: &str| {
        person
            .claims
            .iter()
            .find(|claim| claim.name == name)
            .cloned()
    };
    let email = claim("email").expect("a claim");
    assert_eq!(email.id_token, email.userinfo);
    assert_eq!(claim("given_name").expect("a claim").id_token, None);
    assert_eq!(claim("iat").expect("a claim").userinfo, None);
    assert!(person.claims.is_sorted_by(|a, b| a.name < b.name));

    let asked = rig.server.asked();
    let paths: Vec<&str> = asked
        .iter()
        .map(|it| it.path.rsplit('/').next().expect("a path"))
        .collect();
    assert_eq!(paths, ["openid-configuration", "token", "keys", "userinfo"]);
    assert_eq!(asked[3].header("authorization"), Some("Bearer at-1"));
    let form: BTreeMap<String, String> = form_urlencoded::parse(asked[1].body.as_bytes())
        .into_owned()
        .collect();
    assert_eq!(form["redirect_uri"], REDIRECT);
    assert_eq!(form["code_verifier"], "v".repeat(43));
    assert_eq!(rig.server.connections(), 1);

    // From now on only what cannot be kept is asked for.
    rig.exchange().await.expect("a person");
    assert_eq!(rig.server.asked().len(), 6);
}

#[tokio::test]
async fn a_token_that_breaks_a_rule_ends_before_userinfo() {
    for (what, change, expected) in [
        ("iss", ("iss", r#""https://evil.test""#), Cause::TokenIssuer),
        ("aud", ("aud", r#""0oa2""#), Cause::TokenAudience),
        ("azp", ("azp", r#""0oa2""#), Cause::TokenAudience),
        ("nonce", ("nonce", r#""n""#), Cause::TokenNonce),
        ("no sub", ("sub", ""), Cause::TokenClaims),
        (
            "at_hash",
            ("at_hash", r#""AAAAAAAAAAAAAAAAAAAAAA""#),
            Cause::TokenClaims,
        ),
        ("expired", ("exp", "1795289000"), Cause::TokenExpired),
        ("ahead", ("iat", "1795289999"), Cause::ClockSkew),
    ] {
        let rig = Rig::new().await;
        rig.manners(|it| {
            it.claims.insert(change.0, change.1.to_owned());
        });
        assert_eq!(rig.cause().await, expected, "{what}");
        assert_eq!(rig.server.times("/userinfo"), 0, "{what}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_signed_by_the_provider_ends_before_userinfo() {
    let rsa = r#"{"alg":"RS256","kid":"k1"}"#;
    for (what, signer, header, expected) in [
        ("another key", &*OTHER_RSA, rsa, Cause::TokenSignature),
        (
            "none",
            &*RSA,
            r#"{"alg":"none","kid":"k1"}"#,
            Cause::TokenAlgorithm,
        ),
        (
            "HS256",
            &*RSA,
            r#"{"alg":"HS256","kid":"k1"}"#,
            Cause::TokenAlgorithm,
        ),
        (
            "no such kid",
            &*RSA,
            r#"{"alg":"RS256","kid":"k9"}"#,
            Cause::SigningKeyUnknown,
        ),
        ("crossed", &*EC, rsa, Cause::TokenSignature),
        (
            "its own key",
            &*RSA,
            r#"{"alg":"RS256","kid":"k1","jku":"http://127.0.0.1:9/k"}"#,
            Cause::SigningKeyUnknown,
        ),
    ] {
        let rig = Rig::new().await;
        rig.manners(|it| (it.signer, it.header) = (signer, header.into()));
        assert_eq!(rig.cause().await, expected, "{what}");
        assert_eq!(rig.server.times("/userinfo"), 0, "{what}");
    }
}

#[tokio::test]
async fn a_failed_token_request_is_never_sent_again() {
    for (answer, expected) in [
        (Answer::Drop, Cause::TokenUnreachable),
        (Answer::Raw(Vec::new()), Cause::TokenUnreachable),
        (Answer::status(503, ""), Cause::ProviderError),
        (
            Answer::status(401, r#"{"error":"invalid_client"}"#),
            Cause::AuthenticationRefused,
        ),
        (
            Answer::Plain(307, "Location: /oauth2/v1/elsewhere\r\n".into(), Vec::new()),
            Cause::TokenMalformed,
        ),
        (
            Answer::Plain(200, String::new(), vec![b' '; 2 << 20]),
            Cause::TokenMalformed,
        ),
    ] {
        let rig = Rig::new().await;
        // A connection that is kept must not tempt anybody to try once more.
        rig.relying
            .prepare(&rig.connection, None, NOW * 1000)
            .await
            .expect("discovery");
        rig.manners(|it| {
            it.instead.insert("/token", answer.clone());
        });
        let failure = rig.exchange().await.expect_err("a failure");
        assert_eq!(failure.cause, expected, "{answer:?}");
        assert_eq!(rig.server.times("/token"), 1, "{answer:?}");
        assert_eq!(
            rig.server.times("/elsewhere") + rig.server.times("/userinfo"),
            0
        );
        let told = format!("{failure:?}");
        assert!(
            !told.contains("SECRET") && !told.contains("vvvv") && !told.contains("PrAcTiCe"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn the_callbacks_issuer_is_compared_before_anything_is_sent() {
    const OURS: &str = "ours";
    for (promised, iss, fits) in [
        ("", None, true),
        ("", Some(OURS), true),
        ("", Some("https://evil.test"), false),
        ("", Some(""), false),
        ("true", None, false),
        ("true", Some(OURS), true),
    ] {
        let rig = Rig::new().await;
        rig.manners(|it| {
            let name = "authorization_response_iss_parameter_supported";
            it.discovery.insert(name, promised.into());
        });
        let iss = iss.map(|iss| if iss == OURS { &*rig.server.base } else { iss });
        let outcome = rig.exchange_at(0, iss).await;
        let cause = outcome.err().map(|failure| failure.cause);
        assert_eq!(
            cause,
            (!fits).then_some(Cause::CallbackIssuer),
            "{promised} {iss:?}"
        );
        assert_eq!(
            rig.server.times("/token"),
            usize::from(fits),
            "{promised} {iss:?}"
        );
    }
}

#[tokio::test]
async fn userinfo_must_be_about_the_same_person_and_agree() {
    for (userinfo, expected) in [
        (r#"{"sub":"00u2"}"#, Cause::UserinfoSub),
        (
            r#"{"sub":"00u1","email":"eve@acme.example"}"#,
            Cause::EmailsDiffer,
        ),
        ("[]", Cause::UserinfoUnreadable),
    ] {
        let rig = Rig::new().await;
        rig.manners(|it| it.userinfo = userinfo.into());
        assert_eq!(rig.cause().await, expected, "{userinfo}");
    }
    let rig = Rig::new().await;
    rig.manners(|it| {
        it.claims.insert("email", String::new());
        it.claims.insert("preferred_username", String::new());
        it.userinfo = r#"{"sub":"00u1"}"#.into();
    });
    // Who it is was proved all the same: an account that is linked needs no name.
    let person = rig.exchange().await.expect("a person");
    assert_eq!((person.sub.as_str(), person.names.shown()), ("00u1", None));
}

#[tokio::test]
async fn a_wrong_clock_is_named_in_place_of_its_victim() {
    let rig = Rig::new().await;
    // We are two hours ahead of the provider: its fresh token looks expired.
    let failure = rig.exchange_at(7200, None).await.expect_err("a failure");
    assert_eq!(failure.cause, Cause::ClockFast);
    assert!(
        failure.detail.contains("-7198 s ahead"),
        "{}",
        failure.detail
    );
}
