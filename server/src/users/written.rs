//! Keeps the search's table in step with the users: whoever is made, renamed or removed.

use std::collections::BTreeSet;

use api::User;

use super::{store, words};
use crate::{
    App,
    db::{Param, Tx, params},
    error::Error,
};

/// So many words are taken away by one statement: as most users have, and at most.
const AT_ONCE: [usize; 2] = [20, 49];
/// So many users are written down in one transaction.
const BATCH: i64 = 500;

const PUT: &str = "insert into user_words (word, user_id) values ($1, $2) on conflict do nothing";
/// So many words are one round trip to PostgreSQL.
const PUT_AT_ONCE: usize = 25;
const PUT_MANY: &str = "insert into user_words (word, user_id) values
    ($1, $2), ($3, $4), ($5, $6), ($7, $8), ($9, $10), ($11, $12), ($13, $14), ($15, $16),
    ($17, $18), ($19, $20), ($21, $22), ($23, $24), ($25, $26), ($27, $28), ($29, $30),
    ($31, $32), ($33, $34), ($35, $36), ($37, $38), ($39, $40), ($41, $42), ($43, $44),
    ($45, $46), ($47, $48), ($49, $50)
  on conflict do nothing";

macro_rules! take_away {
    ($words:literal) => {
        concat!(
            "delete from user_words where user_id = $1 and word in (",
            $words,
            ")"
        )
    };
}
/// For few words, and for many.
const TAKE_AWAY: [&str; 2] = [
    take_away!(
        "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21"
    ),
    take_away!(
        "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50"
    ),
];

/// Under what users are found, before it is written down.
#[derive(Default)]
pub(crate) struct Words {
    /// Word and user, in the table's order: what stands side by side is written one after the other.
    users: BTreeSet<(String, String)>,
    domains: BTreeSet<String>,
}

impl Words {
    /// Adds what a user is found by.
    pub(super) fn add(&mut self, id: &str, name: &str, email: &str, login: Option<&str>) {
        let words = of(name, email, login).into_iter();
        self.users.extend(words.map(|word| (word, id.to_owned())));
        let addresses = [Some(email), login].into_iter().flatten();
        let domains = addresses.filter_map(|it| it.rsplit_once('@'));
        self.domains
            .extend(domains.map(|(_, domain)| domain.to_owned()));
    }

    /// Writes it all down.
    pub(super) fn write(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let pairs: Vec<Param<'_>> = self
            .users
            .iter()
            .flat_map(|(word, id)| [Param::Text(word), Param::Text(id)])
            .collect();
        // In SQLite a statement of several rows keeps each page that it changes once more, for the case that it fails
        // half way: that cost more than all else.
        let (sql, size) = if tx.is_embedded() {
            (PUT, 2)
        } else {
            (PUT_MANY, 2 * PUT_AT_ONCE)
        };
        for some in pairs.chunks(size) {
            // What is missing to the full number is the first one again.
            let full: Vec<Param<'_>> = some.iter().cycle().take(size).copied().collect();
            tx.run(sql, &full)?;
        }
        for domain in &self.domains {
            put_domain(tx, domain)?;
        }
        Ok(())
    }
}

/// Writes down under what a user is found.
pub(super) fn put(
    tx: &mut Tx<'_>,
    id: &str,
    name: &str,
    email: &str,
    login: Option<&str>,
) -> Result<(), Error> {
    let mut words = Words::default();
    words.add(id, name, email, login);
    words.write(tx)
}

/// Takes away under what a user was found.
pub(super) fn take_away(tx: &mut Tx<'_>, user: &User) -> Result<(), Error> {
    let words = of(&user.name, &user.email, user.okta_login.as_deref());
    let words: Vec<&String> = words.iter().collect();
    for words in words.chunks(AT_ONCE[1]) {
        let (sql, size) = if words.len() <= AT_ONCE[0] {
            (TAKE_AWAY[0], AT_ONCE[0])
        } else {
            (TAKE_AWAY[1], AT_ONCE[1])
        };
        // What is missing to the full number is the first one again.
        let mut params = vec![Param::Text(words[0]); size + 1];
        params[0] = Param::Text(&user.id);
        for (param, word) in params[1..].iter_mut().zip(words) {
            *param = Param::Text(word);
        }
        tx.run(sql, &params)?;
    }
    Ok(())
}

/// Everything under which a user stands in the search's table.
pub(crate) fn of(name: &str, email: &str, login: Option<&str>) -> BTreeSet<String> {
    let login = login.unwrap_or_default().to_lowercase();
    words::of_user(&name.to_lowercase(), &[&email.to_lowercase(), &login])
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
    let mut words = Words::default();
    for mut row in rows {
        let user = store::read(&mut row)?;
        words.add(
            &user.id,
            &user.name,
            &user.email,
            user.okta_login.as_deref(),
        );
        tx.run(
            "update users set worded = $2 where id = $1",
            params![&user.id, words::VERSION],
        )?;
    }
    words.write(tx)?;
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
