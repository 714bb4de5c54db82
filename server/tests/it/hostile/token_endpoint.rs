//! A token endpoint that fails, lies, stalls or sends us elsewhere: the code is sent once, and to
//! nobody else.

use std::time::{Duration, Instant};

use api::{Cause, Provider};
use axum::{
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse as _, Response},
};
use okta_simulator::Fault;
use serde_json::{Value, json};

use super::{ALAN, Reached, accepted, fault, practice, refused, unharmed};
use crate::{
    desk::{ADMIN, version_of},
    on_both,
    puppet::{ACCESS_TOKEN, Moment, Puppet, Script, answer, half_hash, text, token_answer},
    witness,
};

const FAULTS: [(Fault, Cause); 13] = [
    (Fault::Token500, Cause::ProviderError),
    (Fault::TokenHtml, Cause::TokenMalformed),
    (Fault::TokenHuge, Cause::TokenMalformed),
    (Fault::TokenRedirect, Cause::TokenMalformed),
    (Fault::TokenDropped, Cause::TokenUnreachable),
    (Fault::TokenInvalidClient, Cause::ClientRefused),
    (Fault::TokenInvalidGrant, Cause::CodeRefused),
    (Fault::TokenErrorWith200, Cause::CodeRefused),
    (Fault::TokenWithoutIdToken, Cause::IdTokenMissing),
    (Fault::TokenWithoutAccessToken, Cause::TokenMalformed),
    (Fault::TokenTypeUnknown, Cause::TokenMalformed),
    (Fault::TokenDuplicateNames, Cause::TokenMalformed),
    (Fault::Down, Cause::ProviderError),
];

type Row = (&'static str, Cause, fn(&Moment, String) -> Response);

fn with(id_token: &str, name: &str, value: Value) -> Response {
    let mut body = token_answer(id_token);
    body[name] = value;
    answer(body)
}

fn error(status: u16, body: Value) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, axum::Json(body)).into_response()
}

fn redirect(it: &Moment, status: u16) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [(LOCATION, format!("{}/evil/token", it.base))]).into_response()
}

const ANSWERS: [Row; 27] = [
    ("301", Cause::TokenMalformed, |it, _| redirect(it, 301)),
    ("302", Cause::TokenMalformed, |it, _| redirect(it, 302)),
    ("303", Cause::TokenMalformed, |it, _| redirect(it, 303)),
    ("307", Cause::TokenMalformed, |it, _| redirect(it, 307)),
    ("308", Cause::TokenMalformed, |it, _| redirect(it, 308)),
    (
        "an error beside good tokens",
        Cause::CodeRefused,
        |_, token| with(&token, "error", json!("invalid_grant")),
    ),
    (
        "an error that is a list",
        Cause::ProviderRefused,
        |_, token| with(&token, "error", json!(["x"])),
    ),
    ("id_token null", Cause::IdTokenMissing, |_, token| {
        with(&token, "id_token", Value::Null)
    }),
    ("id_token empty", Cause::IdTokenMissing, |_, token| {
        with(&token, "id_token", json!(""))
    }),
    ("id_token in a list", Cause::TokenMalformed, |_, token| {
        with(&token, "id_token", json!([token]))
    }),
    ("access_token null", Cause::TokenMalformed, |_, token| {
        with(&token, "access_token", Value::Null)
    }),
    (
        "access_token a number",
        Cause::TokenMalformed,
        |_, token| with(&token, "access_token", json!(7)),
    ),
    ("token_type null", Cause::TokenMalformed, |_, token| {
        with(&token, "token_type", Value::Null)
    }),
    ("token_type DPoP", Cause::TokenMalformed, |_, token| {
        with(&token, "token_type", json!("DPoP"))
    }),
    ("nothing", Cause::TokenMalformed, |_, _| {
        text("application/json", "")
    }),
    ("a list", Cause::TokenMalformed, |_, token| {
        answer(json!([token_answer(&token)]))
    }),
    ("cut short", Cause::TokenMalformed, |_, token| {
        let body = token_answer(&token).to_string();
        text("application/json", body[..body.len() - 1].to_owned())
    }),
    ("something after it", Cause::TokenMalformed, |_, token| {
        text("application/json", format!("{}{{}}", token_answer(&token)))
    }),
    ("access_token twice", Cause::TokenMalformed, |_, token| {
        let body = token_answer(&token).to_string();
        text(
            "application/json",
            body.replacen('{', "{\"access_token\":\"evil\",", 1),
        )
    }),
    ("201", Cause::TokenMalformed, |_, token| {
        error(201, token_answer(&token))
    }),
    ("401 with good tokens", Cause::TokenMalformed, |_, token| {
        error(401, token_answer(&token))
    }),
    ("429", Cause::RateLimited, |_, _| {
        error(429, json!({ "errorCode": "E0000047" }))
    }),
    ("invalid_client", Cause::AuthenticationRefused, |_, _| {
        error(401, json!({ "error": "invalid_client" }))
    }),
    ("Okta's other shape", Cause::ServerUnknown, |_, _| {
        error(
            404,
            json!({ "errorCode": "E0000007", "errorSummary": "Not found" }),
        )
    }),
    ("unauthorized_client", Cause::GrantRefused, |_, _| {
        error(400, json!({ "error": "unauthorized_client" }))
    }),
    ("what nobody knows", Cause::ProviderRefused, |_, _| {
        error(400, json!({ "error": "evil\u{202e}" }))
    }),
    ("2 MB", Cause::TokenMalformed, |_, token| {
        with(&token, "x", json!("y".repeat(2_000_000)))
    }),
];

