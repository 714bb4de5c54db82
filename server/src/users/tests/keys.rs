//! The keys by which the table is sorted and counted: right after every change, and written when they become others.

use api::users::Attention;

use super::{Place, fill, postgres, sqlite};
use crate::{
    db::{Tx, params},
    error::Error,
    sign_ins::note_sign_in,
    users::store,
};

/// What each change says; none of them touches a key by its name.
const CHANGES: [&str; 12] = [
    "update users set role = case role when 'admin' then 'member' else 'admin' end",
    "update users set okta_login = null",
    "update users set okta_login = id",
    "update users set okta_since = null, attention = null, attention_detail = null",
    "update users set okta_since = 5",
    "update users set attention = 'second_identity', attention_detail = 'x'",
    "update users set suspended_at = 7, okta_since = 6, role = 'admin'",
    "update users set suspended_at = null, role = 'member', okta_login = null",
    "update users set attention = null, first_sign_in_at = null",
    "update users set first_sign_in_at = 8, last_sign_in_at = 9",
    "update users set last_sign_in_at = null",
    "insert into users (id, name, email, okta_login, role, sort_name, suspended_at, attention,
                        attention_detail, okta_since, first_sign_in_at, last_sign_in_at, created_at,
                        worded, version)
       select id || 'x', name, email || 'x', id || 'x', 'admin', sort_name, null, 'second_identity',
              'y', 1, 2, 3, created_at, worded, 1
       from users",
];

const WRONG: &str = "select count(*) from users
     where bucket <> case
             when suspended_at is not null then 6
             when attention is not null then 4
             when okta_since is not null then 2
             else 0
           end + case role when 'admin' then 1 else 0 end
        or login_key <> coalesce(okta_login, '')
        or first_key <> coalesce(first_sign_in_at, 0)
        or last_key <> coalesce(last_sign_in_at, 0)";

fn number(tx: &mut Tx<'_>, sql: &'static str) -> Result<i64, Error> {
    tx.row(sql, &[])?.expect("a row").int()
}

async fn right(place: Place) {
    let changed = place.db.write(|tx| {
        fill(tx, 60)?;
        assert_eq!(number(tx, WRONG)?, 0, "new users");
        for sql in CHANGES {
            assert!(tx.run(sql, &[])? > 0, "{sql}");
            assert_eq!(number(tx, WRONG)?, 0, "{sql}");
            let counted = "select cast(sum(users) as bigint) from user_counts where bucket < 8";
            let all = number(tx, "select count(*) from users")?;
            assert_eq!(number(tx, counted)?, all, "{sql}");
        }
        Ok(())
    });
    changed.await.expect("every assertion holds");
}

#[tokio::test]
async fn are_right_after_every_change_on_sqlite() {
    right(sqlite()).await;
}

#[tokio::test]
async fn are_right_after_every_change_on_postgres() {
    right(postgres()).await;
}

/// The rows that something writes in SQLite, with what its triggers write.
fn written(
    tx: &mut Tx<'_>,
    act: impl FnOnce(&mut Tx<'_>) -> Result<(), Error>,
) -> Result<i64, Error> {
    let before = number(tx, "select total_changes()")?;
    act(tx)?;
    Ok(number(tx, "select total_changes()")? - before)
}

/// A budget: six indexes hang on the keys, and each row that is written for nothing writes them all anew.
#[tokio::test]
async fn are_written_only_when_they_become_others() {
    let place = sqlite();
    let changed = place.db.write(|tx| {
        let insert =
            "insert into users (id, name, email, role, sort_name, created_at, worded, version)
                      values ('a', 'Ada', 'ada@northwind.example', 'member', 'ada', 1, 1, 1)";
        let new = written(tx, |tx| tx.run(insert, &[]).map(drop))?;
        assert_eq!(new, 2, "the user and the number of users");
        let user = store::find(tx, "a")?;
        let first = written(tx, |tx| note_sign_in(tx, &user, 5))?;
        assert_eq!(first, 3, "the user, their first and their last sign-in");
        let second = written(tx, |tx| note_sign_in(tx, &user, 6))?;
        assert_eq!(second, 2, "the user and their last sign-in");
        let name = "update users set name = $1 where id = 'a'";
        let renamed = written(tx, |tx| tx.run(name, params!["Ada L."]).map(drop))?;
        assert_eq!(renamed, 1, "the user");
        let attention = Attention::SecondIdentity { sub: "x".into() };
        let noted = written(tx, |tx| {
            store::note_attention(tx, "a", &attention).map(drop)
        })?;
        assert_eq!(noted, 4, "the user, their bucket and two numbers of users");
        Ok(())
    });
    changed.await.expect("every assertion holds");
}
