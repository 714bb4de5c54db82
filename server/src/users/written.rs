//! Keeps the search's table in step with the users: whoever is made, renamed or removed.

use std::collections::BTreeSet;

use api::User;

use super::{store, words};
use crate::{
    App,
    db::{Param, Tx, params},
    error::Error,
};

/// So many words are written, or taken away, by one statement: as most users have, and at most.
const AT_ONCE: [usize; 2] = [20, 49];
/// So many users are written down in one transaction.
const BATCH: i64 = 500;

/// A statement for few words, and one for many.
type Sizes = [&'static str; 2];

macro_rules! put {
    ($values:literal) => {
        concat!(
            "insert into user_words (word, user_id) values ",
            $values,
            " on conflict do nothing"
        )
    };
}
const PUT: Sizes = [
    put!(
        "($2, $1), ($3, $1), ($4, $1), ($5, $1), ($6, $1), ($7, $1), ($8, $1), ($9, $1), ($10, $1), ($11, $1), ($12, $1), ($13, $1), ($14, $1), ($15, $1), ($16, $1), ($17, $1), ($18, $1), ($19, $1), ($20, $1), ($21, $1)"
    ),
    put!(
        "($2, $1), ($3, $1), ($4, $1), ($5, $1), ($6, $1), ($7, $1), ($8, $1), ($9, $1), ($10, $1), ($11, $1), ($12, $1), ($13, $1), ($14, $1), ($15, $1), ($16, $1), ($17, $1), ($18, $1), ($19, $1), ($20, $1), ($21, $1), ($22, $1), ($23, $1), ($24, $1), ($25, $1), ($26, $1), ($27, $1), ($28, $1), ($29, $1), ($30, $1), ($31, $1), ($32, $1), ($33, $1), ($34, $1), ($35, $1), ($36, $1), ($37, $1), ($38, $1), ($39, $1), ($40, $1), ($41, $1), ($42, $1), ($43, $1), ($44, $1), ($45, $1), ($46, $1), ($47, $1), ($48, $1), ($49, $1), ($50, $1)"
    ),
];

macro_rules! take_away {
    ($words:literal) => {
        concat!(
            "delete from user_words where user_id = $1 and word in (",
            $words,
            ")"
        )
    };
}
const TAKE_AWAY: Sizes = [
    take_away!(
        "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21"
    ),
    take_away!(
        "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50"
    ),
];

/// Writes down under what a user is found.
pub(super) fn put(
    tx: &mut Tx<'_>,
    id: &str,
    name: &str,
    email: &str,
    login: Option<&str>,
) -> Result<(), Error> {
    each(tx, PUT, id, &of(name, email, login))?;
    for address in [Some(email), login].into_iter().flatten() {
        if let Some((_, domain)) = address.rsplit_once('@') {
            put_domain(tx, domain)?;
        }
    }
    Ok(())
}

/// Takes away under what a user was found.
pub(super) fn take_away(tx: &mut Tx<'_>, user: &User) -> Result<(), Error> {
    let words = of(&user.name, &user.email, user.okta_login.as_deref());
    each(tx, TAKE_AWAY, &user.id, &words)
}

/// Everything under which a user stands in the search's table.
pub(crate) fn of(name: &str, email: &str, login: Option<&str>) -> BTreeSet<String> {
    let login = login.unwrap_or_default().to_lowercase();
    words::of_user(&name.to_lowercase(), &[&email.to_lowercase(), &login])
}

fn each(
    tx: &mut Tx<'_>,
    [few, many]: Sizes,
    id: &str,
    words: &BTreeSet<String>,
) -> Result<(), Error> {
    let words: Vec<&String> = words.iter().collect();
    for words in words.chunks(AT_ONCE[1]) {
        let (sql, size) = if words.len() <= AT_ONCE[0] {
            (few, AT_ONCE[0])
        } else {
            (many, AT_ONCE[1])
        };
        // What is missing to the full number is the first one again.
        let mut params = vec![Param::Text(words[0]); size + 1];
        params[0] = Param::Text(id);
        for (param, word) in params[1..].iter_mut().zip(words) {
            *param = Param::Text(word);
        }
        tx.run(sql, &params)?;
    }
    Ok(())
}

/// Writes down under what a domain is found.
pub(crate) fn put_domain(tx: &mut Tx<'_>, domain: &str) -> Result<(), Error> {
    let whole = format!("d{domain}");
    let is_known = tx.row(
        "select 1 from domain_words where word = $1 and domain = $2",
        params![&whole, domain],
    )?;
    if is_known.is_some() {
        return Ok(());
    }
    let mut words = words::of_domain(domain);
    // The mark that the whole of it is there.
    words.insert(whole);
    for word in words {
        tx.run(
            "insert into domain_words (word, domain) values ($1, $2) on conflict do nothing",
            params![&word, domain],
        )?;
    }
    Ok(())
}

/// Writes down whoever was not yet by these rules: users of an older version of this program.
/// Each batch is a transaction, so that others have their turn.
pub(crate) async fn write_missing(app: &App) -> Result<(), Error> {
    while app.db.write(write_some).await? > 0 {}
    Ok(())
}

fn write_some(tx: &mut Tx<'_>) -> Result<usize, Error> {
    let rows = tx.rows(
        concat!(
            "select ",
            store::columns!(),
            " from users where worded < $1 order by worded limit $2"
        ),
        params![words::VERSION, BATCH],
    )?;
    let count = rows.len();
    for mut row in rows {
        let user = store::read(&mut row)?;
        put(
            tx,
            &user.id,
            &user.name,
            &user.email,
            user.okta_login.as_deref(),
        )?;
        tx.run(
            "update users set worded = $2 where id = $1",
            params![&user.id, words::VERSION],
        )?;
    }
    Ok(count)
}

/// Puts the numbers of users together that every transaction left behind. SQLite keeps one row a
/// bucket as it is.
pub(crate) async fn add_up(app: &App) -> Result<(), Error> {
    if app.db.is_embedded() {
        return Ok(());
    }
    app.db
        .write(|tx| {
            tx.rows("select cast(add_up_user_counts() as text)", &[])
                .map(drop)
        })
        .await
}
