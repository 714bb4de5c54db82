//! Users as an administrator keeps them: made, edited, barred, found, deleted.

use api::paths;
use serde_json::{Value, json};

use crate::desk::{Browser, Desk, Reply};

mod attention;
pub(crate) mod bulk;
mod create;
mod delete;
mod edit;
mod filters;
pub(crate) mod import;
mod jobs;
mod last_administrator;
mod list;
mod many;
mod mended;
mod seen;
mod suspend;

pub(crate) use bulk::{begun, over};

/// A form that is right in every field.
pub(crate) fn form(name: &str, email: &str) -> Value {
    json!({ "name": name, "email": email, "okta_login": email, "role": "member" })
}

/// Makes a user without anybody at Okta; the user.
pub(crate) async fn made(admin: &mut Browser, form: &Value) -> Value {
    admin.post(paths::USERS, form).await.expect_status(201).json
}

fn id_of(user: &Value) -> String {
    user["id"].as_str().expect("an id").to_owned()
}

fn version_of(user: &Value) -> i64 {
    user["version"].as_i64().expect("a version")
}

async fn shown(admin: &mut Browser, id: &str) -> Value {
    let reply = admin.get(&paths::user(id)).await.expect_status(200);
    reply.json["user"].clone()
}

/// Accepts what does not fit, as it is shown now.
pub(crate) async fn accepted(admin: &mut Browser, id: &str) -> Reply {
    let seen = shown(admin, id).await["attention"].clone();
    admin.post(&paths::accept(id), &seen).await
}

/// The administrator who set the deployment up.
async fn ada(admin: &mut Browser) -> Value {
    let session = admin.get(paths::SESSION).await.expect_status(200).json;
    shown(admin, session["user_id"].as_str().expect("an id")).await
}

/// What was refused left every table as it was.
async fn expect_nothing_changed<F>(desk: &Desk, act: impl FnOnce() -> F) -> Reply
where
    F: Future<Output = Reply>,
{
    let before = desk.dump().await;
    let reply = act().await;
    let after = desk.dump().await;
    assert!(
        before == after,
        "{} {} changed {:?}",
        reply.status,
        reply.text,
        after.differs_from(&before)
    );
    reply
}
