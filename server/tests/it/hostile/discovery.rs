//! Discovery that names another issuer, sends a secret elsewhere, or cannot be read: then nobody
//! leaves for the provider, and nothing is sent to it.

use api::{Cause, Provider, paths};
use axum::{
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse as _, Response},
};
use okta_simulator::Fault;
use serde_json::{Value, json};

use super::{ALAN, practice, unharmed};
use crate::{
    desk::{Browser, Desk},
    on_both,
    puppet::{Moment, Puppet, Script, answer, text},
    witness,
};

const FAULTS: [(Fault, Cause); 12] = [
    (Fault::DiscoveryIssuerMismatch, Cause::IssuerMismatch),
    (Fault::DiscoveryHtml, Cause::DiscoveryMalformed),
    (Fault::DiscoveryOtherHost, Cause::DiscoveryMalformed),
    (Fault::DiscoveryHuge, Cause::DiscoveryMalformed),
    (Fault::DiscoveryRedirect, Cause::Redirected),
    (Fault::Down, Cause::ProviderUnavailable),
    (Fault::DiscoveryStatus(500), Cause::ProviderUnavailable),
    (Fault::DiscoveryStatus(504), Cause::ProviderUnavailable),
    (Fault::DiscoveryStatus(429), Cause::RateLimited),
    (Fault::DiscoveryStatus(404), Cause::MetadataNotFound),
    (Fault::DiscoveryStatus(401), Cause::ProviderForbidden),
    (Fault::DiscoveryStatus(403), Cause::ProviderForbidden),
];

fn with(it: &Moment, name: &str, value: Value) -> Response {
    let mut document = it.discovery();
    document[name] = value;
    answer(document)
}

fn without(it: &Moment, name: &str) -> Response {
    let mut document = it.discovery();
    document.as_object_mut().expect("an object").remove(name);
    answer(document)
}

