//! The first page's figures.

pub(crate) mod health;

use api::Overview;
use axum::{Json, extract::State};

use crate::{App, access::Admin, checks, connections, error::Error, sign_ins, users};

/// `GET /api/overview`.
pub(crate) async fn show(State(app): State<App>, _: Admin) -> Result<Json<Overview>, Error> {
    let (now, public_url) = (app.clock.now(), app.settings.public_url.clone());
    let overview = app
        .db
        .read(move |tx| {
            Ok(Overview {
                connections: connections::all(tx, &public_url, now)?,
                users: users::counts(tx)?,
                today: sign_ins::today(tx, now)?,
                recent: sign_ins::recent(tx, now, 8)?,
                failing: checks::failing(tx)?,
            })
        })
        .await?;
    Ok(Json(overview))
}
