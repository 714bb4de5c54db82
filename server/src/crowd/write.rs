//! Writes the crowd down: many rows a transaction, the indexes afterwards.

use std::sync::Arc;

use api::{Role, UtcMillis};

use super::{
    Crowd, Progress,
    attempt::{self, Attempt, End},
    person::{self, Names, Person, Trouble},
};
use crate::{
    db::{Columns, Db, Param, Tx, params},
    error::Error,
    users,
};

/// So many rows are written in one transaction.
const PEOPLE_AT_ONCE: u32 = 100_000;
const ATTEMPTS_AT_ONCE: usize = 250_000;
const WORDS_AT_ONCE: usize = 1_000_000;
/// With fewer rows indexes are no hindrance.
const FEW: u32 = 5_000;
/// Longer than any beginning of a name or a domain that the crowd has.
const WORD_MAX: usize = 28;

const USERS: Columns = Columns {
    table: "users",
    columns: &[
        "id",
        "name",
        "email",
        "okta_login",
        "role",
        "sort_name",
        "suspended_at",
        "attention",
        "attention_detail",
        "okta_since",
        "first_sign_in_at",
        "last_sign_in_at",
        "created_at",
        "version",
        "worded",
    ],
};
const IDENTITIES: Columns = Columns {
    table: "identities",
    columns: &["id", "user_id", "provider", "issuer", "sub", "linked_at"],
};
const WORDS: Columns = Columns {
    table: "user_words",
    columns: &["word", "user_id"],
};
const ATTEMPTS: Columns = Columns {
    table: "attempts",
    columns: &[
        "id",
        "reference",
        "provider",
        "purpose",
        "started_at",
        "consumed_at",
        "ended_at",
        "outcome",
        "cause",
        "user_id",
        "claimed_login",
        "provider_said",
        "stages",
        "address",
        "user_agent",
        "return_to",
    ],
};

/// Long transactions are what this is.
fn begin(tx: &mut Tx<'_>, is_embedded: bool) -> Result<(), Error> {
    tx.script(if is_embedded {
        "pragma cache_size = -262144"
    } else {
        "set local statement_timeout = 0; set local synchronous_commit = off;
         set local maintenance_work_mem = '256MB'"
    })
}

/// Takes the indexes away; what it takes to make them again.
pub(super) async fn strip(db: &Db, crowd: &Crowd) -> Result<Vec<String>, Error> {
    if crowd.people.max(crowd.attempts) < FEW {
        return Ok(Vec::new());
    }
    let is_embedded = db.is_embedded();
    db.write(move |tx| {
        let rows = tx.rows(
            if is_embedded {
                "select name, sql from sqlite_schema
                 where type = 'index' and sql is not null
                   and tbl_name in ('users', 'identities', 'attempts')"
            } else {
                "select indexname::text, indexdef from pg_indexes
                 where schemaname = current_schema() and indexname not like '%_pkey'
                   and tablename in ('users', 'identities', 'attempts')"
            },
            &[],
        )?;
        let mut again = Vec::new();
        for mut row in rows {
            let (name, sql) = (row.text()?, row.text()?);
            tx.script(&format!("drop index {name}"))?;
            again.push(sql);
        }
        Ok(again)
    })
    .await
}

/// Makes the indexes again: a value that is there twice ends it.
pub(super) async fn restore(
    db: &Db,
    indexes: Vec<String>,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let is_embedded = db.is_embedded();
    let all = indexes.len() as u64;
    for (sql, done) in indexes.into_iter().zip(0..) {
        progress("indexes", done, all);
        db.write(move |tx| {
            begin(tx, is_embedded)?;
            tx.script(&sql)
        })
        .await?;
    }
    progress("indexes", all, all);
    db.write(move |tx| {
        tx.script(if is_embedded {
            "pragma cache_size = -16384"
        } else {
            "analyze users; analyze identities; analyze user_words; analyze attempts;
             select add_up_user_counts()"
        })
    })
    .await
}

pub(super) async fn people(
    db: &Db,
    crowd: &Arc<Crowd>,
    seen: &Arc<Vec<(UtcMillis, UtcMillis)>>,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let is_embedded = db.is_embedded();
    let mut from = 0;
    while from < crowd.people {
        progress("people", from.into(), crowd.people.into());
        let until = crowd.people.min(from + PEOPLE_AT_ONCE);
        let (crowd, seen) = (crowd.clone(), seen.clone());
        db.write(move |tx| {
            begin(tx, is_embedded)?;
            let names = Names::new();
            let all = || (from..until).map(|number| person::person(&crowd, &names, number));
            tx.load(&USERS, |into| {
                all().zip(from as usize..).try_for_each(|(person, number)| {
                    let (first, last) = seen[number];
                    let (sort_name, news) = (person.name.to_lowercase(), person.news());
                    into.put(&user(&person, first, last, &sort_name, news.as_ref()))
                })
            })?;
            tx.load(&IDENTITIES, |into| {
                all().zip(from..).try_for_each(|(person, number)| {
                    let Some(linked_at) = person.standing.linked_at else {
                        return Ok(());
                    };
                    let id = super::dice::id(linked_at, 2, number);
                    into.put(params![
                        &id,
                        &person.id,
                        "okta",
                        &crowd.issuer,
                        &person.sub,
                        linked_at
                    ])
                })
            })
        })
        .await?;
        from = until;
    }
    progress("people", from.into(), crowd.people.into());
    Ok(())
}