on_both! {
    async fn a_token_endpoint_of_the_practice_okta_that_fails_is_refused(desk: Desk) {
        practice(&desk).await;
        for (wrong, cause) in FAULTS {
            fault(&desk, wrong, cause, Reached::Token).await;
        }
        unharmed(&desk).await;
    }

    async fn a_token_answer_that_does_not_fit_is_refused_and_no_redirect_is_followed(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, cause, token) in ANSWERS {
            refused(&desk, &puppet, Script { token, ..Script::default() }, cause, what).await;
            assert_eq!(puppet.asked("/evil/token"), 0, "{what}: the redirect was followed");
            assert_eq!(puppet.asked("/v1/userinfo"), 0, "{what}");
        }
    }

    async fn a_token_endpoint_that_stalls_is_given_up_after_five_seconds(desk: Desk) {
        practice(&desk).await;
        let began = Instant::now();
        fault(&desk, Fault::TokenSlow(20_000), Cause::TokenUnreachable, Reached::Token).await;
        let took = began.elapsed();
        assert!(took > Duration::from_secs(4) && took < Duration::from_secs(9), "{took:?}");
        unharmed(&desk).await;
    }

    async fn a_code_that_okta_does_not_take_any_more_is_refused(desk: Desk) {
        practice(&desk).await;
        let mut browser = desk.browser();
        let back = desk.until_callback(&mut browser, Provider::Okta, ALAN).await;
        // Okta's codes are good for five minutes.
        desk.pass(301);
        let reply = browser.get(&back).await;
        let (cause, what) = (Cause::CodeRefused, "an old code");
        let reference = witness::refused(&desk, &mut browser, reply, cause, what, &back).await;
        let said = witness::attempt(&desk, &reference).await.provider_said.expect("words");
        assert!(said.starts_with("invalid_grant: "), "{said}");
    }

    async fn a_secret_of_signs_that_mean_something_elsewhere_arrives_whole(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        let (client_id, _) = desk.web_app();
        let path = api::paths::connection(Provider::Okta);
        for secret in ["a:b:c-0123456789abcdef", "100%25+of+it&x=/?#[]@!$'()*,;~0123"] {
            desk.okta.change_app(&client_id, |app| secret.clone_into(&mut app.secrets[0].value));
            let version = version_of(&mut admin, path.clone()).await;
            let form = json!({
                "issuer": desk.okta.issuer_org(), "client_id": client_id, "client_secret": secret,
            });
            admin.put(&path, version, &form).await.expect_status(200);
            let reply = desk.round_trip(&mut admin, Provider::Okta, ADMIN).await;
            reply.expect_location("/settings/integrations/sso/okta?proved=1");
        }
    }

    async fn what_is_unusual_in_a_token_answer_and_right_is_accepted(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, token) in [
            ("no expires_in", (|_, token| {
                let mut body = token_answer(&token);
                body.as_object_mut().expect("an object").remove("expires_in");
                answer(body)
            }) as fn(&Moment, String) -> Response),
            ("no scope", |_, token| {
                let mut body = token_answer(&token);
                body.as_object_mut().expect("an object").remove("scope");
                answer(body)
            }),
            ("bEARER", |_, token| with(&token, "token_type", json!("bEARER"))),
            ("names of its own", |_, token| with(&token, "ext", json!({ "a": [1, 2] }))),
            ("a refresh token nobody asked for", |_, token| with(&token, "refresh_token", json!("r"))),
        ] {
            accepted(&desk, &puppet, Script { token, ..Script::default() }, what).await;
        }
        let hashed = Script {
            id_token: |it| it.with("at_hash", json!(half_hash(ACCESS_TOKEN))),
            ..Script::default()
        };
        accepted(&desk, &puppet, hashed, "at_hash of this access token").await;
    }
}
