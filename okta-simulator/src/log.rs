//! What was asked of the practice Okta, for tests to look at.

/// One request, in the order of arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub method: String,
    /// As sent, with host and port.
    pub host: String,
    pub path: String,
    /// Without the question mark; empty when there was none.
    pub query: String,
    pub status: u16,
    /// How the caller authenticated: `basic`, `bearer` or empty. Never the credentials.
    pub authorization: String,
    /// Milliseconds, by the practice Okta's clock.
    pub at: i64,
}
