//! What a browser brings back may be made up by whoever drives it: it makes the checks look, and
//! what they find decides.

use api::{Provider, paths};
use okta_simulator::Fault;
use serde_json::Value;

use super::shown;
use crate::{
    desk::{ADMIN, Browser, Desk},
    on_both,
    witness::parameter,
};

const GRACE: &str = "grace@northwind.example";
const MINUTE: i64 = 60;

/// Everything that a person can bring back with a state of their own.
const FORGED: [&str; 13] = [
    "error=invalid_scope&error_description=The+scope+%27x%27+is+not+known.",
    "error=server_error",
    "error=temporarily_unavailable",
    "error=unauthorized_client",
    "error=unsupported_response_type",
    "error=invalid_client",
    "error=whatever",
    "error=access_denied&error_description=Policy+evaluation+failed",
    "error=server_error&error_description=The+%27upn%27+user+claim+could+not+be+evaluated.",
    "error=invalid_request&error_description=Access+denied+by+network+zones",
    "error=invalid_request&error_description=No+client+credentials+found.",
    "code=x&error=server_error",
    "code=made-up",
];

/// Begins a sign-in as nobody in particular, and comes back with this.
async fn forge(desk: &Desk, query: &str) {
    let mut browser = desk.browser();
    let there = browser
        .get(&paths::auth_start(Provider::Okta))
        .await
        .location();
    let state = parameter(&there, "state");
    let back = format!(
        "{}?{query}&state={state}",
        paths::auth_callback(Provider::Okta)
    );
    browser.get(&back).await.reference();
}

/// Begins a sign-in, asks Okta for something else than it says, and comes back with what it gave.
async fn twist(desk: &Desk, from: &str, to: &str) {
    let mut browser = desk.browser();
    let there = browser
        .get(&paths::auth_start(Provider::Okta))
        .await
        .location();
    assert!(there.contains(from), "{there} has no {from}");
    let back = desk
        .okta
        .authorize(&there.replace(from, to), GRACE)
        .expect("sent back");
    browser.get(&back).await.reference();
}

async fn works(desk: &Desk) {
    let mut browser = desk.browser();
    desk.sign_in(&mut browser, Provider::Okta, GRACE)
        .await
        .expect_location("/");
}

async fn fails(desk: &Desk, times: usize) {
    for _ in 0..times {
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, GRACE)
            .await
            .reference();
    }
}

/// State, and the cause that it suffers from.
async fn state(admin: &mut Browser) -> (String, String) {
    let okta = shown(admin, Provider::Okta).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&okta["state"]), text(&okta["degraded"]["cause"]))
}

async fn is_active(admin: &mut Browser, what: &str) {
    assert_eq!(state(admin).await.0, "connected", "{what}");
}

/// The runs of the checks that were not asked for.
async fn looks(admin: &mut Browser) -> usize {
    let report = admin
        .get(&paths::checks(Provider::Okta))
        .await
        .expect_status(200)
        .json;
    let history = report["history"].as_array().expect("a list");
    history
        .iter()
        .filter(|run| run["trigger"] == "doubt")
        .count()
}

async fn minute(desk: &Desk) {
    server::tidy_once(&desk.app).await.expect("tidied");
    desk.pass(MINUTE);
}

async fn connected(desk: &Desk) -> Browser {
    let mut admin = desk.connected().await;
    desk.member(&mut admin, "Grace", GRACE).await;
    // The settings that were just saved are looked at once in any case.
    minute(desk).await;
    admin
}

