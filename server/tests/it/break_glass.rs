//! The way back in: codes that let an administrator in once, the same answer to every wrong try,
//! and a command on the host that arms one.

mod crash;
mod lock_out;

use api::{Provider, paths};
use serde_json::{Value, json};
use server::db::Location;

use crate::{
    command_line::ended,
    desk::{ADMIN, Browser, Desk, PASSWORD, Reply, detail},
    on_both,
};

async fn enter(browser: &mut Browser, email: &str, code: &str) -> Reply {
    browser
        .form(paths::AUTH_BREAK_GLASS, &[("email", email), ("code", code)])
        .await
}

async fn test(admin: &mut Browser, code: &str) -> Reply {
    admin.post(paths::TEST_CODE, &json!({ "code": code })).await
}

/// The command's argument for this desk's database.
fn database(desk: &Desk) -> String {
    match &desk.location {
        Location::Sqlite(path) => path.display().to_string(),
        Location::Postgres(url) => url.clone(),
    }
}

/// Runs the binary on this desk's database, beside the server that has it open.
pub(crate) async fn on_host(desk: &Desk, words: &[&str]) -> (i32, String) {
    let mut arguments: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
    arguments.extend(["--database".to_owned(), database(desk)]);
    tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        ended(&arguments)
    })
    .await
    .expect("it ends")
}

/// The code in what the command printed.
pub(crate) fn code_of(printed: &str) -> String {
    let line = printed.lines().find(|line| {
        let line = line.trim();
        line.len() == 34 && line.matches('-').count() == 6
    });
    line.unwrap_or_else(|| panic!("no code in {printed}"))
        .trim()
        .to_owned()
}

/// The acts of the audit log that have to do with codes.
async fn acts(desk: &Desk) -> Vec<String> {
    let mut acts = desk.acts_since(0).await;
    acts.retain(|act| act.starts_with("break_glass."));
    acts
}

