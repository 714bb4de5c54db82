//! What is removed by itself: sessions that ended, limits of addresses that went quiet.

use std::time::Duration;

use crate::{App, checks, error::Error, sessions};

const EVERY: Duration = Duration::from_secs(60);

/// Tidies once a minute until it is dropped.
pub async fn tidy(app: App) {
    let mut turns = tokio::time::interval(EVERY);
    loop {
        turns.tick().await;
        if let Err(error) = once(&app).await {
            error.log("-");
        }
    }
}

/// One turn, as it comes every minute.
pub async fn once(app: &App) -> Result<(), Error> {
    app.limits.forget_the_quiet();
    let now = app.clock.now();
    app.db.write(move |tx| sessions::purge(tx, now)).await?;
    checks::due(app).await
}
