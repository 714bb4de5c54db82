//! One thing that is fetched from a provider and kept: its discovery document, its keys.
//!
//! While it is fresh, reading it takes no async lock. When it is not, one caller fetches and the
//! others wait for the same answer. When the fetch fails, the last good one serves on.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use api::UtcMillis;
use tokio::sync::Mutex;

use super::failure::Failure;

const MINUTE: UtcMillis = 60_000;
/// Between two forced fetches, and between two tries while the last good one serves.
const PAUSE: UtcMillis = MINUTE;
/// Whatever `Cache-Control` says, not asked again sooner…
const FRESH_MIN: UtcMillis = 5 * MINUTE;
/// …and not trusted for longer.
const FRESH_MAX: UtcMillis = 24 * 60 * MINUTE;
/// A change is effective on every node within this time.
const JUST_NOW: UtcMillis = 5_000;
/// Without `Cache-Control`.
const FRESH_DEFAULT: UtcMillis = 60 * MINUTE;

/// What a fetch brings.
pub(crate) struct Fetched<T> {
    pub(crate) value: T,
    /// `max-age` in seconds, where it was given.
    pub(crate) max_age: Option<u64>,
}

#[derive(Debug)]
pub(crate) struct Slot<T> {
    held: RwLock<Option<Held<T>>>,
    /// How many fetches have ended: tells a waiter that its question was answered meanwhile.
    rounds: AtomicU64,
    gate: Mutex<Gate>,
}

#[derive(Debug)]
struct Held<T> {
    value: Arc<T>,
    fetched_at: UtcMillis,
    fresh_for: UtcMillis,
}

impl<T> Held<T> {
    /// A clock that was set back far does not keep it fresh.
    fn is_fresh(&self, now: UtcMillis) -> bool {
        (-FRESH_MIN..self.fresh_for).contains(&(now - self.fetched_at))
    }

    /// Nodes' clocks differ a little: what came just now is as good, so that nobody fetches again
    /// and again until this clock has caught up.
    fn is_since(&self, since: UtcMillis, now: UtcMillis) -> bool {
        self.fetched_at >= since || (0..JUST_NOW).contains(&(now - self.fetched_at))
    }
}

#[derive(Debug, Default)]
struct Gate {
    failed_at: Option<UtcMillis>,
    failure: Option<Failure>,
    forced_at: Option<UtcMillis>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self {
            held: RwLock::new(None),
            rounds: AtomicU64::new(0),
            gate: Mutex::new(Gate::default()),
        }
    }
}

impl<T> Slot<T> {
    /// The value, fetched when there is none that is fresh. `fetch` gets the last good one.
    pub(crate) async fn get(
        &self,
        now: UtcMillis,
        fetch: impl AsyncFnOnce(Option<&T>) -> Result<Fetched<T>, Failure>,
    ) -> Result<Arc<T>, Failure> {
        self.get_since(UtcMillis::MIN, now, fetch).await
    }

    /// As [`Self::get`]; what was fetched before `since` is not fresh any more.
    pub(crate) async fn get_since(
        &self,
        since: UtcMillis,
        now: UtcMillis,
        fetch: impl AsyncFnOnce(Option<&T>) -> Result<Fetched<T>, Failure>,
    ) -> Result<Arc<T>, Failure> {
        if let Some(value) = self.fresh(since, now) {
            return Ok(value);
        }
        let seen = self.rounds.load(Ordering::Acquire);
        let mut gate = self.gate.lock().await;
        if let Some(value) = self.fresh(since, now) {
            return Ok(value);
        }
        let stale = self.last();
        let answered = self.rounds.load(Ordering::Acquire) != seen;
        match (&stale, &gate.failure) {
            (Some(value), _) if within(now, gate.failed_at, PAUSE) => return Ok(value.clone()),
            (None, Some(failure)) if answered => return Err(failure.clone()),
            (Some(_) | None, _) => (),
        }
        match self.fetch(now, &mut gate, stale.as_deref(), fetch).await {
            Ok(value) => Ok(value),
            Err(failure) => stale.ok_or(failure),
        }
    }

