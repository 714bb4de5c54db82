//! Who would be matched differently if a connection matched users by email instead of by Okta login, or back.
//!
//! It looks only: what a connection matches by is a setting like the others (`change`).

use api::{
    Provider,
    connections::{MatchChange, MatchPreview},
    users::Found,
};
use axum::{Json, extract::State};

use super::provider_of;
use crate::{
    App,
    access::Admin,
    body::Segment,
    db::{Tx, params},
    error::Error,
    users,
};

/// So many users are listed.
const LISTED: i64 = 100;
/// So many are counted; a page shows "1,000 or more" beyond.
const COUNTED: i64 = 1_000;

/// `GET /api/connections/{provider}/match-preview`: users whose email and Okta login differ, and who are not linked yet.
/// Linked users are known by their account, whatever a connection matches by.
pub(crate) async fn preview_match(
    State(app): State<App>,
    _: Admin,
    Segment(provider): Segment,
) -> Result<Json<MatchPreview>, Error> {
    match provider_of(&provider)? {
        Provider::Okta => {}
        // Their users are matched by email always.
        Provider::Google | Provider::Microsoft => return Err(api::ProblemCode::NotFound.into()),
    }
    app.db.read(preview).await.map(Json)
}

fn preview(tx: &mut Tx<'_>) -> Result<MatchPreview, Error> {
    let count = tx
        .row(
            "select count(*) from (
               select 1 from users
               where okta_since is null and (okta_login is null or okta_login <> email)
               limit $1) counted",
            params![COUNTED],
        )?
        .map_or(Ok(0), |mut row| row.count())?;
    let rows = tx.rows(
        "select id, name, email, okta_login, role from users
         where okta_since is null and (okta_login is null or okta_login <> email)
         order by sort_name, id
         limit $1",
        params![LISTED],
    )?;
    let users = rows
        .into_iter()
        .map(|mut row| {
            Ok(MatchChange {
                id: row.text()?,
                name: row.text()?,
                email: row.text()?,
                okta_login: row.opt_text()?,
                is_administrator: users::role(&row.text()?)? == api::Role::Admin,
            })
        })
        .collect::<Result<_, Error>>()?;
    Ok(MatchPreview {
        changed: Found {
            count,
            or_more: count >= COUNTED.unsigned_abs(),
        },
        users,
    })
}
