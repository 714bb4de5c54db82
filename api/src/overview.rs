//! The first page: how the connection is, and how many have arrived.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

use crate::{
    UtcMillis,
    cause::Cause,
    connections::{Connection, Provider},
    sign_ins::Attempt,
    users::StatusCounts,
};

/// `GET /api/overview`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    /// Okta, Google, Microsoft, in this order.
    pub connections: Vec<Connection>,
    pub users: StatusCounts,
    /// Users with an Okta login.
    #[serde(default)]
    pub assigned: u64,
    /// Those of them who came with it at least once.
    #[serde(default)]
    pub signed_in: u64,
    /// Attempts of the last 24 hours.
    pub today: AttemptCounts,
    /// The latest eight attempts, newest first.
    pub recent: Vec<Attempt>,
    /// Connections whose latest check failed, of those that are on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failing: Vec<FailingCheck>,
}

/// A connection whose latest check failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FailingCheck {
    pub provider: Provider,
    pub at: UtcMillis,
    pub cause: Cause,
}

/// How the attempts of a span of time ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttemptCounts {
    pub succeeded: u64,
    pub failed: u64,
    /// Started more than ten minutes ago and not ended since.
    pub not_completed: u64,
}