fn user<'a>(
    person: &'a Person,
    first: UtcMillis,
    last: UtcMillis,
    sort_name: &'a str,
    news: Option<&'a (Trouble, String)>,
) -> [Param<'a>; 15] {
    let linked_at = person.standing.linked_at;
    // Whoever did not come lately came before.
    let last = if last == 0 { person.earlier } else { last };
    let first = linked_at.map(|bound| if first == 0 { bound } else { first.min(bound) });
    [
        (&person.id).into(),
        (&person.name).into(),
        (&person.email).into(),
        person.okta_login.as_deref().into(),
        match person.role {
            Role::Admin => "admin",
            Role::Member => "member",
        }
        .into(),
        sort_name.into(),
        person.standing.suspended_at.into(),
        news.map(|(trouble, _)| match trouble {
            Trouble::LoginChanged => "login_changed",
            Trouble::SecondIdentity => "second_identity",
        })
        .into(),
        news.map(|(_, detail)| detail.as_str()).into(),
        linked_at.into(),
        first.into(),
        linked_at.map(|_| last).into(),
        person.standing.created_at.into(),
        1.into(),
        users::WORDED.into(),
    ]
}

/// In the order of the table, so that it grows at its end.
pub(super) async fn words(
    db: &Db,
    crowd: &Arc<Crowd>,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let is_embedded = db.is_embedded();
    let all = {
        let crowd = crowd.clone();
        let sorted = tokio::task::spawn_blocking(move || sorted_words(&crowd)).await;
        Arc::new(sorted.map_err(|error| Error::Internal(format!("a crowd: {error}")))??)
    };
    db.write(|tx| {
        super::names::DOMAINS
            .iter()
            .try_for_each(|domain| users::put_domain(tx, domain))
    })
    .await?;
    let total = all.len() as u64;
    for from in (0..all.len()).step_by(WORDS_AT_ONCE) {
        progress("words of the search", from as u64, total);
        let (all, crowd) = (all.clone(), crowd.clone());
        db.write(move |tx| {
            begin(tx, is_embedded)?;
            let until = all.len().min(from + WORDS_AT_ONCE);
            tx.load(&WORDS, |into| {
                all[from..until].iter().try_for_each(|(word, number)| {
                    let end = word.iter().position(|byte| *byte == 0).unwrap_or(WORD_MAX);
                    let word = std::str::from_utf8(&word[..end])
                        .map_err(|error| Error::Internal(format!("a word: {error}")))?;
                    let standing = person::standing(&crowd, *number);
                    let id = person::person_id(&standing, *number);
                    into.put(params![word, &id])
                })
            })
        })
        .await?;
    }
    progress("words of the search", total, total);
    Ok(())
}

type Word = ([u8; WORD_MAX], u32);

/// Ids sort as the numbers do.
fn sorted_words(crowd: &Crowd) -> Result<Vec<Word>, Error> {
    let names = Names::new();
    let mut all = Vec::new();
    for number in 0..crowd.people {
        let person = person::person(crowd, &names, number);
        let login = person.okta_login.as_deref();
        for word in users::words_of(&person.name, &person.email, login) {
            let mut bytes = [0; WORD_MAX];
            bytes
                .get_mut(..word.len())
                .ok_or_else(|| Error::Internal(format!("a long word: {word}")))?
                .copy_from_slice(word.as_bytes());
            all.push((bytes, number));
        }
    }
    all.sort_unstable();
    Ok(all)
}

pub(super) async fn attempts(
    db: &Db,
    crowd: &Arc<Crowd>,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let is_embedded = db.is_embedded();
    let mut all = attempt::attempts(crowd).peekable();
    let mut done = 0_u64;
    while all.peek().is_some() {
        progress("sign-ins", done, crowd.attempts.into());
        let some: Vec<Attempt> = all.by_ref().take(ATTEMPTS_AT_ONCE).collect();
        done += some.len() as u64;
        let crowd = crowd.clone();
        db.write(move |tx| {
            begin(tx, is_embedded)?;
            let names = Names::new();
            tx.load(&ATTEMPTS, |into| {
                let mut put = |attempt: &Attempt| {
                    let rest = attempt.rest(&crowd, &names);
                    let person = attempt.person.map(|it| person::person(&crowd, &names, it));
                    let claimed_login = person.as_ref().map(|it| {
                        let login = it.okta_login.as_deref();
                        login.unwrap_or(&it.email).to_owned()
                    });
                    let claimed_login = claimed_login.or(rest.stranger);
                    let (outcome, cause) = match attempt.end {
                        End::Succeeded => ("succeeded", None),
                        End::NotCompleted => ("started", None),
                        End::Failed(cause) => ("failed", Some(cause.code())),
                    };
                    into.put(params![
                        &rest.id,
                        &rest.reference,
                        "okta",
                        "sign_in",
                        attempt.started_at,
                        rest.back_at,
                        rest.ended_at,
                        outcome,
                        cause,
                        person.as_ref().map(|it| it.id.as_str()),
                        &claimed_login,
                        rest.said,
                        &rest.stages,
                        &rest.address,
                        rest.agent,
                        "/"
                    ])
                };
                some.iter().try_for_each(&mut put)
            })
        })
        .await?;
    }
    progress("sign-ins", done, crowd.attempts.into());
    Ok(())
}
