//! The last administrator who can enter stays: on one node, on two, and when two act at once.

use api::paths;
use serde_json::{Value, json};

use super::{ada, expect_nothing_changed, form, id_of, made, version_of};
use crate::{
    desk::{Browser, Desk, Reply},
    on_both,
};

/// Another administrator who can enter with a password. The product has no way yet to give a
/// second one a password, so the test lends Ada's.
async fn second(desk: &Desk, admin: &mut Browser) -> Value {
    let mut user = form("Grace Hopper", "grace@northwind.example");
    user["role"] = json!("admin");
    let user = made(admin, &user).await;
    desk.execute(
        "update users
         set password_hash = (select password_hash from users where email = 'ada@northwind.example')
         where email = 'grace@northwind.example'",
    )
    .await;
    user
}

/// The three ways to lose an administrator.
async fn lose(admin: &mut Browser, user: &Value, way: usize) -> Reply {
    let id = id_of(user);
    match way {
        0 => admin.post(&paths::suspend(&id), &Value::Null).await,
        1 => admin.delete(&paths::user(&id)).await,
        _ => {
            let demoted = json!({
                "name": user["name"], "email": user["email"], "okta_login": user["okta_login"],
                "role": "member",
            });
            admin
                .put(&paths::user(&id), version_of(user), &demoted)
                .await
        }
    }
}

/// Administrators who can enter, past every door.
async fn left(desk: &Desk) -> usize {
    let rows = desk.dump().await.rows("users");
    rows.iter()
        .filter(|row| row["role"] == "admin" && !row.contains_key("suspended_at"))
        .filter(|row| row.contains_key("password_hash"))
        .count()
}

on_both! {
    async fn the_last_administrator_cannot_be_suspended_deleted_or_demoted(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ada = ada(&mut admin).await;
        // An administrator who cannot enter while Okta is away is no way back in.
        let mut grace = form("Grace", "grace@northwind.example");
        grace["role"] = json!("admin");
        made(&mut admin, &grace).await;
        for way in 0..3 {
            let reply = expect_nothing_changed(&desk, async || lose(&mut admin, &ada, way).await).await;
            let reply = reply.expect_status(409);
            assert_eq!(reply.code(), "last_administrator");
            assert!(admin.is_signed_in().await);
        }
    }

    async fn one_of_two_administrators_can_go_and_then_the_other_stays(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ada = ada(&mut admin).await;
        let grace = second(&desk, &mut admin).await;
        lose(&mut admin, &grace, 0).await.expect_status(200);
        lose(&mut admin, &ada, 0).await.expect_status(409);
        admin.post(&paths::reinstate(&id_of(&grace)), &Value::Null).await.expect_status(200);
        lose(&mut admin, &ada, 0).await.expect_status(200);
        assert!(!admin.is_signed_in().await);
        assert_eq!(left(&desk).await, 1);
    }

    async fn two_who_remove_each_other_at_once_leave_one(desk: Desk) {
        let mut admin = desk.administrator().await;
        let node = desk.another().await;
        let ada = ada(&mut admin).await;
        for way in 0..3 {
            let grace = second(&desk, &mut admin).await;
            let (mut here, mut there) = (admin.clone(), admin.at(&node));
            let (first, other) = (grace.clone(), ada.clone());
            let one = tokio::spawn(async move { lose(&mut here, &first, way).await });
            let two = tokio::spawn(async move { lose(&mut there, &other, way).await });
            let replies = [one.await.expect("an answer"), two.await.expect("an answer")];
            assert_eq!(left(&desk).await, 1, "way {way}");
            // Whoever is second is refused, or is no administrator any more.
            let refused: Vec<u16> = replies
                .iter()
                .map(|reply| reply.status.as_u16())
                .filter(|status| *status >= 300)
                .collect();
            assert!(matches!(refused[..], [409 | 401 | 403]), "way {way}: {refused:?}");
            // Back to Ada alone, whoever won.
            desk.execute(
                "delete from users where email = 'grace@northwind.example'",
            ).await;
            if left(&desk).await == 0 {
                return;
            }
        }
    }
}
