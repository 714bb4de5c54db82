//! What is done to many users at once, as one finds it again: files and bulk acts of the last days.

use serde::{Deserialize, Serialize};

use crate::{UtcMillis, json::FromJson};

use super::{BulkAction, ImportState};

/// So many are shown.
pub const JOBS_SHOWN: usize = 20;

/// A file or a bulk act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    pub id: String,
    /// What a bulk act does; a file has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<BulkAction>,
    /// A bulk act is never *checked*: it runs, is done, or failed.
    pub state: ImportState,
    /// Users, or rows of the file.
    pub total: u64,
    pub done: u64,
    /// The name of whoever asked.
    #[serde(serialize_with = "crate::names::escaped")]
    pub by: String,
    pub started_at: UtcMillis,
}

/// `GET /api/users/jobs`: the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Jobs {
    pub jobs: Vec<Job>,
}
