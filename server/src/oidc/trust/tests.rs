//! What is kept of a provider, for how long, and for whom.

use api::Cause;

use crate::oidc::{
    Outbound, OutboundSettings, RelyingParty,
    rig::{NOW, Rig},
    signer::{EC, OTHER_RSA, RSA},
    stand_in::Answer,
};

#[tokio::test]
async fn es256_and_a_single_key_without_a_name_are_accepted() {
    for (signer, header) in [
        (&*EC, r#"{"alg":"ES256","kid":"e1"}"#),
        (&*EC, r#"{"alg":"ES256","typ":"JWT"}"#),
        (&*RSA, r#"{"alg":"RS256"}"#),
    ] {
        let rig = Rig::new().await;
        rig.manners(|it| {
            (it.signer, it.header) = (signer, header.into());
            it.keys.push(EC.jwk("e1", ""));
        });
        rig.exchange().await.expect(header);
    }
}

#[tokio::test]
async fn rotated_keys_are_fetched_once_and_replace_the_old_ones() {
    let rig = Rig::new().await;
    rig.exchange().await.expect("a person");
    rig.manners(|it| {
        it.keys = vec![OTHER_RSA.jwk("k2", "")];
        (it.signer, it.header) = (&OTHER_RSA, r#"{"alg":"RS256","kid":"k2"}"#.into());
    });
    rig.exchange_at(1, None).await.expect("a person");
    assert_eq!(rig.server.times("/keys"), 2);
    // The old key is gone with the old set; within the minute nothing more is fetched.
    rig.manners(|it| (it.signer, it.header) = (&RSA, r#"{"alg":"RS256","kid":"k1"}"#.into()));
    for second in 2..10 {
        let failure = rig
            .exchange_at(second, None)
            .await
            .expect_err("a withdrawn key");
        assert_eq!(failure.cause, Cause::SigningKeyUnknown);
    }
    assert_eq!(rig.server.times("/keys"), 2);
    assert_eq!(
        rig.exchange_at(61, None).await.expect_err("still").cause,
        Cause::SigningKeyUnknown
    );
    assert_eq!(rig.server.times("/keys"), 3);
}

#[tokio::test]
async fn what_was_good_serves_through_an_outage_of_discovery_and_keys() {
    let rig = Rig::new().await;
    rig.exchange().await.expect("a person");
    let day = 25 * 3600;
    rig.manners(|it| {
        it.instead
            .insert("openid-configuration", Answer::status(503, "maintenance"));
        it.instead.insert("/keys", Answer::Drop);
        it.claims.insert("iat", (NOW + day).to_string());
        it.claims.insert("exp", (NOW + day + 60).to_string());
    });
    rig.exchange_at(day, None).await.expect("a person");
    // And a document that names another issuer is no better than none.
    rig.manners(|it| {
        it.instead.remove("openid-configuration");
        it.discovery
            .insert("issuer", r#""https://evil.test""#.into());
    });
    rig.exchange_at(day + 61, None).await.expect("a person");
    assert_eq!(rig.server.times("openid-configuration"), 3);
}

#[tokio::test]
async fn connections_and_versions_share_nothing() {
    let mut rig = Rig::new().await;
    rig.exchange().await.expect("a person");
    for (id, version) in [("c1", 2), ("c2", 2)] {
        let before = rig.server.times("/keys");
        (rig.connection.id, rig.connection.version) = (id.into(), version);
        rig.exchange().await.expect("a person");
        assert_eq!(rig.server.times("/keys"), before + 1, "{id} {version}");
    }
    rig.relying.forget("c2");
    rig.exchange().await.expect("a person");
    assert_eq!(rig.server.times("/keys"), 4);
}

#[tokio::test]
async fn discovery_and_keys_that_cannot_be_had_have_their_causes() {
    for (path, answer, expected) in [
        ("openid-configuration", Answer::Drop, Cause::Unreachable),
        (
            "openid-configuration",
            Answer::Plain(302, "Location: /x\r\n".into(), Vec::new()),
            Cause::Redirected,
        ),
        (
            "openid-configuration",
            Answer::json("<html>"),
            Cause::DiscoveryMalformed,
        ),
        (
            "openid-configuration",
            Answer::json("x".repeat(2 << 20)),
            Cause::DiscoveryMalformed,
        ),
        (
            "openid-configuration",
            Answer::json("[".repeat(100_000)),
            Cause::DiscoveryMalformed,
        ),
        (
            "openid-configuration",
            Answer::status(404, r#"{"errorCode":"E0000007"}"#),
            Cause::MetadataNotFound,
        ),
        (
            "openid-configuration",
            Answer::status(503, "maintenance"),
            Cause::ProviderUnavailable,
        ),
        (
            "openid-configuration",
            Answer::status(403, "no"),
            Cause::ProviderForbidden,
        ),
        (
            "openid-configuration",
            Answer::status(429, "{}"),
            Cause::RateLimited,
        ),
        (
            "openid-configuration",
            Answer::Raw(Vec::new()),
            Cause::ProviderSlow,
        ),
        ("/keys", Answer::status(429, "{}"), Cause::RateLimited),
        ("/keys", Answer::status(404, "{}"), Cause::KeysUnreadable),
        ("/keys", Answer::Drop, Cause::KeysUnreadable),
        (
            "/keys",
            Answer::status(500, "{}"),
            Cause::ProviderUnavailable,
        ),
        (
            "/keys",
            Answer::json(r#"{"keys":[]}"#),
            Cause::KeysUnreadable,
        ),
        ("/userinfo", Answer::Drop, Cause::UserinfoUnreadable),
        (
            "/userinfo",
            Answer::status(401, "{}"),
            Cause::UserinfoUnreadable,
        ),
    ] {
        let rig = Rig::new().await;
        rig.manners(|it| {
            it.instead.insert(path, answer.clone());
        });
        assert_eq!(rig.cause().await, expected, "{path} {answer:.60?}");
    }
}

#[tokio::test]
async fn an_address_that_may_not_be_called_is_told_as_our_own_rule() {
    let mut rig = Rig::new().await;
    rig.relying = RelyingParty::new(Outbound::new(OutboundSettings::default()));
    let failure = rig
        .relying
        .prepare(&rig.connection, None, 0)
        .await
        .expect_err("loopback");
    assert_eq!(failure.cause, Cause::AddressPrivate);
    assert_eq!(failure.said.as_deref(), Some("127.0.0.1"));
    assert_eq!(rig.server.connections(), 0);
}
