//! Old attempts go, and what an attempt that never came back kept for its end goes earlier.

use api::UtcMillis;

use super::store::first_id_of;
use crate::{App, db::params, error::Error};

/// So many at a time, so that nobody waits long.
const PART: i64 = 2000;
/// Nobody comes back after a day: nonce and verifier are worth nothing from then on.
const STALE: UtcMillis = 24 * 60 * 60 * 1000;

/// Removes the attempts that were started before a time.
pub(crate) async fn prune(app: &App, before: UtcMillis) -> Result<(), Error> {
    let id = first_id_of(before);
    loop {
        let id = id.clone();
        let removed = app
            .db
            .write(move |tx| {
                tx.run(
                    "delete from attempts
                     where id in (select id from attempts where id < $1 order by id limit $2)",
                    params![&id, PART],
                )
            })
            .await?;
        if removed < PART.unsigned_abs() {
            return Ok(());
        }
    }
}

/// Forgets the secrets of attempts that were started a day ago and never came back.
pub(crate) async fn forget_stale(app: &App) -> Result<(), Error> {
    let id = first_id_of(app.clock.now() - STALE);
    app.db
        .write(move |tx| {
            tx.run(
                "update attempts set nonce = null, verifier = null
                 where outcome = 'started' and id < $1 and nonce is not null",
                params![&id],
            )
        })
        .await
        .map(drop)
}
