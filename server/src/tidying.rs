//! What is done by itself, once a minute: what ended is removed, what is due is told. Messages of
//! the webhook go out every few seconds.

use std::time::Duration;

use crate::{
    App, checks, connections, error::Error, limits::refusals, retention, sessions, set_up,
    sign_ins, trusted_proxies, users, webhook,
};

const EVERY: Duration = Duration::from_secs(60);
const DELIVER_EVERY: Duration = Duration::from_secs(3);

/// Tidies and delivers until it is dropped.
pub async fn tidy(app: App) {
    tokio::join!(tidy_each_minute(&app), deliver(&app));
}

async fn tidy_each_minute(app: &App) {
    let mut turns = tokio::time::interval(EVERY);
    loop {
        turns.tick().await;
        if let Err(error) = minute(app).await {
            error.log("-");
        }
    }
}

/// On its own: a receiver that is slow holds nothing else up.
async fn deliver(app: &App) {
    let mut turns = tokio::time::interval(DELIVER_EVERY);
    turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        if let Err(error) = webhook::deliver_due(app).await {
            error.log("-");
        }
    }
}

/// One turn of everything, for whoever moves the clock.
pub async fn tidy_once(app: &App) -> Result<(), Error> {
    minute(app).await?;
    webhook::deliver_due(app).await
}

/// A part that fails keeps none of the others from its turn.
async fn minute(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    app.limits.forget_the_quiet(now);
    let parts = [
        say_if_a_key_is_missing(app).await,
        refusals::write(app, false).await,
        trusted_proxies::settle(app).await,
        connections::settle(app).await,
        app.db
            .write(move |tx| sessions::purge(tx, now).map(drop))
            .await,
        webhook::purge(app).await,
        sign_ins::count_hours(app).await,
        sign_ins::forget_stale(app).await,
        retention::enforce(app).await,
        users::add_up(app).await,
        users::resume(app).await,
        users::forget_jobs(app).await,
        connections::tell_of_ends(app).await,
        connections::measure(app).await,
        connections::watch(app).await,
        // Of many requests, and large: not on the stack of everything else.
        Box::pin(checks::due(app)).await,
    ];
    let mut failed = parts.into_iter().filter_map(Result::err);
    let first = failed.next();
    for error in failed {
        error.log("-");
    }
    first.map_or(Ok(()), Err)
}

/// Writes what is kept in memory for the next turn, at the end of the server.
pub(crate) async fn finish(app: &App) {
    if let Err(error) = refusals::write(app, true).await {
        error.log("-");
    }
}

/// The key was rotated, and this server does not have the new one.
async fn say_if_a_key_is_missing(app: &App) -> Result<(), Error> {
    if let Some(id) = set_up::key_in_use(&app.db).await?
        && !app.sealing.has(&id)
    {
        tracing::error!(
            cause = app.sealing.lacks(&id),
            "the encryption key was rotated"
        );
    }
    Ok(())
}