on_both! {
    async fn what_a_person_makes_up_degrades_nothing_however_often_it_comes(desk: Desk) {
        let mut admin = connected(&desk).await;
        let before = desk.audit().await.len();
        for query in FORGED {
            for _ in 0..5 {
                forge(&desk, query).await;
                is_active(&mut admin, query).await;
            }
            minute(&desk).await;
            is_active(&mut admin, query).await;
        }
        let wrong = format!("iss={}&code=x", "https%3A%2F%2Fevil.example");
        for _ in 0..5 {
            forge(&desk, &wrong).await;
            is_active(&mut admin, &wrong).await;
        }
        let mut acts = desk.acts_since(before).await;
        acts.retain(|act| act != "connection.checked");
        assert_eq!(acts, [""; 0], "nobody is told of anything");
    }

    async fn nor_does_what_a_person_asks_okta_for_in_their_own_request(desk: Desk) {
        let mut admin = connected(&desk).await;
        for (from, to) in [
            // Without it there is no ID token.
            ("scope=openid+", "scope="),
            ("nonce=", "nonce=x"),
            ("code_challenge=", "code_challenge=x"),
            ("scope=openid+", "scope=no-such-scope+openid+"),
            ("response_type=code", "response_type=none"),
        ] {
            for _ in 0..4 {
                twist(&desk, from, to).await;
                is_active(&mut admin, to).await;
            }
            minute(&desk).await;
            is_active(&mut admin, to).await;
        }
    }

    async fn made_up_errors_make_the_checks_look_once_and_not_again(desk: Desk) {
        let mut admin = connected(&desk).await;
        let node = desk.another().await;
        for turn in 0..55 {
            for _ in 0..3 {
                forge(&desk, FORGED[0]).await;
            }
            for at in [&desk, &node] {
                server::tidy_once(&at.app).await.expect("tidied");
            }
            desk.pass(MINUTE);
            if turn % 20 == 0 {
                assert!(admin.is_signed_in().await);
            }
        }
        assert_eq!(looks(&mut admin).await, 1);
        is_active(&mut admin, "after an hour of it").await;
        // Without another error there is nothing to look at again.
        for _ in 0..10 {
            desk.pass(MINUTE * 10);
            assert!(admin.is_signed_in().await);
            server::tidy_once(&desk.app).await.expect("tidied");
        }
        assert!(looks(&mut admin).await <= 2);
    }

    async fn two_errors_or_three_among_sign_ins_that_work_make_nobody_look(desk: Desk) {
        let mut admin = connected(&desk).await;
        for _ in 0..2 {
            forge(&desk, FORGED[0]).await;
        }
        minute(&desk).await;
        assert_eq!(looks(&mut admin).await, 0, "two");
        for _ in 0..3 {
            works(&desk).await;
        }
        forge(&desk, FORGED[0]).await;
        minute(&desk).await;
        assert_eq!(looks(&mut admin).await, 0, "three, with as many that worked after the first");
    }

    async fn made_up_errors_hide_no_real_trouble_and_heal_none(desk: Desk) {
        let mut admin = connected(&desk).await;
        desk.okta.set_fault(Fault::BadSignature);
        fails(&desk, 2).await;
        for query in FORGED {
            forge(&desk, query).await;
        }
        is_active(&mut admin, "two of five").await;
        fails(&desk, 1).await;
        let degraded = ("degraded".to_owned(), "token_signature".to_owned());
        assert_eq!(state(&mut admin).await, degraded);
        for query in FORGED {
            forge(&desk, query).await;
        }
        for _ in 0..60 {
            // Begun, and left there.
            desk.browser().get(&paths::auth_start(Provider::Okta)).await.location();
        }
        forge(&desk, FORGED[12]).await;
        assert_eq!(state(&mut admin).await, degraded);
        desk.okta.clear_faults();
        for _ in 0..3 {
            works(&desk).await;
        }
        is_active(&mut admin, "it works again").await;
    }

    /// Nobody but the person's browser hears of an unknown scope; the checks ask for it themselves.
    async fn real_trouble_that_only_browsers_hear_of_is_seen_by_the_checks(desk: Desk) {
        let mut admin = connected(&desk).await;
        let before = desk.audit().await.len();
        desk.okta.set_fault(Fault::ScopeUnknown);
        fails(&desk, 3).await;
        is_active(&mut admin, "that is only what browsers say").await;
        minute(&desk).await;
        assert_eq!(looks(&mut admin).await, 1);
        let degraded = ("degraded".to_owned(), "scope_refused".to_owned());
        assert_eq!(state(&mut admin).await, degraded);
        // It stays so while more of the same comes in, and the checks look again and again.
        for _ in 0..25 {
            fails(&desk, 1).await;
            forge(&desk, FORGED[1]).await;
            minute(&desk).await;
            assert_eq!(state(&mut admin).await, degraded);
        }
        assert!((2..=4).contains(&looks(&mut admin).await));
        // The overview counts what people met, and names what the checks found.
        let overview = admin.get(paths::OVERVIEW).await.expect_status(200).json;
        assert_eq!(overview["failing"][0]["cause"], "scope_refused", "{overview:#}");
        let attempt = desk.latest(&mut admin).await;
        assert!(attempt["cause"].is_string(), "{attempt:#}");
        // It goes by itself, though nobody signs in.
        desk.okta.clear_faults();
        for _ in 0..11 {
            minute(&desk).await;
        }
        is_active(&mut admin, "the checks pass").await;
        let acts = desk.acts_since(before).await;
        let told: Vec<_> = acts.iter().filter(|it| *it != "connection.checked").collect();
        assert_eq!(told, ["connection.degraded", "connection.recovered"]);
    }

    async fn sign_ins_that_work_outweigh_a_check_that_fails(desk: Desk) {
        let mut admin = connected(&desk).await;
        desk.okta.set_fault(Fault::ScopeUnknown);
        fails(&desk, 3).await;
        minute(&desk).await;
        assert_eq!(state(&mut admin).await.0, "degraded");
        desk.okta.clear_faults();
        for _ in 0..3 {
            works(&desk).await;
        }
        is_active(&mut admin, "three got in").await;
    }

    /// An edit waits for its verification: what is in force is looked at, and not what is not yet.
    async fn the_settings_in_force_are_looked_at_and_not_a_draft(desk: Desk) {
        let mut admin = connected(&desk).await;
        let path = paths::connection(Provider::Okta);
        let version = crate::desk::version_of(&mut admin, path.clone()).await;
        let wrong = serde_json::json!({
            "issuer": desk.okta.issuer_org(), "client_id": "0oaNobodyHasThisOne0",
            "client_secret": "of-no-app-at-all-of-anybody-0123456789",
        });
        admin.put(&path, version, &wrong).await.expect_status(200);
        minute(&desk).await;
        for _ in 0..3 {
            forge(&desk, FORGED[0]).await;
        }
        minute(&desk).await;
        assert_eq!(looks(&mut admin).await, 1);
        is_active(&mut admin, "only the draft is wrong").await;
        let report = admin.get(&paths::checks(Provider::Okta)).await.json;
        assert_eq!(report["latest"]["verdict"], "passed", "{report:#}");
        minute(&desk).await;
        let runs = report["history"].as_array().expect("a list").len();
        let report = admin.get(&paths::checks(Provider::Okta)).await.json;
        assert_eq!(report["history"].as_array().map(Vec::len), Some(runs), "the draft was checked");
        assert!(desk.sign_in(&mut desk.browser(), Provider::Okta, ADMIN).await.status.is_redirection());
    }
}