    /// A newer value than `seen`, if the provider has one: for a key that nobody knows. Fetches at
    /// most once a minute; a value that came meanwhile is as good. None when there is nothing newer.
    pub(crate) async fn newer_than(
        &self,
        seen: &Arc<T>,
        now: UtcMillis,
        fetch: impl AsyncFnOnce(Option<&T>) -> Result<Fetched<T>, Failure>,
    ) -> Option<Arc<T>> {
        let newer = |value: Option<Arc<T>>| value.filter(|value| !Arc::ptr_eq(value, seen));
        if let Some(value) = newer(self.last()) {
            return Some(value);
        }
        let mut gate = self.gate.lock().await;
        if let Some(value) = newer(self.last()) {
            return Some(value);
        }
        if within(now, gate.forced_at, PAUSE) {
            return None;
        }
        let outcome = self.fetch(now, &mut gate, Some(seen), fetch).await;
        // Only now: a caller who goes away in the middle has not used up the minute.
        gate.forced_at = Some(now);
        outcome.ok()
    }

    /// The value as the provider has it at this moment; those who ask meanwhile share the answer.
    /// When that fails, the last good one stays for the others.
    pub(crate) async fn renew(
        &self,
        now: UtcMillis,
        fetch: impl AsyncFnOnce(Option<&T>) -> Result<Fetched<T>, Failure>,
    ) -> Result<Arc<T>, Failure> {
        let seen = self.rounds.load(Ordering::Acquire);
        let mut gate = self.gate.lock().await;
        if self.rounds.load(Ordering::Acquire) != seen {
            match (&gate.failure, self.last()) {
                (Some(failure), _) => return Err(failure.clone()),
                (None, Some(value)) => return Ok(value),
                (None, None) => (),
            }
        }
        let last = self.last();
        self.fetch(now, &mut gate, last.as_deref(), fetch).await
    }

    /// Keeps what was read elsewhere at this moment.
    pub(crate) fn put(&self, now: UtcMillis, fetched: Fetched<T>) -> Arc<T> {
        let value = Arc::new(fetched.value);
        let held = Held {
            value: value.clone(),
            fetched_at: now,
            fresh_for: fresh_for(fetched.max_age),
        };
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
        value
    }

    /// Remembers nothing any more.
    pub(crate) fn forget(&self) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn fetch(
        &self,
        now: UtcMillis,
        gate: &mut Gate,
        last: Option<&T>,
        fetch: impl AsyncFnOnce(Option<&T>) -> Result<Fetched<T>, Failure>,
    ) -> Result<Arc<T>, Failure> {
        let outcome = fetch(last).await;
        self.rounds.fetch_add(1, Ordering::AcqRel);
        match outcome {
            Ok(fetched) => {
                (gate.failed_at, gate.failure) = (None, None);
                Ok(self.put(now, fetched))
            }
            Err(failure) => {
                if last.is_some() {
                    tracing::warn!(
                        cause = failure.cause.code(),
                        detail = failure.detail,
                        "the last good answer of the provider serves on"
                    );
                }
                (gate.failed_at, gate.failure) = (Some(now), Some(failure.clone()));
                Err(failure)
            }
        }
    }

    fn fresh(&self, since: UtcMillis, now: UtcMillis) -> Option<Arc<T>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref()
            .filter(|held| held.is_fresh(now) && held.is_since(since, now))
            .map(|held| held.value.clone())
    }

    /// The last good value, however old.
    pub(crate) fn last(&self) -> Option<Arc<T>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map(|held| held.value.clone())
    }
}

fn within(now: UtcMillis, then: Option<UtcMillis>, span: UtcMillis) -> bool {
    then.is_some_and(|then| (0..span).contains(&(now - then)))
}

fn fresh_for(max_age: Option<u64>) -> UtcMillis {
    max_age.map_or(FRESH_DEFAULT, |seconds| {
        i64::try_from(seconds)
            .unwrap_or(i64::MAX)
            .saturating_mul(1000)
            .clamp(FRESH_MIN, FRESH_MAX)
    })
}

#[cfg(test)]
mod tests;
