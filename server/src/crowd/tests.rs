//! The crowd on both engines: the same each time, believable, and found.

use std::collections::BTreeMap;

use api::{
    Status,
    users::{UserFilter, UserSort},
};

use super::{Crowd, DAY};
use crate::{
    audit,
    db::{Db, Tx},
    error::Error,
    users::tests::{Place, found, postgres, sqlite},
};

const NOW: i64 = 1_795_000_000_000;

fn crowd(people: u32, seed: u64) -> Crowd {
    Crowd {
        people,
        attempts: people * 5,
        seed,
        now: NOW,
        issuer: "https://northwind.okta.com".into(),
        actor: ("019abcde-0000-7000-8000-000000000001".into(), "Ada".into()),
    }
}

async fn settled(place: &Place, people: u32, seed: u64) {
    crowd(people, seed)
        .settle(&place.db, &|_, _, _| ())
        .await
        .expect("settled");
}

/// Every cell of what the crowd is.
async fn dump(db: &Db) -> Vec<Vec<String>> {
    let read = |sql: &'static str, columns: usize| async move {
        db.read(move |tx| {
            let rows = tx.rows(sql, &[])?;
            rows.into_iter()
                .map(|mut row| {
                    let cells: Result<Vec<_>, Error> = (0..columns).map(|_| row.text()).collect();
                    cells.map(|cells| cells.join("|"))
                })
                .collect::<Result<Vec<_>, _>>()
        })
        .await
        .expect("read")
    };
    vec![
        read(
            "select id, name, email, coalesce(okta_login, ''), role, sort_name,
                    coalesce(attention_detail, ''), cast(bucket as text), cast(last_key as text)
             from users order by id",
            9,
        )
        .await,
        read(
            "select id, user_id, issuer, sub from identities order by id",
            4,
        )
        .await,
        read(
            "select word, user_id from user_words order by word, user_id",
            2,
        )
        .await,
        read(
            "select id, reference, outcome, coalesce(cause, ''), coalesce(user_id, ''),
                    coalesce(claimed_login, ''), coalesce(stages, ''), address
             from attempts order by id",
            8,
        )
        .await,
        read(
            "select id, event, target, detail from audit_events order by seq",
            4,
        )
        .await,
    ]
}

fn count(tx: &mut Tx<'_>, sql: &'static str) -> Result<u64, Error> {
    tx.row(sql, &[])?.expect("a row").count()
}

async fn is_believable(place: &Place, people: u32) {
    let mut statuses = BTreeMap::new();
    for status in Status::ALL {
        let filter = UserFilter {
            status: Some(*status),
            ..UserFilter::default()
        };
        let some = found(&place.db, filter, UserSort::LastSignInAt).await;
        statuses.insert(status.code(), some.1);
    }
    let all: u64 = statuses.values().sum();
    assert_eq!(all, u64::from(people), "the kept numbers count everybody");
    assert!(statuses["active"] > all / 2, "{statuses:?}");
    for few in ["inactive", "suspended", "needs_attention"] {
        assert!(
            statuses[few] > all / 200 && statuses[few] < all / 4,
            "{statuses:?}"
        );
    }
    place
        .db
        .read(move |tx| {
            let attempts = count(tx, "select count(*) from attempts")?;
            assert!(attempts > u64::from(people) * 5 - 10, "{attempts}");
            let succeeded = count(
                tx,
                "select count(*) from attempts where outcome = 'succeeded' and user_id is not null",
            )?;
            assert!(
                succeeded > attempts * 8 / 10 && succeeded < attempts,
                "{succeeded}"
            );
            let causes = count(tx, "select count(distinct cause) from attempts")?;
            assert!(causes > 10, "{causes}");
            for (what, sql) in [
                (
                    "came in before they were bound or after they were barred",
                    "select count(*) from attempts a join users u on u.id = a.user_id
                     where a.outcome = 'succeeded'
                       and (a.started_at < u.okta_since or a.started_at > u.suspended_at
                            or u.okta_since is null)",
                ),
                (
                    "last seen at another time than their last sign-in",
                    "select count(*)
                     from users u
                     join (select user_id, max(started_at) as latest from attempts
                           where outcome = 'succeeded' group by user_id) a on a.user_id = u.id
                     where u.last_sign_in_at <> a.latest",
                ),
                (
                    "came before they were made, or after now",
                    "select count(*) from users
                     where first_sign_in_at < created_at or last_sign_in_at < first_sign_in_at
                       or last_sign_in_at > 1795000000000 or suspended_at > 1795000000000",
                ),
                (
                    "bound and without an identity, or the other way round",
                    "select count(*)
                     from users u
                     left join identities i on i.user_id = u.id
                     where (u.okta_since is null) <> (i.id is null)",
                ),
            ] {
                assert_eq!(count(tx, sql)?, 0, "{what}");
            }
            let oldest = count(tx, "select min(started_at) from attempts")?;
            assert!(oldest.cast_signed() > NOW - 81 * DAY);
            Ok(())
        })
        .await
        .expect("read");
    let finding = audit::verify(&place.db).await.expect("verified");
    assert!(finding.fault.is_none() && finding.rows > 100, "{finding:?}");
}

