//! Wrong passwords by the e-mail that they were tried for: many of them slow further tries down and raise a notice,
//! and never refuse the right one.
//!
//! Counted by each node for itself, as the limits are, and for addresses that belong to no user too, so that neither
//! delay nor memory says who exists.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use api::{Email, UtcMillis, notifications::NotificationKind};

use crate::{
    App,
    audit::Audit,
    db::{Tx, params},
    error::Error,
    ids,
    notifications::{self, Notification},
};

/// Wrong passwords within a day from which on tries are delayed.
pub(crate) const MANY: u32 = 200;
/// How long each try takes longer then.
const DELAY: Duration = Duration::from_secs(2);
const DAY: UtcMillis = 24 * 60 * 60 * 1000;
/// E-mails that are counted at once.
const KEYS_MAX: usize = 10_000;

#[derive(Default)]
pub(crate) struct Guesses(Mutex<HashMap<[u8; 32], Guess>>);

struct Guess {
    since: UtcMillis,
    count: u32,
}

impl Guesses {
    /// Counts a wrong one; how many there were within the day.
    pub(crate) fn count(&self, email: &Email, now: UtcMillis) -> u32 {
        let Ok(mut all) = self.0.lock() else { return 0 };
        if all.len() >= KEYS_MAX {
            all.retain(|_, it| is_recent(it, now) && it.count >= MANY / 10);
        }
        let key = ids::hash(email.as_str());
        if all.len() >= KEYS_MAX && !all.contains_key(&key) {
            return 0;
        }
        let fresh = || Guess {
            since: now,
            count: 0,
        };
        let guess = all.entry(key).or_insert_with(fresh);
        if !is_recent(guess, now) {
            *guess = fresh();
        }
        guess.count += 1;
        guess.count
    }

    fn are_many(&self, email: &Email, now: UtcMillis) -> bool {
        let Ok(all) = self.0.lock() else { return false };
        all.get(&ids::hash(email.as_str()))
            .is_some_and(|it| is_recent(it, now) && it.count >= MANY)
    }

    pub(crate) fn forget_the_old(&self, now: UtcMillis) {
        if let Ok(mut all) = self.0.lock() {
            all.retain(|_, it| is_recent(it, now));
        }
    }
}

fn is_recent(guess: &Guess, now: UtcMillis) -> bool {
    (now - guess.since).abs() < DAY
}

/// Waits before a try at an e-mail that many passwords were tried for. The right one waits as well: the time must not
/// say which it was.
pub(crate) async fn delay(app: &App, email: &Email, now: UtcMillis) {
    if app.limits.guesses.are_many(email, now) {
        tokio::time::sleep(app.settings.password_delay.unwrap_or(DELAY)).await;
    }
}

/// The notice about an administrator, once a day and not while one is open.
pub(crate) fn notify(
    tx: &mut Tx<'_>,
    audit: &Audit,
    email: &Email,
    count: u32,
) -> Result<(), Error> {
    let row = tx.row(
        "select id, name from users
         where email = $1 and role = 'admin' and suspended_at is null
           and password_hash is not null",
        params![email.as_str()],
    )?;
    let Some(mut row) = row else { return Ok(()) };
    let (id, who) = (row.text()?, row.text()?);
    for (_, facts) in notifications::open_of(tx, NotificationKind::PasswordGuessing)? {
        if facts.who.as_deref() == Some(&who) {
            return Ok(());
        }
    }
    let once = format!("{id} {}", audit.now / DAY);
    let notice = Notification::PasswordGuessing {
        who: &who,
        count: i64::from(count),
    };
    notifications::tell(tx, audit, &once, notice).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn count_starts_again_after_a_day() {
        let guesses = Guesses::default();
        let (ada, grace) = (email("ada@north.example"), email("grace@north.example"));
        for count in 1..=MANY {
            assert!(!guesses.are_many(&ada, 5));
            assert_eq!(guesses.count(&ada, 5), count);
        }
        assert!(guesses.are_many(&ada, 6) && !guesses.are_many(&grace, 6));
        assert!(!guesses.are_many(&ada, 5 + DAY));
        assert_eq!(guesses.count(&ada, 5 + DAY), 1);
    }

    #[test]
    fn full_table_keeps_those_with_many() {
        let guesses = Guesses::default();
        let ada = email("ada@north.example");
        for _ in 0..MANY {
            guesses.count(&ada, 1);
        }
        for at in 0..KEYS_MAX * 2 {
            guesses.count(&email(&format!("user{at}@north.example")), 1);
        }
        assert!(guesses.0.lock().expect("a lock").len() <= KEYS_MAX);
        assert!(guesses.are_many(&ada, 1));
    }

    fn email(text: &str) -> Email {
        Email::parse(text).expect("an e-mail")
    }
}
