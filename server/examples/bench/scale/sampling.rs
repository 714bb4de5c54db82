//! Milliseconds that were measured, and who was slow.

/// What one kind of question cost.
#[derive(Default)]
pub(crate) struct Samples {
    pub(crate) millis: Vec<f64>,
    /// The slowest, with its address.
    slowest: Vec<(f64, String)>,
}

/// So many of the slowest are kept.
const SLOW: usize = 3;

impl Samples {
    pub(crate) fn add(&mut self, millis: f64, path: &str) {
        self.millis.push(millis);
        self.slowest.push((millis, path.to_owned()));
        self.slowest.sort_by(|a, b| b.0.total_cmp(&a.0));
        self.slowest.truncate(SLOW);
    }

    pub(crate) fn p50(&self) -> f64 {
        crate::figures::at(&self.millis, 50)
    }

    pub(crate) fn p99(&self) -> f64 {
        crate::figures::at(&self.millis, 99)
    }

    pub(crate) fn slowest(&self) -> &[(f64, String)] {
        &self.slowest
    }
}
