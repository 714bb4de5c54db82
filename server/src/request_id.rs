//! The id of a request: in its log line, in its answer's `x-request-id`, in a problem's reference.

use crate::{clock::Entropy, ids};

#[derive(Clone, Debug)]
pub struct RequestId(String);

impl RequestId {
    #[must_use]
    pub fn new(entropy: &Entropy) -> Self {
        Self(ids::reference(entropy))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
