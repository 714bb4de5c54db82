//! An administrator and a sign-in at the very same time: whichever comes first, nothing is left
//! over that neither of them meant.

use api::{Provider, paths};
use serde_json::{Value, json};

use super::{ALAN, detail};
use crate::{
    desk::{Browser, Desk, Reply},
    on_both,
    refusals::id_of,
    witness,
};

const ROUNDS: usize = 8;

/// A browser at another node, in which Alan is about to come back.
async fn about_to_meet(node: &Desk) -> (Browser, String) {
    let mut browser = node.browser();
    let back = node
        .until_callback(&mut browser, Provider::Okta, ALAN)
        .await;
    (browser, back)
}

/// Let in, or refused with a page: never a fault of ours.
fn ended_well(reply: &Reply) {
    assert_eq!(reply.status.as_u16(), 303, "{}", reply.text);
}

on_both! {
    async fn a_suspension_in_the_middle_of_a_sign_in_leaves_no_session(desk: Desk) {
        let mut admin = desk.connected().await;
        let node = desk.another().await;
        let user = desk.member(&mut admin, "Alan", ALAN).await;
        for _ in 0..ROUNDS {
            let (mut browser, back) = about_to_meet(&node).await;
            let suspend = paths::suspend(id_of(&user));
            let (reply, suspended) =
                tokio::join!(browser.get(&back), admin.post(&suspend, &Value::Null));
            ended_well(&reply);
            suspended.expect_status(200);
            assert_eq!(witness::sessions(&desk).await, 1, "the administrator's");
            admin.post(&paths::reinstate(id_of(&user)), &Value::Null).await.expect_status(200);
            assert!(!browser.is_signed_in().await, "reinstating brought a session back");
        }
    }

    async fn a_deletion_in_the_middle_of_a_sign_in_leaves_nothing(desk: Desk) {
        let mut admin = desk.connected().await;
        let node = desk.another().await;
        desk.person("Alan", "Turing", ALAN);
        for _ in 0..ROUNDS {
            let form = json!({
                "name": "Alan Turing", "email": ALAN, "okta_login": ALAN, "role": "member",
            });
            let user = admin.post(paths::USERS, &form).await.expect_status(201).json;
            let (mut browser, back) = about_to_meet(&node).await;
            let path = paths::user(id_of(&user));
            let (reply, deleted) = tokio::join!(browser.get(&back), admin.delete(&path));
            ended_well(&reply);
            deleted.expect_status(204);
            assert_eq!(witness::sessions(&desk).await, 1, "the administrator's");
            assert_eq!(witness::identities(&desk).await, 0);
        }
    }

    async fn another_login_in_the_middle_of_a_sign_in_leaves_no_bond(desk: Desk) {
        let mut admin = desk.connected().await;
        let node = desk.another().await;
        let user = desk.member(&mut admin, "Alan", ALAN).await;
        let path = paths::user(id_of(&user));
        for _ in 0..ROUNDS {
            let (mut browser, back) = about_to_meet(&node).await;
            for login in ["somebody.else", ALAN] {
                let now = detail(&mut admin, id_of(&user)).await["user"].clone();
                let form = json!({
                    "name": "Alan Member", "email": ALAN, "okta_login": login, "role": "member",
                });
                let version = now["version"].as_i64().expect("a version");
                if login == ALAN {
                    admin.put(&path, version, &form).await.expect_status(200);
                    continue;
                }
                let change = admin.put(&path, version, &form);
                let (reply, changed) = tokio::join!(browser.get(&back), change);
                ended_well(&reply);
                changed.expect_status(200);
                assert_eq!(witness::identities(&desk).await, 0, "a bond to the login before");
                assert_eq!(witness::sessions(&desk).await, 1, "the administrator's");
            }
        }
    }
}
