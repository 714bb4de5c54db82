//! Passwords: what many wrong ones do, what all addresses share, and what is not even verified.

use std::time::{Duration, Instant};

use api::{Provider, paths};
use futures_util::future::join_all;

use super::{code_from, notifications, password_from};
use crate::{
    desk::{ADMIN, Browser, Desk, PASSWORD, Reply},
    on_both,
};

const DELAY: Duration = Duration::from_millis(40);
const UNKNOWN: &str = "nobody@northwind.example";

/// A try at a password; where it led, and how long it took.
async fn timed(browser: &mut Browser, email: &str, password: &str) -> (String, Duration) {
    let begun = Instant::now();
    let to = password_from(browser, "203.0.113.1", email, password).await;
    (to, begun.elapsed())
}

async fn at_once(desk: &Desk, count: usize) -> Vec<Reply> {
    let tries = (0..count).map(|_| async {
        let form = [("email", UNKNOWN), ("password", "a wrong password")];
        desk.browser().form(paths::AUTH_PASSWORD, &form).await
    });
    join_all(tries).await
}

/// Verifying takes long enough for all to come meanwhile, and none may wait.
async fn without_queue(desk: &Desk) -> Desk {
    desk.another_with(|settings| {
        settings.password_memory_kib = Some(64 * 1024);
        settings.password_queue = Some(0);
    })
    .await
}

on_both! {
    async fn many_wrong_passwords_raise_one_notice(desk: Desk) {
        let mut admin = desk.administrator().await;
        let slow = desk.another_with(|settings| settings.password_delay = Some(DELAY)).await;
        let mut stranger = slow.browser();
        for round in 0..2 {
            for _ in 0..199 {
                password_from(&mut stranger, "203.0.113.1", ADMIN, "a wrong password").await;
            }
            assert!(notifications(&mut admin, "password_guessing").await.is_empty(), "round {round}");
            password_from(&mut stranger, "203.0.113.1", ADMIN, "a wrong password").await;
            let list = notifications(&mut admin, "password_guessing").await;
            assert_eq!(list.len(), 1, "{list:?}");
            assert_eq!(list[0]["data"]["who"], "Ada Lovelace");
            assert_eq!(list[0]["data"]["count"], 200);
            let id = list[0]["id"].as_str().expect("an id");
            admin.post(&paths::dismiss(id), &serde_json::Value::Null).await.expect_status(204);
            // The next day it counts from the start. The session of yesterday is over by then.
            desk.pass(24 * 60 * 60);
            admin = desk.browser();
            let to = password_from(&mut admin, "203.0.113.1", ADMIN, PASSWORD).await;
            assert_eq!(to, "/");
        }
    }

    async fn many_wrong_passwords_delay_each_try_for_known_and_unknown(desk: Desk) {
        let mut admin = desk.administrator().await;
        let slow = desk.another_with(|settings| settings.password_delay = Some(DELAY)).await;
        let mut stranger = slow.browser();
        for email in [ADMIN, UNKNOWN] {
            for _ in 0..200 {
                password_from(&mut stranger, "203.0.113.1", email, "a wrong password").await;
            }
            let (to, took) = timed(&mut stranger, email, "a wrong password").await;
            assert!(to.contains("notice=refused"), "{to}");
            assert!(took >= DELAY, "{email}: {took:?}");
        }
        // No lock-out: the right one enters, as late as a wrong one is refused.
        let mut ada = slow.browser();
        let (to, took) = timed(&mut ada, ADMIN, PASSWORD).await;
        assert_eq!(to, "/");
        assert!(took >= DELAY, "{took:?}");
        // Of an e-mail that is no administrator's nothing is said.
        assert_eq!(notifications(&mut admin, "password_guessing").await.len(), 1);
    }

    async fn limit_of_all_addresses_refuses_passwords_only(desk: Desk) {
        let mut admin = desk.connected().await;
        let codes = desk.recovery_codes(&mut admin).await;
        let busy = desk
            .another_with(|settings| {
                settings.requests_a_minute = None;
                settings.passwords_a_minute = Some(5);
            })
            .await;
        let mut stranger = busy.browser();
        let mut refused = 0;
        for at in 0..20 {
            let peer = format!("[2001:db8:{at:x}::1]");
            let to = password_from(&mut stranger, &peer, ADMIN, "a wrong password").await;
            refused += usize::from(to.contains("notice=too_many"));
        }
        assert!((13..=15).contains(&refused), "{refused} of 20");
        let mut ada = busy.browser();
        busy.sign_in(&mut ada, Provider::Okta, ADMIN).await.expect_location("/");
        let mut ada = busy.browser();
        assert_eq!(code_from(&mut ada, "[2001:db8:1::1]", None, &codes[0]).await, "/");
    }

    async fn full_queue_answers_503_with_retry_after(desk: Desk) {
        let mut admin = desk.administrator().await;
        let codes = desk.recovery_codes(&mut admin).await;
        let busy = without_queue(&desk).await;
        let answers = at_once(&busy, 8).await;
        let sent_away: Vec<_> = answers.iter().filter(|it| it.status == 503).collect();
        assert!(!sent_away.is_empty(), "{answers:?}");
        for reply in &answers {
            match reply.status.as_u16() {
                503 => assert_eq!(reply.header("retry-after"), "1"),
                _ => assert!(reply.location().contains("notice=refused")),
            }
        }
        // A code needs no turn of those.
        let (answers, to) = tokio::join!(at_once(&busy, 8), async {
            code_from(&mut busy.browser(), "203.0.113.1", None, &codes[0]).await
        });
        assert_eq!(to, "/");
        assert!(answers.iter().any(|it| it.status == 503));
    }

    async fn passwords_are_not_verified_while_okta_is_on(desk: Desk) {
        desk.connected().await;
        let busy = without_queue(&desk).await;
        for reply in at_once(&busy, 8).await {
            assert!(reply.location().contains("notice=refused"), "{reply:?}");
        }
    }
}
