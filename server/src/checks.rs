//! The checks of a connection: a ladder of requests that shows most mistakes before anybody signs
//! in. It changes nothing at the provider, and keeps what it saw.

mod address;
mod client;
mod discovery;
mod finding;
mod keys;
mod ladder;
mod look;
mod native;
mod organization;
mod probe;
mod redirect;
mod refusal;
mod request;
mod run;
mod secret;
mod store;

use std::convert::Infallible;

use api::{
    FieldFault, ProblemCode,
    checks::{CheckForm, CheckLine, CheckReport, Trigger},
};
use axum::{
    Json,
    body::{Body as RawBody, Bytes},
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use tokio::sync::mpsc;

use crate::{
    App,
    access::Admin,
    body::{Body, Segment},
    connections,
    error::Error,
    limits::{Address, Limit},
};

pub(crate) use look::look;
pub(crate) use run::due;
pub(crate) use store::{failing, last_of, passed_redirect, read_at};

/// More lines than any run has: nothing waits for a slow reader.
const LINES_MAX: usize = 16;

/// `GET /api/connections/{provider}/checks`.
pub(crate) async fn show(
    State(app): State<App>,
    _: Admin,
    Segment(provider): Segment,
) -> Result<Json<CheckReport>, Error> {
    let provider = connections::provider_of(&provider)?;
    let report = app.db.read(move |tx| store::report(tx, provider)).await?;
    Ok(Json(report))
}

/// `POST /api/connections/{provider}/checks`: climbs the ladder, and tells each rung as soon as it
/// is known. While another run has the turn, such as the server's own after a change, its end is
/// waited for and shown. It ends when nobody listens any more.
pub(crate) async fn perform(
    State(app): State<App>,
    Admin(actor): Admin,
    Address(address): Address,
    Segment(provider): Segment,
    Body(form): Body<CheckForm>,
) -> Result<Response, Error> {
    let provider = connections::provider_of(&provider)?;
    match form.trigger {
        Trigger::Request | Trigger::Connect => (),
        Trigger::Change | Trigger::Daily | Trigger::Doubt => {
            return Err(Error::field("trigger", FieldFault::Unknown));
        }
    }
    app.limits.pass(Limit::Check, address)?;
    let begun = match run::begin(&app, provider, form.trigger, actor.audit()).await {
        Ok(Some(begun)) => Some(begun),
        Ok(None) => return Err(ProblemCode::IllegalMove.into()),
        Err(Error::TooMany(_)) => None,
        Err(error) => return Err(error),
    };
    let (sender, receiver) = mpsc::channel(LINES_MAX);
    tokio::spawn(async move {
        let listener = sender.clone();
        let climbing = async {
            let tell = |line: &CheckLine| {
                let _ = sender.try_send(line_of(line));
            };
            let ended = if let Some(begun) = begun {
                Box::pin(begun.finish(tell)).await.map(drop)
            } else {
                let audit = actor.audit();
                let other = run::after_another(&app, provider, form.trigger, audit, tell);
                Box::pin(other).await
            };
            if let Err(error) = ended {
                error.log("-");
            }
        };
        tokio::select! {
            () = listener.closed() => (),
            () = climbing => (),
        }
    });
    let lines = stream::unfold(receiver, async |mut receiver| {
        let line = receiver.recv().await?;
        Some((Ok::<_, Infallible>(line), receiver))
    });
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((kind, RawBody::from_stream(lines)).into_response())
}

fn line_of(line: &CheckLine) -> Bytes {
    let mut text = serde_json::to_vec(line).unwrap_or_default();
    text.push(b'\n');
    text.into()
}
