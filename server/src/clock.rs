//! Time and randomness, as arguments: only `main` hands in the system's.

use std::sync::{Arc, Mutex, PoisonError};

use api::UtcMillis;

/// Tells the time in UTC milliseconds.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> UtcMillis + Send + Sync>);

/// Gives random bytes, of cryptographic quality in earnest, and remembers the last id that was
/// made of them.
#[derive(Clone)]
pub struct Entropy(Arc<Source>);

struct Source {
    fill: Box<Fill>,
    last: Mutex<u128>,
}

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl Clock {
    pub fn new(now: impl Fn() -> UtcMillis + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    #[must_use]
    pub fn now(&self) -> UtcMillis {
        (self.0)()
    }
}

impl Entropy {
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Source {
            fill: Box::new(fill),
            last: Mutex::new(0),
        }))
    }

    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0.fill)(&mut bytes);
        bytes
    }

    /// Puts the next id in the place of the last one.
    pub(crate) fn follow(&self, next: impl FnOnce(u128) -> u128) -> u128 {
        // A number is as good after a panic as before.
        let mut last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = next(*last);
        *last
    }
}

/// The system's clock.
#[must_use]
pub fn system_clock() -> Clock {
    Clock::new(|| {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the clock"
        )]
        let now = std::time::SystemTime::now();
        now.duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| {
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            })
    })
}

/// The system's randomness.
#[must_use]
pub fn system_entropy() -> Entropy {
    Entropy::new(|bytes| {
        #[expect(
            clippy::disallowed_methods,
            clippy::expect_used,
            reason = "the one place that reads randomness; without it nothing here may go on"
        )]
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    })
}
