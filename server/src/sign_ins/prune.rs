//! Old attempts go, and what an attempt that never came back kept for its end goes earlier.

use api::UtcMillis;

use super::store::first_id_of;
#[cfg(test)]
use crate::db::Planned;
use crate::{
    App,
    db::{Db, Tx, params},
    error::Error,
};

/// So many at a time, so that nobody waits long.
const PART: i64 = 2000;
/// So many of those whose secrets are forgotten, each by a statement of its own.
const FEW: i64 = 200;
/// Nobody comes back after a day: nonce and verifier are worth nothing from then on.
const STALE: UtcMillis = 24 * 60 * 60 * 1000;

/// The first that is not of the next part.
const PART_ENDS: &str = "select id from attempts where id < $1 order by id limit 1 offset $2";
/// With both ends, so that no plan takes them for many.
const OLD: &str = "delete from attempts where id >= '' and id < $1";

/// Those that are stale and were not looked at yet.
const UNSEEN: &str = "select id from attempts
     where (outcome, id) >= ('started', $1) and (outcome, id) < ('started', $2)
     order by outcome, id limit $3";
const FORGET: &str = "update attempts set nonce = null, verifier = null where id = $1";

/// Each with the index that leads it.
#[cfg(test)]
pub(crate) const STATEMENTS: [Planned; 4] = {
    use crate::db::Texts;
    const STARTED: &str = "(outcome,id)>(?,?) AND (outcome,id)<(?,?)";
    [
        (
            Texts::both(PART_ENDS),
            "attempts_pkey",
            "id<?",
            "'01920400', 2000",
        ),
        (
            Texts::both(OLD),
            "attempts_pkey",
            "id>? AND id<?",
            "'01920040'",
        ),
        (
            Texts::both(UNSEEN),
            "attempts_outcome",
            STARTED,
            "'01920400', '01920500', 2000",
        ),
        (Texts::both(FORGET), "attempts_pkey", "id=?", "'01920400'"),
    ]
};

/// Removes the attempts that were started before a time.
pub(crate) async fn prune(app: &App, before: UtcMillis) -> Result<(), Error> {
    remove(&app.db, first_id_of(before), PART).await
}

async fn remove(db: &Db, below: String, part: i64) -> Result<(), Error> {
    loop {
        let below = below.clone();
        let more = db
            .write(move |tx| {
                let end = tx.row(PART_ENDS, params![&below, part])?;
                let more = end.is_some();
                let end = match end {
                    Some(mut row) => row.text()?,
                    None => below,
                };
                tx.run(OLD, params![&end])?;
                Ok(more)
            })
            .await?;
        if !more {
            return Ok(());
        }
    }
}

/// Forgets the secrets of attempts that were started a day ago and never came back. How far that is
/// done is kept: each is looked at once, however many there are, and without an index of its own
/// that every sign-in would have to write.
pub(crate) async fn forget_stale(app: &App) -> Result<(), Error> {
    forget(&app.db, first_id_of(app.clock.now() - STALE), FEW).await
}

async fn forget(db: &Db, below: String, part: i64) -> Result<(), Error> {
    loop {
        let end = below.clone();
        // A minute in which nobody stayed away writes nothing.
        let unseen = db.read(move |tx| unseen(tx, &end, part)).await?;
        let is_more = unseen.len() as u64 == part.unsigned_abs();
        let Some(last) = unseen.last().cloned() else {
            return Ok(());
        };
        db.write(move |tx| {
            for id in &unseen {
                tx.run(FORGET, params![id])?;
            }
            tx.run(
                "update attempts_forgotten set below = $1 where id = 1 and below < $1",
                // The smallest text that is greater.
                params![&format!("{last}0")],
            )
            .map(drop)
        })
        .await?;
        if !is_more {
            return Ok(());
        }
    }
}

/// The next part of those that were not looked at.
fn unseen(tx: &mut Tx<'_>, below: &str, part: i64) -> Result<Vec<String>, Error> {
    let row = tx.row("select below from attempts_forgotten where id = 1", &[])?;
    let Some(mut row) = row else {
        return Ok(Vec::new());
    };
    let rows = tx.rows(UNSEEN, params![&row.text()?, below, part])?;
    rows.into_iter().map(|mut row| row.text()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::users::tests::{Place, postgres, sqlite};

    /// A thousand and one that never came back, one a second.
    const FILL: &str = "insert into attempts
           (id, reference, provider, purpose, started_at, outcome, nonce, verifier)
         with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n < 1000)
         select '0000000' || (10000 + n) || '-0000-7000-8000-000000000000', 'R' || n, 'okta',
                'sign_in', n * 1000, 'started', 'n', 'v'
         from numbers";

    async fn kept(place: &Place) -> i64 {
        let count = |tx: &mut Tx<'_>| {
            let row = tx.row("select count(*) from attempts where nonce is not null", &[])?;
            row.expect("a count").int()
        };
        place.db.read(count).await.expect("counted")
    }

    async fn each_is_looked_at_once(place: Place) {
        let run = async |sql: &'static str| {
            let run = place.db.write(move |tx| tx.run(sql, &[]));
            run.await.expect("done")
        };
        run(FILL).await;
        let of = |n: i64| format!("0000000{}-0000-7000-8000-000000000000", 10_000 + n);
        forget(&place.db, of(900), 7).await.expect("forgotten");
        assert_eq!(
            kept(&place).await,
            101,
            "in parts, up to those that may still come"
        );
        // What is behind is not looked at again.
        run("update attempts set nonce = 'n' where reference = 'R5'").await;
        forget(&place.db, of(950), 7).await.expect("forgotten");
        assert_eq!(kept(&place).await, 52);
        forget(&place.db, of(950), 7).await.expect("nothing to do");
        assert_eq!(kept(&place).await, 52);
    }

    async fn what_is_old_goes_in_parts(place: Place) {
        let filled = place.db.write(|tx| tx.run(FILL, &[])).await;
        assert_eq!(filled.expect("filled"), 1001);
        let below = "000000010900-0000-7000-8000-000000000000";
        remove(&place.db, below.to_owned(), 7)
            .await
            .expect("removed");
        assert_eq!(kept(&place).await, 101);
        remove(&place.db, below.to_owned(), 7)
            .await
            .expect("nothing to do");
        assert_eq!(kept(&place).await, 101);
    }

    #[tokio::test]
    async fn what_is_old_goes_in_parts_on_sqlite() {
        what_is_old_goes_in_parts(sqlite()).await;
    }

    #[tokio::test]
    async fn what_is_old_goes_in_parts_on_postgres() {
        what_is_old_goes_in_parts(postgres()).await;
    }

    #[tokio::test]
    async fn each_is_looked_at_once_on_sqlite() {
        each_is_looked_at_once(sqlite()).await;
    }

    #[tokio::test]
    async fn each_is_looked_at_once_on_postgres() {
        each_is_looked_at_once(postgres()).await;
    }
}