type Row = (&'static str, Cause, fn(&Moment) -> Response);

const ANSWERS: [Row; 30] = [
    ("issuer and INVALID", Cause::IssuerMismatch, |it| {
        with(it, "issuer", json!(format!("{}INVALID", it.base)))
    }),
    ("issuer with a slash", Cause::IssuerMismatch, |it| {
        with(it, "issuer", json!(format!("{}/", it.base)))
    }),
    ("issuer of Okta", Cause::IssuerMismatch, |it| {
        with(it, "issuer", json!("https://northwind.okta.com"))
    }),
    ("issuer is a list", Cause::DiscoveryMalformed, |it| {
        with(it, "issuer", json!([it.base]))
    }),
    ("no issuer", Cause::DiscoveryMalformed, |it| {
        without(it, "issuer")
    }),
    (
        "no authorization endpoint",
        Cause::DiscoveryMalformed,
        |it| without(it, "authorization_endpoint"),
    ),
    ("no token endpoint", Cause::DiscoveryMalformed, |it| {
        without(it, "token_endpoint")
    }),
    ("no userinfo endpoint", Cause::DiscoveryMalformed, |it| {
        without(it, "userinfo_endpoint")
    }),
    ("no keys", Cause::DiscoveryMalformed, |it| {
        without(it, "jwks_uri")
    }),
    (
        "token endpoint elsewhere",
        Cause::DiscoveryMalformed,
        |it| with(it, "token_endpoint", json!("https://evil.test/token")),
    ),
    (
        "token endpoint at another port",
        Cause::DiscoveryMalformed,
        |it| with(it, "token_endpoint", json!("http://127.0.0.1:1/token")),
    ),
    ("keys elsewhere", Cause::DiscoveryMalformed, |it| {
        with(it, "jwks_uri", json!("https://evil.test/keys"))
    }),
    (
        "userinfo on this machine",
        Cause::DiscoveryMalformed,
        |it| {
            with(
                it,
                "userinfo_endpoint",
                json!("http://169.254.169.254/latest"),
            )
        },
    ),
    (
        "authorization at honest Okta",
        Cause::DiscoveryMalformed,
        |it| {
            with(
                it,
                "authorization_endpoint",
                json!("https://northwind.okta.com/oauth2/v1/authorize"),
            )
        },
    ),
    ("sign-out elsewhere", Cause::DiscoveryMalformed, |it| {
        with(it, "end_session_endpoint", json!("https://evil.test/bye"))
    }),
    (
        "token endpoint with a user",
        Cause::DiscoveryMalformed,
        |it| {
            let with_user = it.base.replacen("http://", "http://a:b@", 1);
            with(it, "token_endpoint", json!(format!("{with_user}/v1/token")))
        },
    ),
    ("a fragment", Cause::DiscoveryMalformed, |it| {
        with(
            it,
            "authorization_endpoint",
            json!(format!("{}/v1/authorize#x", it.base)),
        )
    }),
    ("a line end", Cause::DiscoveryMalformed, |it| {
        with(
            it,
            "authorization_endpoint",
            json!(format!("{}/v1/\r\nauthorize", it.base)),
        )
    }),
    ("javascript:", Cause::DiscoveryMalformed, |it| {
        with(it, "authorization_endpoint", json!("javascript:alert(1)//"))
    }),
    ("only alg none", Cause::DiscoveryMalformed, |it| {
        with(
            it,
            "id_token_signing_alg_values_supported",
            json!(["none", "HS256"]),
        )
    }),
    ("only private_key_jwt", Cause::ClientRequiresKey, |it| {
        with(
            it,
            "token_endpoint_auth_methods_supported",
            json!(["private_key_jwt", "none"]),
        )
    }),
    ("only the implicit flow", Cause::DiscoveryMalformed, |it| {
        with(it, "response_types_supported", json!(["id_token"]))
    }),
    ("a list", Cause::DiscoveryMalformed, |it| {
        answer(json!([it.discovery()]))
    }),
    ("a page", Cause::DiscoveryMalformed, |_| {
        text("text/html", "<html>maintenance</html>")
    }),
    ("nothing", Cause::DiscoveryMalformed, |_| {
        text("application/json", "")
    }),
    ("issuer twice", Cause::DiscoveryMalformed, |it| {
        text(
            "application/json",
            it.discovery()
                .to_string()
                .replacen('{', "{\"issuer\":\"https://evil.test\",", 1),
        )
    }),
    ("deep", Cause::DiscoveryMalformed, |it| {
        let deep = format!("{{\"x\":{}{},", "[".repeat(10_000), "]".repeat(10_000));
        text(
            "application/json",
            it.discovery().to_string().replacen('{', &deep, 1),
        )
    }),
    ("2 MB", Cause::DiscoveryMalformed, |it| {
        with(it, "x", json!("y".repeat(2_000_000)))
    }),
    ("a redirect", Cause::Redirected, |it| {
        (
            StatusCode::FOUND,
            [(LOCATION, format!("{}/evil/openid-configuration", it.base))],
        )
            .into_response()
    }),
    ("404", Cause::MetadataNotFound, |_| {
        StatusCode::NOT_FOUND.into_response()
    }),
];

/// A start at a node that knows nothing of the provider yet: the browser must not leave.
async fn start_refused(desk: &Desk, cause: Cause, what: &str) -> Browser {
    let node = desk.another().await;
    let mut browser = node.browser();
    let start = paths::auth_start(Provider::Okta);
    let reply = browser.get(&start).await;
    witness::refused(&node, &mut browser, reply, cause, what, &start).await;
    browser
}

on_both! {
    async fn nobody_is_sent_to_an_okta_whose_discovery_does_not_fit(desk: Desk) {
        practice(&desk).await;
        for (fault, cause) in FAULTS {
            desk.okta.set_fault(fault);
            desk.okta.forget_requests();
            start_refused(&desk, cause, fault.id()).await;
            let asked = desk.okta.requests();
            assert_eq!(asked.len(), 1, "{}: {asked:?}", fault.id());
            desk.okta.clear_faults();
        }
        unharmed(&desk).await;
    }

    async fn nobody_is_sent_to_a_provider_whose_discovery_does_not_fit(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, cause, discovery) in ANSWERS {
            puppet.say(Script { discovery, ..Script::default() });
            puppet.forget();
            start_refused(&desk, cause, what).await;
            assert_eq!(puppet.asked(""), 1, "{what}: only discovery is asked");
            assert_eq!(puppet.asked("/evil/openid-configuration"), 0, "{what}");
        }
    }

    async fn discovery_that_turns_bad_is_not_believed_while_the_good_one_is_known(desk: Desk) {
        practice(&desk).await;
        for fault in [Fault::DiscoveryOtherHost, Fault::DiscoveryIssuerMismatch, Fault::DiscoveryHtml] {
            // A day later what is known is not fresh any more.
            desk.pass(25 * 3600);
            desk.okta.set_fault(fault);
            let mut browser = desk.browser();
            desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
            desk.okta.clear_faults();
        }
    }

    async fn an_endpoint_with_parameters_of_its_own_does_not_override_ours(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        puppet.say(Script {
            discovery: |it| {
                let evil = "client_id=evil&state=evil&redirect_uri=https://evil.test&nonce=evil\
                            &response_mode=fragment&request=evil&x=kept";
                with(it, "authorization_endpoint", json!(format!("{}/v1/authorize?{evil}", it.base)))
            },
            ..Script::default()
        });
        let node = desk.another().await;
        let there = node.browser().get(&paths::auth_start(Provider::Okta)).await.location();
        assert_eq!(witness::parameters(&there, "x"), ["kept"]);
        assert_eq!(there.matches("evil").count(), 0, "{there}");
        let mut names = witness::query_names(&there);
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "a parameter is there twice: {there}");
    }

    async fn a_provider_that_promises_its_issuer_in_the_callback_must_keep_it(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        puppet.say(Script {
            discovery: |it| {
                with(it, "authorization_response_iss_parameter_supported", json!(true))
            },
            ..Script::default()
        });
        let node = desk.another().await;
        let (mut browser, back) = puppet.until_callback(&node).await;
        puppet.forget();
        let reply = browser.get(&back).await;
        let (cause, what) = (Cause::CallbackIssuer, "no iss");
        witness::refused(&node, &mut browser, reply, cause, what, &back).await;
        assert_eq!(puppet.asked("/v1/token"), 0);
        let (mut browser, back) = puppet.until_callback(&node).await;
        browser.get(&format!("{back}&iss={}", puppet.issuer())).await.expect_location("/");
    }
}