/// Whoever is in the table is found by their name, their address and a part of it.
async fn is_searchable(place: &Place) {
    let everybody = found(&place.db, UserFilter::default(), UserSort::Email)
        .await
        .0;
    for user in everybody.iter().step_by(7) {
        let part: String = user.email.chars().skip(2).take(9).collect();
        for search in [user.name.to_uppercase(), user.email.clone(), part] {
            let filter = UserFilter {
                search: Some(search.clone()),
                ..UserFilter::default()
            };
            let (users, _) = found(&place.db, filter, UserSort::Email).await;
            assert!(
                users.iter().any(|it| it.id == user.id),
                "{search} finds {user:?}"
            );
        }
    }
}

async fn both(place: Place, twin: Place, other: Place) {
    settled(&place, 1_200, 1).await;
    settled(&twin, 1_200, 1).await;
    settled(&other, 1_200, 2).await;
    let dump_of_first = dump(&place.db).await;
    assert!(
        dump_of_first == dump(&twin.db).await,
        "the same seed, the same crowd"
    );
    assert!(
        dump_of_first != dump(&other.db).await,
        "another seed, another crowd"
    );
    is_believable(&place, 1_200).await;
    is_searchable(&place).await;
}

#[tokio::test]
async fn a_crowd_is_the_same_each_time_and_believable_on_sqlite() {
    both(sqlite(), sqlite(), sqlite()).await;
}

#[tokio::test]
async fn a_crowd_is_the_same_each_time_and_believable_on_postgres() {
    both(postgres(), postgres(), postgres()).await;
}

/// Large enough that the indexes are taken away: they are there again.
async fn indexes_stay(place: Place, of: &'static str) {
    let names = |db: Db| async move {
        db.read(move |tx| {
            let rows = tx.rows(of, &[])?;
            rows.into_iter()
                .map(|mut row| row.text())
                .collect::<Result<Vec<_>, _>>()
        })
        .await
        .expect("read")
    };
    let before = names(place.db.clone()).await;
    settled(&place, 1_001, 3).await;
    assert_eq!(names(place.db.clone()).await, before);
    assert!(before.len() > 15, "{before:?}");
}

#[tokio::test]
async fn indexes_are_there_again_on_sqlite() {
    indexes_stay(
        sqlite(),
        "select sql from sqlite_schema where type = 'index' and sql is not null order by name",
    )
    .await;
}

#[tokio::test]
async fn indexes_are_there_again_on_postgres() {
    indexes_stay(
        postgres(),
        "select indexdef from pg_indexes where schemaname = 'public' order by indexname",
    )
    .await;
}
