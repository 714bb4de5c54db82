//! An administrator and a sign-in at the very same time: whichever comes first, nothing is left
//! over that neither of them meant.

use api::{Provider, paths};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};

use super::{ALAN, detail};
use crate::{
    desk::{Browser, Desk, PUBLIC_URL, Reply},
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
    async fn a_body_that_comes_after_its_sender_was_barred_changes_nothing(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Alan", ALAN).await;
        let act = json!({ "kind": "change_role", "role": "admin" });
        let promote = json!({ "action": act, "ids": [id_of(&user)], "expected": 1 });
        crate::users::begun(&mut admin, &promote).await;
        let mut alan = desk.browser();
        desk.sign_in(&mut alan, Provider::Okta, ALAN).await.expect_location("/");
        let (sender, receiver) = tokio::sync::mpsc::channel::<Result<String, std::io::Error>>(1);
        let waits = futures_util::stream::unfold(receiver, async |mut receiver| {
            receiver.recv().await.map(|part| (part, receiver))
        });
        let request = Request::post(paths::USERS)
            .header(header::ORIGIN, PUBLIC_URL)
            .header(paths::CSRF_HEADER, "1")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from_stream(waits))
            .expect("a request");
        let slow = tokio::spawn(async move { alan.send(request).await });
        sender.send(Ok("{\"name\":\"Mallory\",".into())).await.expect("it is read");
        // The head and a part of the body are there: whoever asked was let through.
        while sender.capacity() == 0 {
            tokio::task::yield_now().await;
        }
        admin.post(&paths::suspend(id_of(&user)), &Value::Null).await.expect_status(200);
        let rest = "\"email\":\"mallory@northwind.example\",\"role\":\"admin\"}";
        sender.send(Ok(rest.into())).await.expect("it is read");
        drop(sender);
        slow.await.expect("an answer").expect_status(401);
        assert_eq!(admin.get(paths::USERS).await.json["counts"]["all"], 2);
    }

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
