//! Refused tries in the audit log: one row a minute and source, with how many there were.

use api::paths;
use server::tidy_once;

use super::{WRONG_CODE, code_from, password_from};
use crate::{
    desk::{ADMIN, detail},
    on_both,
};

on_both! {
    async fn refused_passwords_are_one_row_a_minute_and_source(desk: Desk) {
        desk.administrator().await;
        let before = desk.audit().await.len();
        let mut stranger = desk.browser();
        for _ in 0..30 {
            password_from(&mut stranger, "203.0.113.1", ADMIN, "a wrong password").await;
        }
        // Another address, and two of one /48.
        password_from(&mut stranger, "203.0.113.2", ADMIN, "a wrong password").await;
        password_from(&mut stranger, "[2001:db8:0:1::1]", ADMIN, "a wrong password").await;
        password_from(&mut stranger, "[2001:db8:0:2::1]", ADMIN, "a wrong password").await;
        assert_eq!(desk.acts_since(before).await, ["password.refused"; 3]);
        desk.pass(60);
        tidy_once(&desk.app).await.expect("maintenance");
        let rows = desk.audit().await.split_off(before);
        let refused: Vec<_> = rows.iter().filter(|row| row["event"] == "password.refused").collect();
        let mut folded: Vec<_> = refused[3..]
            .iter()
            .map(|row| (row["address"].clone(), detail(row)["count"].as_u64()))
            .collect();
        folded.sort();
        // Of the /48 one came after its row.
        assert_eq!(folded, [
            ("2001:db8:0:2::1".to_owned(), None),
            ("203.0.113.1".to_owned(), Some(29)),
        ]);
        for row in &refused {
            assert_eq!(detail(row)["email"], ADMIN);
        }
    }

    async fn refused_codes_are_one_row_a_minute_and_name_what_was_tried(desk: Desk) {
        desk.administrator().await;
        let before = desk.audit().await.len();
        let mut stranger = desk.browser();
        code_from(&mut stranger, "203.0.113.1", None, WRONG_CODE).await;
        for at in 0..8 {
            let email = format!("user{at}@northwind.example");
            let fields = [("email", email.as_str()), ("code", WRONG_CODE)];
            super::form_from(&mut stranger, "203.0.113.1", None, paths::AUTH_BREAK_GLASS, &fields).await;
        }
        desk.pass(60);
        code_from(&mut stranger, "203.0.113.1", None, WRONG_CODE).await;
        let rows = desk.audit().await.split_off(before);
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert_eq!(detail(&rows[1])["count"], 9);
        let named = detail(&rows[1])["emails"].to_string();
        assert!(named.contains("user0@") && named.contains("user4@"), "{named}");
        assert!(!named.contains("user5@") && named.contains('…'), "{named}");
    }

    async fn flood_from_many_sites_writes_few_rows(desk: Desk) {
        desk.administrator().await;
        let before = desk.audit().await.len();
        let mut stranger = desk.browser();
        for at in 0..200 {
            let peer = format!("[2001:db8:{at:x}::1]");
            password_from(&mut stranger, &peer, ADMIN, "a wrong password").await;
        }
        let rows = desk.audit().await.len() - before;
        assert!((1..=61).contains(&rows), "{rows} rows of 200 tries");
        desk.pass(60);
        tidy_once(&desk.app).await.expect("maintenance");
        let rows = desk.audit().await.split_off(before);
        let counted: u64 = rows
            .iter()
            .filter(|row| row["event"] == "password.refused")
            .map(|row| detail(row)["count"].as_u64().unwrap_or(1))
            .sum();
        assert_eq!(counted, 200);
    }
}
