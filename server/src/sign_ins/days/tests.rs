//! What is counted while somebody looks.

use super::*;
use crate::users::tests::{Place, postgres, sqlite};

/// One of hour 9 that failed.
const FILL: &str = "insert into attempts
       (id, reference, provider, purpose, started_at, outcome, cause)
     values ($1, 'R', 'okta', 'sign_in', 32400000, 'failed', 'unknown_user')";
const NOW: UtcMillis = 12 * HOUR;

async fn failed(place: &Place) -> u64 {
    let list = place.db.write(|tx| list(tx, NOW, 1)).await.expect("days");
    list.days.iter().map(|it| it.failed).sum()
}

async fn filled(place: &Place) {
    let filled = place
        .db
        .write(|tx| tx.run(FILL, params![&first_id_of(9 * HOUR)]));
    assert_eq!(filled.await.expect("filled"), 1);
}

async fn an_hour_is_counted_once(place: Place) {
    filled(&place).await;
    assert_eq!(failed(&place).await, 1);
    while place
        .db
        .write(|tx| count_hour(tx, NOW))
        .await
        .expect("counted")
    {}
    assert_eq!(failed(&place).await, 1);
}

#[tokio::test]
async fn an_hour_is_counted_once_on_sqlite() {
    an_hour_is_counted_once(sqlite()).await;
}

#[tokio::test]
async fn an_hour_is_counted_once_on_postgres() {
    an_hour_is_counted_once(postgres()).await;
}

/// SQLite reads of one moment. Here whoever asks until when hours are counted has another node count hour 9 right after.
#[tokio::test]
async fn an_hour_that_is_counted_meanwhile_is_counted_once() {
    let place = postgres();
    filled(&place).await;
    let meanwhile = "alter table attempt_days_until rename to untils;
         create function counted() returns bigint language plpgsql as $$
         declare before bigint;
         begin
           select until into before from untils;
           insert into attempt_days values (0, 'failed', 'unknown_user', 1);
           update untils set until = 36000000;
           return before;
         end $$;
         create view attempt_days_until as select 1 as id, counted() as until;";
    let done = place.db.write(move |tx| tx.script(meanwhile)).await;
    done.expect("another node");
    assert_eq!(failed(&place).await, 1);
}
