//! Time and randomness, as arguments: only `main` hands in the system's.

use std::sync::Arc;

use api::UtcMillis;

/// Tells the time in UTC milliseconds.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> UtcMillis + Send + Sync>);

/// Gives random bytes; of cryptographic quality in earnest.
#[derive(Clone)]
pub struct Entropy(Arc<Fill>);

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
        Self(Arc::new(fill))
    }

    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
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
