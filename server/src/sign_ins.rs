//! Sign-in attempts: one row each, from start to end, and the flow that moves them along.

mod begin;
mod break_glass;
mod callback;
mod finish;
mod matching;
mod password;
mod proof;
mod prune;
mod return_path;
mod sign_out;
pub(crate) mod store;

use api::{Attempt, ProblemCode, sign_ins::AttemptList};
use axum::{
    Json,
    extract::{RawQuery, State},
};

use crate::{App, access::Admin, error::Error};

pub(crate) use begin::{connect, start};
pub(crate) use break_glass::sign_in as sign_in_with_code;
pub(crate) use callback::callback;
pub(crate) use password::sign_in as sign_in_with_password;
pub(crate) use prune::{forget_stale, prune};
pub(crate) use return_path::ReturnPath;
pub(crate) use sign_out::sign_out;
pub(crate) use store::{of_user, recent, today};

/// `GET /api/sign-ins`: the latest fifty; with `?reference=` the one that has it.
pub(crate) async fn list(
    State(app): State<App>,
    _: Admin,
    RawQuery(query): RawQuery,
) -> Result<Json<AttemptList>, Error> {
    let query = query.unwrap_or_default();
    let mut reference = None;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "reference" if value.len() <= 32 => {
                reference = Some(value.trim().to_ascii_uppercase());
            }
            _ => return Err(ProblemCode::BadRequest.into()),
        }
    }
    let now = app.clock.now();
    let attempts: Vec<Attempt> = app
        .db
        .read(move |tx| match reference {
            Some(reference) => Ok(store::by_reference(tx, &reference, now)?
                .map(|(attempt, _)| attempt)
                .into_iter()
                .collect()),
            None => recent(tx, now, 50),
        })
        .await?;
    Ok(Json(AttemptList {
        attempts,
        next: None,
        since: String::new(),
    }))
}
