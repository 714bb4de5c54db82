//! The days: counted once, the same whether an hour is counted already or not.

use api::{Provider, paths};
use okta_simulator::Fault;
use serde_json::{Value, json};

use super::a_morning;
use crate::{
    desk::{ADMIN, Browser},
    on_both,
};

const HOUR: i64 = 60 * 60;

async fn days(admin: &mut Browser, query: &str) -> Value {
    let path = format!("{}{query}", paths::SIGN_IN_DAYS);
    admin.get(&path).await.expect_status(200).json
}

fn sums(days: &Value) -> [u64; 3] {
    ["succeeded", "failed", "not_completed"].map(|name| {
        let days = days["days"].as_array().expect("days");
        days.iter()
            .map(|day| day[name].as_u64().expect("a count"))
            .sum()
    })
}

/// Healthy and degraded.
fn minutes(days: &Value) -> [u64; 2] {
    ["healthy_minutes", "degraded_minutes"].map(|name| {
        let days = days["days"].as_array().expect("days");
        days.iter()
            .map(|day| day[name].as_u64().expect("minutes"))
            .sum()
    })
}

on_both! {
    async fn the_figures_are_the_same_before_and_after_an_hour_is_counted(desk: Desk) {
        let mut admin = a_morning(&desk).await;
        let fresh = days(&mut admin, "").await;
        assert_eq!(fresh["days"].as_array().map(Vec::len), Some(14));
        // The administrator's round trip is no sign-in, and nobody has stayed away for long yet.
        assert_eq!(sums(&fresh), [1, 2, 0]);
        desk.pass(2 * HOUR);
        let mut admin = desk.browser_of_admin().await;
        let before = days(&mut admin, "").await;
        // With the administrator's own of this moment.
        assert_eq!(sums(&before), [2, 2, 1]);
        assert_eq!(before["causes"].as_array().map(Vec::len), Some(2));
        server::tidy_once(&desk.app).await.expect("tidied");
        server::tidy_once(&desk.another().await.app).await.expect("tidied");
        assert_eq!(days(&mut admin, "").await, before);
        let kept = desk.dump().await.rows("attempt_days");
        assert!(!kept.is_empty());
        // What is counted does not have to be there any more; what is of this hour does.
        desk.execute("delete from attempts").await;
        assert_eq!(sums(&days(&mut admin, "").await), [1, 2, 1]);
    }

    async fn what_comes_later_is_added_to_what_is_counted(desk: Desk) {
        let mut admin = a_morning(&desk).await;
        desk.pass(2 * HOUR);
        server::tidy_once(&desk.app).await.expect("tidied");
        desk.sign_in(&mut desk.browser(), Provider::Okta, "grace@northwind.example").await;
        let mut again = desk.browser_of_admin().await;
        assert_eq!(sums(&days(&mut again, "").await), [3, 2, 1]);
        desk.pass(100 * 24 * HOUR);
        server::tidy_once(&desk.app).await.expect("tidied");
        let mut later = desk.browser_of_admin().await;
        let all = days(&mut later, "?days=90").await;
        assert_eq!(sums(&all), [1, 0, 0], "only the one of today");
        assert_eq!(all["causes"], json!([]));
        drop(admin.get("/healthz").await);
    }

    async fn who_comes_back_late_is_counted_as_what_became_of_it(desk: Desk) {
        a_morning(&desk).await;
        let mut late = desk.browser();
        let back = desk.until_callback(&mut late, Provider::Okta, "grace@northwind.example").await;
        desk.pass(12 * 60);
        let mut soon = desk.browser();
        let too_soon = desk.until_callback(&mut soon, Provider::Okta, "grace@northwind.example").await;
        desk.pass(2 * HOUR);
        server::tidy_once(&desk.app).await.expect("tidied");
        let mut admin = desk.browser_of_admin().await;
        assert_eq!(sums(&days(&mut admin, "").await), [2, 2, 3]);
        late.get(&back).await;
        let now = days(&mut admin, "").await;
        assert_eq!(sums(&now), [2, 3, 2]);
        let causes = now["causes"].as_array().expect("causes");
        assert!(causes.contains(&json!({ "cause": "attempt_expired", "attempts": 1 })), "{causes:?}");
        soon.get(&too_soon).await;
        assert_eq!(sums(&days(&mut admin, "").await), [2, 4, 1]);
        // One whose hour is not counted yet is counted with it.
        let mut later = desk.browser();
        let back = desk.until_callback(&mut later, Provider::Okta, "grace@northwind.example").await;
        desk.pass(11 * 60);
        later.get(&back).await;
        let mut admin = desk.browser_of_admin().await;
        assert_eq!(sums(&days(&mut admin, "").await), [3, 5, 1]);
        desk.pass(2 * HOUR);
        server::tidy_once(&desk.app).await.expect("tidied");
        let mut admin = desk.browser_of_admin().await;
        assert_eq!(sums(&days(&mut admin, "").await), [4, 5, 1]);
    }

    async fn the_same_stands_in_the_csv(desk: Desk) {
        let mut admin = a_morning(&desk).await;
        let reply = admin.get(&format!("{}?days=2", paths::SIGN_IN_DAYS_CSV)).await;
        assert!(reply.header("content-type").starts_with("text/csv"));
        let lines: Vec<&str> = reply.text.lines().collect();
        assert_eq!(lines[0], "day,succeeded,failed,not_completed,healthy_minutes,degraded_minutes");
        assert_eq!(lines.len(), 3);
        let sum: u64 = lines[1..].iter().map(|line| {
            let mut cells = line.split(',');
            assert_eq!(cells.next().map(str::len), Some(10));
            cells.take(3).map(|it| it.parse::<u64>().expect("a count")).sum::<u64>()
        }).sum();
        assert_eq!(sum, 3);
        let causes = admin.get(paths::SIGN_IN_CAUSES_CSV).await.text;
        assert!(causes.contains("unknown_user,1") && causes.contains("user_suspended,1"), "{causes}");
        for query in ["?days=0", "?days=91", "?days=4294967295"] {
            let path = format!("{}{query}", paths::SIGN_IN_DAYS);
            admin.get(&path).await.expect_status(422);
        }
    }

    async fn the_steps_from_created_to_signed_in_are_counted(desk: Desk) {
        let mut admin = desk.connected().await;
        let steps = async |admin: &mut Browser| {
            let overview = admin.get(paths::OVERVIEW).await.expect_status(200).json;
            let all = [&overview["users"]["all"], &overview["assigned"], &overview["signed_in"]];
            let all = all.map(|it| it.as_u64().expect("a count"));
            let csv = admin.get(paths::ADOPTION_CSV).await.expect_status(200);
            assert!(csv.header("content-type").starts_with("text/csv"));
            let [created, assigned, came] = all;
            let text = format!("step,users\r\ncreated,{created}\r\nlogin_assigned,{assigned}\r\nsigned_in,{came}\r\n");
            assert_eq!(csv.text, text);
            all
        };
        let [created, assigned, came] = steps(&mut admin).await;
        let grace = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let other = json!({ "name": "N", "email": "n@northwind.example", "role": "member" });
        admin.post(paths::USERS, &other).await.expect_status(201);
        assert_eq!(steps(&mut admin).await, [created + 2, assigned + 1, came]);
        desk.sign_in(&mut desk.browser(), Provider::Okta, "grace@northwind.example").await;
        assert_eq!(steps(&mut admin).await, [created + 2, assigned + 1, came + 1]);
        // A second sign-in is no second arrival; a suspension takes none back.
        desk.sign_in(&mut desk.browser(), Provider::Okta, "grace@northwind.example").await;
        let id = grace["id"].as_str().expect("an id");
        admin.post(&paths::suspend(id), &Value::Null).await.expect_status(200);
        assert_eq!(steps(&mut admin).await, [created + 2, assigned + 1, came + 1]);
        server::tidy_once(&desk.app).await.expect("tidied");
        desk.execute("update users set okta_login = null, okta_since = null where name like 'Grace%'").await;
        assert_eq!(steps(&mut admin).await, [created + 2, assigned, came]);
        desk.execute("update users set okta_login = 'n' where name = 'N'").await;
        assert_eq!(steps(&mut admin).await, [created + 2, assigned + 1, came]);
        desk.execute("delete from users where name = 'N'").await;
        assert_eq!(steps(&mut admin).await, [created + 1, assigned, came]);
    }

    async fn the_days_say_how_long_the_connection_was_healthy(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.pass(HOUR / 3);
        desk.person("Ada", "Lovelace", ADMIN);
        let saved = desk.save_okta(&mut admin, &desk.okta.issuer_org()).await;
        saved.expect_status(200);
        desk.connect_okta(&mut admin).await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let since = minutes(&days(&mut admin, "?days=90").await);
        desk.pass(HOUR);
        desk.okta.set_fault(Fault::TokenInvalidClient);
        for _ in 0..3 {
            desk.sign_in(&mut desk.browser(), Provider::Okta, "grace@northwind.example").await.reference();
        }
        desk.okta.clear_faults();
        desk.pass(HOUR / 2);
        for _ in 0..3 {
            desk.sign_in(&mut desk.browser(), Provider::Okta, "grace@northwind.example").await;
        }
        desk.pass(10 * 60);
        let mut admin = desk.browser_of_admin().await;
        let all = days(&mut admin, "?days=90").await;
        let now = minutes(&all);
        assert_eq!([now[0] - since[0], now[1] - since[1]], [70, 30]);
        assert_eq!(all["days"][0]["healthy_minutes"], 0, "nothing was connected then");
        desk.pass(3 * 24 * HOUR);
        let mut admin = desk.browser_of_admin().await;
        let later = days(&mut admin, "?days=2").await;
        assert_eq!(later["days"][0]["healthy_minutes"], 24 * 60, "what began before goes on");
    }
}
