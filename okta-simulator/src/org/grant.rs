//! What a sign-in leaves behind: sessions, codes, access tokens, refresh tokens.

use crate::place::Tree;

use super::app::Provider;

/// A browser that is signed in at the provider.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) user_id: String,
    pub(crate) provider: Provider,
    /// Milliseconds.
    pub(crate) since: i64,
}

/// `response_mode` of an authorization request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

/// An authorization request that passed its checks and waits for a person.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) client_id: String,
    pub(crate) tree: Tree,
    pub(crate) redirect_uri: String,
    pub(crate) response_mode: ResponseMode,
    pub(crate) scopes: Vec<String>,
    pub(crate) state: String,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) prompt: Vec<String>,
    /// Seconds.
    pub(crate) max_age: Option<i64>,
    pub(crate) login_hint: Option<String>,
    pub(crate) expires_at: i64,
}

/// Parameters that were sent ahead of the browser (RFC 9126).
#[derive(Clone, Debug)]
pub(crate) struct Pushed {
    pub(crate) client_id: String,
    pub(crate) params: Vec<(String, String)>,
    pub(crate) expires_at: i64,
}

/// What a person granted to an app; a code stands for it, and then tokens.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) user_id: String,
    pub(crate) tree: Tree,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<String>,
    /// Seconds.
    pub(crate) auth_time: i64,
    pub(crate) access_token_minutes: i64,
    /// Milliseconds.
    pub(crate) code_expires_at: i64,
}

impl Grant {
    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// An access token.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) grant: Grant,
    pub(crate) issued_at: i64,
    pub(crate) expires_at: i64,
    /// The refresh family that it came with: revoked together.
    pub(crate) family: Option<String>,
}

/// Refresh tokens that followed one another.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    pub(crate) grant: Grant,
    pub(crate) current: String,
    /// The token before, and when it was replaced.
    pub(crate) previous: Option<(String, i64)>,
    pub(crate) expires_at: i64,
    pub(crate) last_used: i64,
}
