//! Logins that look like somebody's and are not: none of them ever matches, in either database.

use api::{Cause, paths};
use okta_simulator::NewPerson;
use serde_json::json;

use crate::{
    on_both,
    refusals::{refused, user},
    witness,
};

/// What a user here is called, and what somebody at Okta calls themselves to be taken for them.
const LOOKALIKES: [(&str, &str); 16] = [
    ("kate@northwind.example", "\u{212a}ate@northwind.example"),
    ("ivy@northwind.example", "\u{131}vy@northwind.example"),
    ("ivy@northwind.example", "\u{130}vy@northwind.example"),
    ("sam@northwind.example", "\u{17f}am@northwind.example"),
    ("strasse@northwind.example", "stra\u{df}e@northwind.example"),
    ("fin@northwind.example", "\u{fb01}n@northwind.example"),
    ("ada.l@northwind.example", "ada.l\u{ff20}northwind.example"),
    ("ada.l@northwind.example", "ada.l@north\u{200b}wind.example"),
    ("ada.l@northwind.example", "ada.l\u{ad}@northwind.example"),
    ("ada.l@northwind.example", "\u{200f}ada.l@northwind.example"),
    ("ada.l@northwind.example", "ada.l@northwind\u{3002}example"),
    ("ada.l@northwind.example", "\u{430}da.l@northwind.example"),
    ("ada.l@northwind.example", "ada.l@n\u{43e}rthwind.example"),
    ("ada.l@northwind.example", "\u{a0}ada.l@northwind.example"),
    ("ada.l@northwind.example", "a\u{301}da.l@northwind.example"),
    ("ada.l@northwind.example", "\u{ff41}da.l@northwind.example"),
];

/// The same, in letters that Okta could well have: other people, whatever they look like.
const OTHERS: [&str; 8] = [
    "ada.l@northwind.example.evil.test",
    "ada.l@northwind.example@evil.test",
    "ada.l+sso@northwind.example",
    "adal@northwind.example",
    "ada.l@xn--nrthwind-g1a.example",
    "ada.l@northwind.example.",
    "ada_l@northwind.example",
    "ada%l@northwind.example",
];

on_both! {
    async fn a_lookalike_of_a_login_is_nobody(desk: Desk) {
        let mut admin = desk.connected().await;
        let mut made: Vec<&str> = Vec::new();
        for (number, (login, lookalike)) in LOOKALIKES.into_iter().enumerate() {
            if !made.contains(&login) {
                user(&mut admin, "A User", login, Some(login)).await;
                made.push(login);
            }
            // Once as user name, once only as e-mail.
            desk.okta.add_person(NewPerson::new("Look", "Alike", lookalike).login(lookalike));
            refused(&desk, lookalike, Cause::EmailUnusable).await;
            let plain = format!("plain-{number}");
            desk.okta.add_person(NewPerson::new("Look", "Alike", lookalike).login(&plain));
            refused(&desk, &plain, Cause::UnknownUser).await;
        }
        for other in OTHERS {
            desk.okta.add_person(NewPerson::new("Some", "Other", other));
            refused(&desk, other, Cause::UnknownUser).await;
        }
        assert_eq!(witness::identities(&desk).await, 0);
        assert_eq!(witness::sessions(&desk).await, 1, "the administrator's");
    }

    async fn no_user_can_be_made_under_a_lookalike(desk: Desk) {
        let mut admin = desk.connected().await;
        for (_, lookalike) in LOOKALIKES {
            for (email, login) in [(lookalike, "plain"), ("plain@northwind.example", lookalike)] {
                let form = json!({
                    "name": "Look Alike", "email": email, "okta_login": login, "role": "member",
                });
                let reply = admin.post(paths::USERS, &form).await.expect_status(422);
                assert!(!reply.faults().is_empty(), "{lookalike:?}");
            }
        }
    }

    async fn login_with_blanks_around_it_matches_no_one(desk: Desk) {
        let mut admin = desk.connected().await;
        user(&mut admin, "Ada L", "ada.l@northwind.example", Some("ada.l@northwind.example")).await;
        for login in [" ada.l@northwind.example", "ada.l@northwind.example\t", "ada.l@northwind.example\r\n"] {
            desk.okta.add_person(NewPerson::new("Ada", "L", "ada.l@northwind.example").login(login));
            refused(&desk, login, Cause::EmailUnusable).await;
        }
        assert_eq!(witness::identities(&desk).await, 0);
    }
}
