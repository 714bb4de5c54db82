//! Sends what is queued: at least once, always with the same id, for a day at most.
//!
//! A try moves the message's due time before it begins, so that of several nodes one makes it; if
//! that node is gone, another makes the next try when the lease is over.

use api::{
    ProblemCode, UtcMillis,
    webhook::{Delivery, DeliveryFault, DeliveryState},
};
use url::Url;

use super::{
    sign,
    store::{self, Due, End},
};
use crate::{App, error::Error, oidc::outbound::NoReply};

/// For how long a try keeps other nodes away: longer than a request can take.
pub(super) const LEASE: UtcMillis = 30_000;

/// After how long the next try comes, in seconds; the last one is repeated.
const PAUSES: [i64; 8] = [10, 30, 120, 600, 1_800, 3_600, 7_200, 10_800];

/// After a day the message is given up.
const PATIENCE: UtcMillis = 24 * 60 * 60 * 1000;

/// Deliveries that ended are kept for this long.
const KEPT: UtcMillis = 30 * 24 * 60 * 60 * 1000;

/// Sends every message that is due.
pub(crate) async fn deliver_due(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    let due = app.db.read(move |tx| store::due(tx, now)).await?;
    for message in due {
        deliver(app, message).await?;
    }
    Ok(())
}

/// Removes what ended long ago.
pub(crate) async fn purge(app: &App) -> Result<(), Error> {
    let before = app.clock.now() - KEPT;
    app.db.write(move |tx| store::purge(tx, before)).await
}

/// Sends a test, once; how that went.
pub(super) async fn test(app: &App, id: &str) -> Result<Delivery, Error> {
    let key = id.to_owned();
    let due = app.db.read(move |tx| store::one(tx, &key)).await?;
    if let Some(message) = due {
        deliver(app, message).await?;
    }
    let key = id.to_owned();
    let delivery = app.db.read(move |tx| store::delivery(tx, &key)).await?;
    delivery.ok_or_else(|| ProblemCode::NotFound.into())
}

async fn deliver(app: &App, message: Due) -> Result<(), Error> {
    let now = app.clock.now();
    let leased = app
        .db
        .write(move |tx| {
            if !store::lease(tx, &message, now + LEASE)? {
                return Ok(None);
            }
            let url = store::url(tx)?;
            Ok(Some((message, url, store::secrets(tx, now)?)))
        })
        .await?;
    let Some((message, url, sealed)) = leased else {
        return Ok(());
    };
    let mut secrets = Vec::with_capacity(2);
    for it in sealed {
        let opened = app.sealing.open(&it, sign::PLACE)?;
        secrets.push(String::from_utf8_lossy(&opened).into_owned());
    }
    let (status, fault) = send(app, url.as_deref(), &secrets, &message, now).await;
    let end = end_of(&message, status, fault, app.clock.now());
    tracing::info!(
        delivery = message.id,
        status,
        fault = fault.map(DeliveryFault::code),
        state = end.state.code(),
        "webhook"
    );
    metrics::counter!("sso_webhook_attempts_total", "state" => end.state.code()).increment(1);
    app.db
        .write(move |tx| store::end(tx, &message.id, &end))
        .await
}

/// Whether and when there is another try. A test has one.
fn end_of(message: &Due, status: Option<u16>, fault: Option<DeliveryFault>, now: UtcMillis) -> End {
    let pause = usize::try_from(message.attempts)
        .ok()
        .and_then(|tries| PAUSES.get(tries))
        .unwrap_or(&PAUSES[PAUSES.len() - 1]);
    let next_at = now + pause * 1000;
    let state = match fault {
        None => DeliveryState::Delivered,
        Some(_) if message.is_test || next_at > message.created_at + PATIENCE => {
            DeliveryState::Failed
        }
        Some(_) => DeliveryState::Pending,
    };
    End {
        state,
        status,
        fault,
        next_at,
    }
}

async fn send(
    app: &App,
    url: Option<&str>,
    secrets: &[String],
    message: &Due,
    now: UtcMillis,
) -> (Option<u16>, Option<DeliveryFault>) {
    let Some(url) = url.and_then(|it| Url::parse(it).ok()) else {
        return (None, Some(DeliveryFault::Refused));
    };
    let seconds = now.div_euclid(1000);
    let headers = [
        ("webhook-id", message.id.clone()),
        ("webhook-timestamp", seconds.to_string()),
        (
            "webhook-signature",
            sign::signatures(secrets, &message.id, seconds, &message.body),
        ),
    ];
    let sent = app
        .relying
        .outbound()
        .post_json(&url, &headers, message.body.clone())
        .await;
    match sent {
        Ok(reply) if (200..300).contains(&reply.status) => (Some(reply.status), None),
        Ok(reply) => (Some(reply.status), Some(DeliveryFault::Status)),
        Err(NoReply::Redirected { status, .. }) => (Some(status), Some(DeliveryFault::Redirected)),
        Err(NoReply::Refused { .. } | NoReply::Private { .. }) => {
            (None, Some(DeliveryFault::Refused))
        }
        // Whatever it says at such length, it is no success that we could read.
        Err(NoReply::Unreachable { .. } | NoReply::TooLarge) => {
            (None, Some(DeliveryFault::Unreachable))
        }
    }
}
