//! Userinfo that speaks of somebody else, or cannot be read: without it nobody is let in.

use api::{Cause, Provider, connections::MatchBy};
use axum::{
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse as _, Response},
};
use okta_simulator::Fault;
use serde_json::{Value, json};

use super::{ALAN, Reached, accepted, fault, practice, refused, unharmed};
use crate::{
    on_both,
    puppet::{LOGIN, Moment, Puppet, SUB, Script, answer, signed, text, userinfo},
};

const FAULTS: [(Fault, Cause); 6] = [
    (Fault::UserinfoOtherSubject, Cause::UserinfoSub),
    (Fault::UserinfoWithoutSubject, Cause::UserinfoUnreadable),
    (Fault::Userinfo500, Cause::UserinfoUnreadable),
    (Fault::UserinfoHtml, Cause::UserinfoUnreadable),
    (Fault::UserinfoHuge, Cause::UserinfoUnreadable),
    (Fault::UserinfoOtherEmail, Cause::EmailsDiffer),
];

fn with(name: &str, value: Value) -> Response {
    let mut body = userinfo();
    body[name] = value;
    answer(body)
}

fn status(status: u16) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (
        status,
        [("content-type", "application/json")],
        userinfo().to_string(),
    )
        .into_response()
}

type Row = (&'static str, Cause, fn(&Moment) -> Response);

const ANSWERS: [Row; 23] = [
    ("sub of another person", Cause::UserinfoSub, |_| {
        with("sub", json!("00uSomebodyElse00000"))
    }),
    ("sub in another case", Cause::UserinfoSub, |_| {
        with("sub", json!(SUB.to_lowercase()))
    }),
    ("sub with a blank", Cause::UserinfoSub, |_| {
        with("sub", json!(format!("{SUB} ")))
    }),
    ("sub is a list", Cause::UserinfoUnreadable, |_| {
        with("sub", json!([SUB]))
    }),
    ("sub is null", Cause::UserinfoUnreadable, |_| {
        with("sub", Value::Null)
    }),
    ("401", Cause::UserinfoUnreadable, |_| status(401)),
    ("403", Cause::UserinfoUnreadable, |_| status(403)),
    ("404", Cause::UserinfoUnreadable, |_| status(404)),
    ("429", Cause::UserinfoUnreadable, |_| status(429)),
    ("503", Cause::UserinfoUnreadable, |_| status(503)),
    ("204", Cause::UserinfoUnreadable, |_| {
        StatusCode::NO_CONTENT.into_response()
    }),
    ("a list", Cause::UserinfoUnreadable, |_| {
        answer(json!([userinfo()]))
    }),
    ("nothing", Cause::UserinfoUnreadable, |_| {
        text("application/json", "")
    }),
    ("a web page", Cause::UserinfoUnreadable, |_| {
        text("text/html", userinfo().to_string())
    }),
    (
        "a JWT that nobody checked",
        Cause::UserinfoUnreadable,
        |it| text("application/jwt", signed(it.claims())),
    ),
    ("a JWT called JSON", Cause::UserinfoUnreadable, |it| {
        text("application/json", signed(it.claims()))
    }),
    ("a redirect", Cause::UserinfoUnreadable, |it| {
        (
            StatusCode::FOUND,
            [(LOCATION, format!("{}/evil/userinfo", it.base))],
        )
            .into_response()
    }),
    ("sub twice", Cause::UserinfoUnreadable, |_| {
        text(
            "application/json",
            userinfo()
                .to_string()
                .replacen('{', "{\"sub\":\"00uEvil\",", 1),
        )
    }),
    ("cut short", Cause::UserinfoUnreadable, |_| {
        let body = userinfo().to_string();
        text("application/json", body[..body.len() - 2].to_owned())
    }),
    ("10 MB", Cause::UserinfoUnreadable, |_| {
        with("x", json!("y".repeat(10_000_000)))
    }),
    ("another e-mail", Cause::EmailsDiffer, |_| {
        with("email", json!("ada@northwind.example"))
    }),
    ("email is a list", Cause::UserinfoUnreadable, |_| {
        with("email", json!([LOGIN]))
    }),
    ("email is an object", Cause::UserinfoUnreadable, |_| {
        with("email", json!({ "value": LOGIN }))
    }),
];

/// What is not plainly true is false, and matters where the e-mail is what a user is matched by.
const UNVERIFIED: [Row; 4] = [
    ("email_verified is false", Cause::EmailUnverified, |_| {
        with("email_verified", json!(false))
    }),
    (
        "email_verified is \"false\"",
        Cause::EmailUnverified,
        |_| with("email_verified", json!("false")),
    ),
    ("email_verified is 0", Cause::EmailUnverified, |_| {
        with("email_verified", json!(0))
    }),
    ("email_verified is null", Cause::EmailUnverified, |_| {
        with("email_verified", Value::Null)
    }),
];

on_both! {
    async fn unverified_email_is_refused_where_it_is_matched_by(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected_by(&desk, MatchBy::Email).await;
        for (what, cause, userinfo) in UNVERIFIED {
            let script = Script { userinfo, ..Script::default() };
            refused(&desk, &puppet, script, cause, what).await;
        }
        let id_token = |it: &Moment| it.with("email_verified", json!(false));
        let script = Script { id_token, ..Script::default() };
        refused(&desk, &puppet, script, Cause::EmailUnverified, "in the ID token").await;
    }

    async fn unverified_email_says_nothing_where_the_login_is_matched_by(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, _, userinfo) in UNVERIFIED {
            accepted(&desk, &puppet, Script { userinfo, ..Script::default() }, what).await;
        }
    }

    async fn a_userinfo_of_the_practice_okta_that_does_not_fit_is_refused(desk: Desk) {
        practice(&desk).await;
        for (wrong, cause) in FAULTS {
            fault(&desk, wrong, cause, Reached::Userinfo).await;
        }
        unharmed(&desk).await;
    }

    async fn a_userinfo_that_does_not_fit_is_refused(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, cause, userinfo) in ANSWERS {
            let script = Script { userinfo, ..Script::default() };
            refused(&desk, &puppet, script, cause, what).await;
            assert_eq!(puppet.asked("/v1/userinfo"), 1, "{what}");
            assert_eq!(puppet.asked("/evil/userinfo"), 0, "{what}: the redirect was followed");
        }
    }

    async fn whoever_has_neither_login_nor_email_is_nobody(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        let nameless = Script {
            id_token: |it| {
                let mut claims = it.claims();
                claims.remove("email");
                claims.remove("preferred_username");
                signed(claims)
            },
            userinfo: |_| answer(json!({ "sub": SUB, "name": "Grace Member" })),
            ..Script::default()
        };
        refused(&desk, &puppet, nameless, Cause::EmailMissing, "no name at all").await;
        // Aggregated and distributed claims (Core §5.6.2) are neither believed nor fetched.
        let elsewhere = Script {
            userinfo: |it| {
                answer(json!({
                    "sub": SUB,
                    "_claim_names": { "email": "src1", "preferred_username": "src2" },
                    "_claim_sources": {
                        "src1": { "JWT": it.with("email", json!(LOGIN)) },
                        "src2": { "endpoint": format!("{}/evil/claims", it.base), "access_token": "x" },
                    },
                }))
            },
            ..nameless
        };
        refused(&desk, &puppet, elsewhere, Cause::EmailMissing, "claims from elsewhere").await;
        assert_eq!(puppet.asked("/evil/claims"), 0);
    }

    async fn an_email_that_only_one_of_the_two_has_is_enough(desk: Desk) {
        practice(&desk).await;
        for missing in [Fault::IdTokenWithoutEmail, Fault::UserinfoWithoutEmail] {
            desk.okta.set_fault(missing);
            let mut browser = desk.browser();
            desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
            desk.okta.clear_faults();
        }
    }

    async fn words_like_admin_in_any_claim_give_nobody_a_role(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        puppet.say(Script {
            id_token: |it| {
                let mut claims = it.claims();
                for (name, value) in [
                    ("role", json!("admin")), ("roles", json!(["admin"])), ("admin", json!(true)),
                    ("groups", json!(["Everyone", "admin", "Administrators"])),
                    ("scope", json!("*")), ("scp", json!(["okta.users.manage"])),
                    ("is_admin", json!(1)), ("user_id", json!("1")),
                ] {
                    claims.insert(name.into(), value);
                }
                signed(claims)
            },
            ..Script::default()
        });
        let (mut browser, back) = puppet.until_callback(&desk).await;
        browser.get(&back).await.expect_location("/");
        assert_eq!(browser.get(api::paths::SESSION).await.json["role"], "member");
        assert_eq!(browser.get(api::paths::USERS).await.status.as_u16(), 403);
    }
}
