//! What belongs to one user beside their profile: where they are signed in, and what happened.

use serde::{Deserialize, Serialize};

use crate::{SignedInBy, UtcMillis, json::FromJson};

/// One sign-in that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserSession {
    pub id: String,
    pub signed_in_by: SignedInBy,
    pub created_at: UtcMillis,
    pub last_seen_at: UtcMillis,
    pub expires_at: UtcMillis,
    pub address: Option<String>,
    /// The browser as it names itself.
    pub user_agent: Option<String>,
}

/// One line of a user's history, from the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserEvent {
    pub id: String,
    pub at: UtcMillis,
    /// The audit log's word, such as `user.suspended`.
    pub event: String,
    /// Who did it; empty: the server by itself.
    #[serde(serialize_with = "crate::names::escaped")]
    pub actor: String,
}
