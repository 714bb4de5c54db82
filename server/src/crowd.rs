//! A believable organization of any size: people, months of their sign-ins, and what administrators
//! did. For the demonstration, and for measuring; the same seed makes the same organization.
//!
//! It fills a deployment that was set up and that nobody uses yet: the indexes are away while it
//! writes.

mod attempt;
mod dice;
mod log;
mod names;
mod person;
mod write;

use std::sync::Arc;

use api::UtcMillis;

use crate::{db::Db, error::Error};

const DAY: UtcMillis = 24 * 60 * 60 * 1000;

/// What is to be made.
#[derive(Clone, Debug)]
pub struct Crowd {
    pub people: u32,
    /// Sign-ins of the last 80 days: what is older than 90 is forgotten anyway.
    pub attempts: u32,
    pub seed: u64,
    pub now: UtcMillis,
    /// To whom the bonds are.
    pub issuer: String,
    /// Who did what administrators do: id and name.
    pub actor: (String, String),
}

/// How far it is: what is written, how many of it are, and will be.
pub type Progress<'a> = &'a (dyn Fn(&str, u64, u64) + Sync);

impl Crowd {
    /// When its organization begins: nobody is older than that.
    #[must_use]
    pub fn born(now: UtcMillis) -> UtcMillis {
        now - person::SPAN
    }

    /// Writes everything down.
    pub async fn settle(self, db: &Db, progress: Progress<'_>) -> Result<(), Error> {
        let crowd = Arc::new(self);
        let indexes = write::strip(db, &crowd).await?;
        let seen = {
            let crowd = crowd.clone();
            let seen = tokio::task::spawn_blocking(move || attempt::seen(&crowd)).await;
            Arc::new(seen.map_err(|error| Error::Internal(format!("a crowd: {error}")))?)
        };
        write::people(db, &crowd, &seen, progress).await?;
        write::words(db, &crowd, progress).await?;
        write::attempts(db, &crowd, progress).await?;
        write::restore(db, indexes, progress).await?;
        log::write(db, &crowd).await
    }
}

#[cfg(test)]
mod tests;
