//! The first page's figures.

pub(crate) mod health;
#[cfg(test)]
mod plans;

use api::Overview;
use axum::{Json, extract::State, response::Response};

use crate::{
    App,
    access::Admin,
    checks, connections,
    error::Error,
    sign_ins::{self, days},
    users,
};

/// `GET /api/overview`.
pub(crate) async fn show(State(app): State<App>, _: Admin) -> Result<Json<Overview>, Error> {
    let (now, public_url) = (app.clock.now(), app.settings.public_url.clone());
    let overview = app
        .db
        .read(move |tx| {
            let [assigned, signed_in] = users::arrived(tx)?;
            Ok(Overview {
                connections: connections::all(tx, &public_url, now)?,
                users: users::counts(tx)?,
                assigned,
                signed_in,
                today: sign_ins::today(tx, now)?,
                recent: sign_ins::recent(tx, now, 8)?,
                failing: checks::failing(tx)?,
            })
        })
        .await?;
    Ok(Json(overview))
}

/// `GET /api/overview/adoption.csv`: a line a step, from created to signed in.
pub(crate) async fn arrival_csv(State(app): State<App>, _: Admin) -> Result<Response, Error> {
    let (users, [assigned, signed_in]) = app
        .db
        .read(move |tx| Ok((users::counts(tx)?, users::arrived(tx)?)))
        .await?;
    let text = format!(
        "step,users\r\ncreated,{}\r\nlogin_assigned,{assigned}\r\nsigned_in,{signed_in}\r\n",
        users.all
    );
    Ok(days::csv("adoption.csv", text))
}