on_both! {
    async fn a_recovery_code_lets_in_once_and_the_session_says_so(desk: Desk) {
        let mut admin = desk.connected().await;
        let codes = desk.recovery_codes(&mut admin).await;
        assert_eq!(codes.len(), 10);
        for code in &codes {
            // 28 letters of 5 bits: 140.
            assert_eq!(code.chars().filter(|c| *c != '-').count(), 28);
        }
        let shown = admin.get(paths::BREAK_GLASS).await.expect_status(200).json;
        assert_eq!(shown["recovery"]["left"], 10);
        assert!(shown["recovery"]["tested_at"].is_i64(), "the test counts and uses nothing up");
        for row in desk.dump().await.rows("break_glass") {
            for code in &codes {
                assert!(!row.values().any(|value| value.contains(&code[..9])), "{row:?}");
            }
        }

        let mut ada = desk.browser();
        // As people type: small letters, no hyphens, O for 0.
        let typed = codes[3].to_lowercase().replace('-', " ").replace('0', "o");
        enter(&mut ada, ADMIN, &typed).await.expect_location("/");
        let session = ada.get(paths::SESSION).await.expect_status(200).json;
        assert_eq!((&session["signed_in_by"], &session["email"]), (&json!("break_glass"), &json!(ADMIN)));
        let mut again = desk.browser();
        assert!(enter(&mut again, ADMIN, &codes[3]).await.location().contains("notice=refused"));
        assert!(!again.is_signed_in().await);
        let shown = admin.get(paths::BREAK_GLASS).await.expect_status(200).json;
        assert_eq!(shown["recovery"]["left"], 9);
        assert_eq!(shown["recent"][0]["kind"], "recovery");
        assert_eq!(acts(&desk).await, [
            "break_glass.recovery_codes_made", "break_glass.tested", "break_glass.used",
            "break_glass.refused",
        ]);
    }

    async fn every_wrong_try_has_the_same_answer_and_is_written_down(desk: Desk) {
        let mut admin = desk.connected().await;
        let codes = desk.recovery_codes(&mut admin).await;
        let grace = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut answers = Vec::new();
        for (email, code) in [
            (ADMIN, "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG"),
            ("nobody@northwind.example", codes[1].as_str()),
            ("grace@northwind.example", codes[1].as_str()),
            ("not an address", codes[1].as_str()),
            (ADMIN, ""),
        ] {
            let mut browser = desk.browser();
            let reply = enter(&mut browser, email, code).await;
            answers.push((reply.status, reply.location(), reply.text.clone()));
            assert!(!browser.is_signed_in().await && browser.cookies.is_empty());
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        desk.pass(60);
        server::tidy_once(&desk.app).await.expect("maintenance");
        let rows = desk.audit().await;
        let refused = rows.iter().filter(|row| row["event"] == "break_glass.refused");
        let counts: Vec<u64> = refused.map(|row| detail(row)["count"].as_u64().unwrap_or(1)).collect();
        assert_eq!(counts, [1, 4]);
        // The page shows it in words, and asks for a code.
        let page = desk.browser().get(&answers[0].1).await.expect_status(200);
        assert!(page.text.contains("name=\"code\"") && !page.text.contains("type=\"password\""));
        // What cannot be read is refused before anything is looked up.
        let mut browser = desk.browser();
        for fields in [
            &[("email", ADMIN)][..],
            &[("email", ADMIN), ("code", "x"), ("more", "y")][..],
            &[("email", ADMIN), ("code", &*"C".repeat(300))][..],
        ] {
            browser.form(paths::AUTH_BREAK_GLASS, fields).await.expect_status(400);
        }
        // The code that others tried is still good for whose it is.
        enter(&mut browser, ADMIN, &codes[1]).await.expect_location("/");
        drop(grace);
    }

    async fn of_two_who_use_one_code_at_once_one_enters(desk: Desk) {
        let mut admin = desk.connected().await;
        let node = desk.another().await;
        let codes = desk.recovery_codes(&mut admin).await;
        for code in codes.into_iter().take(5) {
            let mut tries = Vec::new();
            for at in [&desk, &node, &desk, &node] {
                let (mut browser, code) = (at.browser(), code.clone());
                tries.push(tokio::spawn(async move {
                    enter(&mut browser, ADMIN, &code).await.location()
                }));
            }
            let mut entered = 0;
            for one in tries {
                entered += usize::from(one.await.expect("an answer") == "/");
            }
            assert_eq!(entered, 1);
        }
    }

    async fn new_codes_void_the_old_ones_and_a_test_uses_none_up(desk: Desk) {
        let mut admin = desk.connected().await;
        let old = desk.recovery_codes(&mut admin).await;
        let new = desk.recovery_codes(&mut admin).await;
        let reply = test(&mut admin, &old[0]).await.expect_status(422);
        assert_eq!(reply.faults(), ["code: wrong_code"]);
        let mut browser = desk.browser();
        assert!(enter(&mut browser, ADMIN, &old[1]).await.location().contains("refused"));
        for _ in 0..3 {
            test(&mut admin, &new[0]).await.expect_status(200);
        }
        enter(&mut browser, ADMIN, &new[0]).await.expect_location("/");
        test(&mut admin, &new[0]).await.expect_status(422);
        let last = desk.audit().await;
        let refused = last.iter().rfind(|row| row["event"] == "break_glass.refused").expect("a row");
        assert_eq!(detail(refused)["test"], true);
    }

    async fn tries_are_limited(desk: Desk) {
        desk.administrator().await;
        let limited = desk.another_with(|settings| settings.requests_a_minute = Some(3)).await;
        let mut browser = limited.browser();
        let mut said = Vec::new();
        for _ in 0..5 {
            said.push(enter(&mut browser, ADMIN, "ABCD-EFGH").await.location());
        }
        assert!(said[0].contains("notice=refused"), "{said:?}");
        assert!(said[4].contains("notice=too_many"), "{said:?}");
    }

    async fn the_host_arms_one_code_that_runs_out_by_itself(desk: Desk) {
        let mut admin = desk.connected().await;
        let (code, said) = on_host(&desk, &["break-glass", "issue", "--user", ADMIN, "--for", "30m"]).await;
        assert_eq!(code, 0, "{said}");
        let armed = code_of(&said);
        let mut ada = desk.browser();
        enter(&mut ada, ADMIN, &armed).await.expect_location("/");
        assert!(enter(&mut ada, ADMIN, &armed).await.location().contains("refused"));
        // The command has the machine's clock and the test its own, so the order is not told.
        let mut all = acts(&desk).await;
        all.sort();
        assert_eq!(all, ["break_glass.armed", "break_glass.refused", "break_glass.used"]);
        let told = admin.get(paths::NOTIFICATIONS).await.expect_status(200).json;
        let mut told: Vec<&str> = told["notifications"]
            .as_array()
            .expect("notifications")
            .iter()
            .filter_map(|it| it["kind"].as_str())
            .collect();
        told.sort_unstable();
        assert_eq!(told, ["break_glass_failed", "break_glass_issued", "break_glass_used"]);
        let shown = admin.get(paths::BREAK_GLASS).await.expect_status(200).json;
        assert_eq!(shown["recent"][0]["kind"], "issued");
        assert_eq!(shown["recovery"], Value::Null);

        let (code, said) = on_host(&desk, &["break-glass", "issue", "--user", ADMIN, "--for", "1m"]).await;
        assert_eq!(code, 0, "{said}");
        // The test's clock stands still while the command's goes on.
        desk.pass(10 * 60);
        let mut late = desk.browser();
        assert!(enter(&mut late, ADMIN, &code_of(&said)).await.location().contains("refused"));
    }

    async fn the_host_arms_for_administrators_only(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        for words in [
            &["break-glass", "issue", "--user", "grace@northwind.example"][..],
            &["break-glass", "issue", "--user", "nobody@northwind.example"][..],
            &["break-glass", "issue", "--user", "nobody"][..],
            &["break-glass", "issue", "--user", ADMIN, "--for", "25h"][..],
            &["break-glass", "issue", "--user", ADMIN, "--for", "soon"][..],
        ] {
            let (code, said) = on_host(&desk, words).await;
            assert_eq!(code, 2, "{words:?}: {said}");
        }
        assert!(desk.dump().await.rows("break_glass").is_empty());
        // There is no door for it: no route arms one.
        for path in ["/api/break-glass", "/api/break-glass/arm", "/auth/break-glass/arm"] {
            let reply = admin.post(path, &json!({ "user": ADMIN, "for": "30m" })).await;
            assert!(matches!(reply.status.as_u16(), 404 | 405), "{path}: {}", reply.status);
        }
    }

    async fn a_code_works_while_okta_is_off_too(desk: Desk) {
        let mut admin = desk.administrator().await;
        let codes = desk.recovery_codes(&mut admin).await;
        let mut ada = desk.browser();
        let page = ada.get(paths::SIGN_IN_ADMINISTRATOR).await.expect_status(200);
        assert!(page.text.contains("type=\"password\"") && page.text.contains("with=code"));
        enter(&mut ada, ADMIN, &codes[0]).await.expect_location("/");
        let mut other = desk.browser();
        let fields = [("email", ADMIN), ("password", PASSWORD)];
        other.form(paths::AUTH_PASSWORD, &fields).await.expect_location("/");
        assert_eq!(admin.get(&paths::connection(Provider::Okta)).await.json["state"], "not_connected");
    }
}
