//! Each fault can be seen from outside, and is gone when it is switched off.

use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use okta_simulator::{Fault, PracticeOkta};
use serde_json::Value;

use crate::rp::{ADA, CALLBACK, NOON, Rp, VERIFIER, basic, claims, form_request, part};

/// What a fault is expected to change. One line a fault: a new one does not compile until it has its line.
enum Seen {
    /// Discovery, userinfo, keys or the token endpoint answers so: path, status, and a part of the text.
    Answer(&'static str, u16, &'static str),
    /// Endless: the answer passes this many bytes.
    Huge(&'static str),
    Slow(&'static str),
    /// The way back has this in it, or, after `!`, has not.
    Callback(&'static str),
    TokenAnswer(fn(&str) -> bool),
    IdToken(fn(&Value) -> bool),
    Header(fn(&Value) -> bool),
    Payload(&'static str),
    /// A code that nobody has is refused in these words.
    Refusal(&'static str),
    Dropped,
    /// A code that is fetched while the fault is on has lost its challenge.
    Unchallenged,
    Date(&'static str),
}

const DISCOVERY: &str = "/.well-known/openid-configuration";
const KEYS: &str = "/oauth2/v1/keys";
const TOKEN: &str = "/oauth2/v1/token";
const USERINFO: &str = "/oauth2/v1/userinfo";
const NOW: i64 = NOON / 1000;

fn expected(fault: Fault) -> Seen {
    match fault {
        Fault::Down => Seen::Answer(DISCOVERY, 503, "503"),
        Fault::Slow(_) => Seen::Slow(DISCOVERY),
        Fault::RateLimited => Seen::Answer(TOKEN, 429, "E0000047"),
        Fault::ClockSkew(_) => Seen::Date("Wed, 01 Jul 2026 12:10:00 GMT"),
        Fault::DiscoveryIssuerMismatch => Seen::Answer(DISCOVERY, 200, "/elsewhere\""),
        Fault::DiscoveryHtml => Seen::Answer(DISCOVERY, 200, "<!doctype html>"),
        Fault::DiscoveryOtherHost => Seen::Answer(DISCOVERY, 200, "http://elsewhere.invalid/token"),
        Fault::DiscoveryHuge => Seen::Huge(DISCOVERY),
        Fault::DiscoveryRedirect => Seen::Answer(DISCOVERY, 302, ""),
        Fault::DiscoveryStatus(_) => Seen::Answer(DISCOVERY, 503, "no metadata"),
        Fault::DiscoveryPromisesIssuer => Seen::Answer(
            DISCOVERY,
            200,
            "\"authorization_response_iss_parameter_supported\":true",
        ),
        Fault::KeysLate => Seen::Answer(KEYS, 200, "!},{"),
        Fault::KeysEmpty => Seen::Answer(KEYS, 200, "{\"keys\":[]}"),
        Fault::KeysHuge => Seen::Huge(KEYS),
        Fault::KeysHtml => Seen::Answer(KEYS, 200, "<!doctype html>"),
        Fault::KeysDown => Seen::Answer(KEYS, 503, "503"),
        Fault::KeysSlow(_) => Seen::Slow(KEYS),
        Fault::AccessDenied => Seen::Callback("error=access_denied"),
        Fault::RequestExpired => Seen::Callback("error=login_required"),
        Fault::ScopeUnknown => Seen::Callback("error=invalid_scope"),
        Fault::StateRefused => Seen::Callback("error=invalid_request"),
        Fault::ChallengeForgotten => Seen::Unchallenged,
        Fault::CodeAndError => Seen::Callback("&error=access_denied"),
        Fault::CallbackStateWrong => Seen::Callback("state=the+state1"),
        Fault::CallbackStateMissing => Seen::Callback("!state="),
        Fault::CallbackStateTwice => Seen::Callback("state=the+state&state=the+state"),
        Fault::CallbackIssuerWrong => Seen::Callback("iss=http%3A%2F%2Felsewhere.invalid"),
        Fault::Token500 => Seen::Answer(TOKEN, 500, ""),
        Fault::TokenHtml => Seen::Answer(TOKEN, 200, "<!doctype html>"),
        Fault::TokenHuge => Seen::Huge(TOKEN),
        Fault::TokenSlow(_) => Seen::Slow(TOKEN),
        Fault::TokenRedirect => Seen::Answer(TOKEN, 302, ""),
        Fault::TokenDropped => Seen::Dropped,
        Fault::TokenInvalidClient => Seen::Answer(TOKEN, 401, "\"invalid_client\""),
        Fault::TokenAuthenticationFailed => {
            Seen::Answer(TOKEN, 401, "Client authentication failed.")
        }
        Fault::TokenForeignWords => Seen::Refusal("La solicitud no es válida"),
        Fault::TokenInvalidGrant => Seen::Answer(TOKEN, 400, "\"invalid_grant\""),
        Fault::AuthorizationStripped => Seen::Answer(TOKEN, 401, "No client credentials found."),
        Fault::TokenOtherRedirectUri => Seen::Answer(TOKEN, 400, "The 'redirect_uri' does not"),
        Fault::TokenOtherServer => Seen::Answer(TOKEN, 400, "for another authorization server"),
        Fault::TokenOtherClient => Seen::Answer(TOKEN, 400, "issued to another client"),
        Fault::TokenBrowserRequest => Seen::Answer(TOKEN, 401, "Browser requests"),
        Fault::TokenErrorWith200 => Seen::Answer(TOKEN, 200, "\"invalid_grant\""),
        Fault::TokenWithoutIdToken => Seen::TokenAnswer(|text| !text.contains("id_token")),
        Fault::TokenWithoutAccessToken => Seen::TokenAnswer(|text| !text.contains("access_token")),
        Fault::TokenTypeUnknown => Seen::TokenAnswer(|text| text.contains("Macaroon")),
        Fault::TokenDuplicateNames => {
            Seen::TokenAnswer(|text| text.matches("\"id_token\"").count() == 2)
        }
        Fault::WrongNonce => Seen::IdToken(|claims| claims["nonce"] == "another-nonce"),
        Fault::MissingNonce => Seen::IdToken(|claims| claims.get("nonce").is_none()),
        Fault::WrongIssuer => Seen::IdToken(|claims| claims["iss"] == "http://elsewhere.invalid"),
        Fault::MissingIssuer => Seen::IdToken(|claims| claims.get("iss").is_none()),
        Fault::WrongAudience => Seen::IdToken(|claims| claims["aud"] == "0oaSomebodyElse00000"),
        Fault::ExtraAudience => {
            Seen::IdToken(|claims| claims["aud"].as_array().is_some_and(|all| all.len() == 2))
        }
        Fault::MissingAudience => Seen::IdToken(|claims| claims.get("aud").is_none()),
        Fault::WrongAuthorizedParty => {
            Seen::IdToken(|claims| claims["azp"] == "0oaSomebodyElse00000")
        }
        Fault::MissingSubject => Seen::IdToken(|claims| claims.get("sub").is_none()),
        Fault::MissingIssuedAt => Seen::IdToken(|claims| claims.get("iat").is_none()),
        Fault::MissingExpiry => Seen::IdToken(|claims| claims.get("exp").is_none()),
        Fault::Expired => Seen::IdToken(|claims| claims["exp"] == NOW - 3600),
        Fault::IssuedInFuture => Seen::IdToken(|claims| claims["iat"] == NOW + 3600),
        Fault::ExpiryAsText => Seen::IdToken(|claims| claims["exp"] == "tomorrow"),
        Fault::WrongAtHash => {
            Seen::IdToken(|claims| claims["at_hash"] == hash_of("another access token"))
        }
        Fault::IdTokenWithoutEmail => Seen::IdToken(|claims| claims.get("email").is_none()),
        Fault::IdTokenEmailUnverified => Seen::IdToken(|claims| claims["email_verified"] == false),
        Fault::BadSignature => Seen::Header(|header| header["alg"] == "RS256"),
        Fault::AlgNone => Seen::Header(|header| header["alg"] == "none"),
        Fault::Hs256Secret => {
            Seen::Header(|header| header["alg"] == "HS256" && header.get("kid").is_none())
        }
        Fault::Hs256PublicKey => {
            Seen::Header(|header| header["alg"] == "HS256" && header.get("kid").is_some())
        }
        Fault::Es256 => Seen::Header(|header| header["alg"] == "ES256"),
        Fault::UnknownKid => Seen::Header(|header| header["kid"] == "nobody-publishes-this"),
        Fault::JwkHeader => Seen::Header(|header| header["jwk"]["kty"] == "RSA"),
        Fault::DuplicateNames => Seen::Payload("{\"sub\":\"00uSomebodyElse00000\","),
        Fault::UserinfoOtherSubject => {
            Seen::Answer(USERINFO, 200, "\"sub\":\"00uSomebodyElse00000\"")
        }
        Fault::UserinfoWithoutSubject => Seen::Answer(USERINFO, 200, "!\"sub\""),
        Fault::Userinfo500 => Seen::Answer(USERINFO, 500, ""),
        Fault::UserinfoHtml => Seen::Answer(USERINFO, 200, "<!doctype html>"),
        Fault::UserinfoHuge => Seen::Huge(USERINFO),
        Fault::UserinfoWithoutEmail => Seen::Answer(USERINFO, 200, "!email"),
        Fault::UserinfoEmailUnverified => Seen::Answer(USERINFO, 200, "\"email_verified\":false"),
        Fault::UserinfoOtherEmail => Seen::Answer(
            USERINFO,
            200,
            "\"email\":\"somebody.else@northwind.example\"",
        ),
    }
}

/// The left half of a SHA-256.
fn hash_of(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, text.as_bytes()).as_ref()[..16])
}

fn has(text: &str, wanted: &str) -> bool {
    wanted.strip_prefix('!').map_or_else(
        || text.contains(wanted),
        |unwanted| !text.contains(unwanted),
    )
}

/// The request that a fault of this path shows in, after a sign-in that was right until there.
fn request(rp: &Rp, path: &str, code: &str, access: &str) -> reqwest::RequestBuilder {
    match path {
        TOKEN => {
            let params = [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ];
            form_request(&rp.http, &rp.url(TOKEN), &params)
                .header("authorization", basic(&rp.client_id, &rp.secret))
        }
        path => rp
            .http
            .get(rp.url(path))
            .header("authorization", format!("Bearer {access}")),
    }
}

/// Whether the provider shows what the fault promises.
async fn shows(rp: &Rp, seen: &Seen, code: &str, access: &str) -> bool {
    let whole = async |path: &str| {
        let response = request(rp, path, code, access)
            .send()
            .await
            .expect("an answer");
        (
            response.status().as_u16(),
            response.text().await.expect("a text"),
        )
    };
    match seen {
        Seen::Answer(path, status, wanted) => {
            let (answered, text) = whole(path).await;
            answered == *status && has(&text, wanted)
        }
        Seen::Huge(path) => {
            let mut response = request(rp, path, code, access)
                .send()
                .await
                .expect("an answer");
            let mut length = 0;
            while let Some(chunk) = response.chunk().await.expect("a chunk") {
                length += chunk.len();
                if length > 2 << 20 {
                    return true;
                }
            }
            false
        }
        Seen::Slow(path) => {
            let start = Instant::now();
            whole(path).await;
            start.elapsed() >= Duration::from_millis(50)
        }
        Seen::Callback(wanted) => {
            let back = rp
                .okta
                .authorize(&rp.authorize_url("/oauth2/v1", &[]), ADA)
                .expect("a way back");
            has(&back, wanted)
        }
        Seen::TokenAnswer(check) => check(&whole(TOKEN).await.1),
        Seen::IdToken(check) => check(&claims(
            &serde_json::from_str(&whole(TOKEN).await.1).expect("JSON"),
        )),
        Seen::Header(check) => {
            let tokens: Value = serde_json::from_str(&whole(TOKEN).await.1).expect("JSON");
            let token = tokens["id_token"].as_str().expect("an ID token");
            check(&part(token, 0)) && !rp.verifies(KEYS, token).await
        }
        Seen::Payload(wanted) => {
            let tokens: Value = serde_json::from_str(&whole(TOKEN).await.1).expect("JSON");
            let token = tokens["id_token"].as_str().expect("an ID token");
            let payload = URL_SAFE_NO_PAD
                .decode(token.split('.').nth(1).expect("a payload"))
                .expect("base64");
            rp.verifies(KEYS, token).await
                && has(&String::from_utf8(payload).expect("UTF-8"), wanted)
        }
        Seen::Refusal(wanted) => {
            let refused = request(rp, TOKEN, "a-code-of-nobody", access).send();
            let text = refused.await.expect("an answer").text();
            has(&text.await.expect("a text"), wanted)
        }
        Seen::Dropped => request(rp, TOKEN, code, access).send().await.is_err(),
        Seen::Unchallenged => {
            let code = rp.code("/oauth2/v1", &[]);
            rp.redeem("/oauth2/v1", &code).await.status == 400
        }
        Seen::Date(wanted) => rp.get(KEYS).await.header("date") == *wanted,
    }
}

#[tokio::test]
async fn every_fault_shows_while_it_is_on_and_only_then() {
    let rp = Rp::start().await;
    for fault in Fault::ALL {
        let fault = match fault.amount() {
            Some(milliseconds) if milliseconds >= 10_000 => fault.with_amount(60),
            Some(_) | None => *fault,
        };
        let seen = expected(fault);
        for on in [true, false] {
            rp.okta.clear_faults();
            let tokens = rp.tokens("/oauth2/v1", &[]).await;
            let access = tokens["access_token"].as_str().expect("an access token");
            let code = rp.code("/oauth2/v1", &[]);
            if on {
                rp.okta.set_fault(fault);
            }
            assert_eq!(
                shows(&rp, &seen, &code, access).await,
                on,
                "{} while {}",
                fault.id(),
                if on { "on" } else { "off" }
            );
        }
    }
}

#[tokio::test]
async fn the_public_key_and_the_secret_really_sign_what_claims_to_be_signed_with_them() {
    let rp = Rp::start().await;
    rp.okta.set_fault(Fault::Hs256Secret);
    let tokens = rp.tokens("/oauth2/v1", &[]).await;
    let token = tokens["id_token"].as_str().expect("an ID token");
    let (input, signature) = token.rsplit_once('.').expect("three parts");
    let key = hmac::Key::new(hmac::HMAC_SHA256, rp.secret.as_bytes());
    let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64");
    assert!(hmac::verify(&key, input.as_bytes(), &signature).is_ok());
}

#[tokio::test]
async fn several_faults_hold_together_and_a_wrong_clock_moves_the_tokens() {
    let rp = Rp::start().await;
    rp.okta.set_fault(Fault::ClockSkew(-90));
    rp.okta.set_fault(Fault::MissingNonce);
    let id = claims(&rp.tokens("/oauth2/v1", &[]).await);
    assert_eq!(id["iat"], NOW - 90);
    assert!(id.get("nonce").is_none());
    rp.okta.clear_fault(Fault::ClockSkew(0));
    assert_eq!(rp.okta.faults(), [Fault::MissingNonce]);
}

#[tokio::test]
async fn who_asked_for_what_is_remembered() {
    let rp = Rp::start().await;
    rp.tokens("/oauth2/v1", &[]).await;
    let seen: Vec<_> = rp
        .okta
        .requests()
        .into_iter()
        .map(|seen| (seen.method, seen.path, seen.status, seen.authorization))
        .collect();
    let expect = |method: &str, path: &str, status, authorization: &str| {
        (
            method.to_owned(),
            path.to_owned(),
            status,
            authorization.to_owned(),
        )
    };
    assert_eq!(
        seen,
        [
            expect("GET", "/oauth2/v1/authorize", 302, ""),
            expect("POST", TOKEN, 200, "basic")
        ]
    );
    rp.okta.forget_requests();
    assert_eq!(rp.okta.count_requests("/token"), 0);
}

#[tokio::test]
async fn it_stops_when_the_last_handle_is_dropped() {
    let rp = Rp::start().await;
    let url = rp.url(KEYS);
    let other: PracticeOkta = rp.okta.clone();
    drop(rp);
    assert_eq!(
        crate::rp::http()
            .get(&url)
            .send()
            .await
            .expect("still there")
            .status(),
        200
    );
    drop(other);
    tokio::task::yield_now().await;
    assert!(crate::rp::http().get(&url).send().await.is_err());
}
