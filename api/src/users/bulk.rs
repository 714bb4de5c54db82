//! One act on many users: who, what, and how far it is.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

use super::{Role, UserFilter};
use crate::{
    UtcMillis,
    field::{FieldError, FieldFault},
};

/// At most so many users are named one by one, which fits into a request's body; a filter has no limit.
pub const NAMED_MAX: usize = 1_000;

/// What is done to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BulkAction {
    /// The e-mail becomes the Okta login of whoever has none.
    AssignLogin,
    Suspend,
    Reinstate,
    ChangeRole {
        role: Role,
    },
    /// Ends every session.
    SignOut,
    /// Takes the bond to Okta away where it is to another one than that in use, or another account there claimed the
    /// login: the next sign-in makes a new one, by the login.
    Relink,
}

/// `POST /api/users/bulk`: `ids` or `filter`, and how many that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkForm {
    pub action: BulkAction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ids: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<UserFilter>,
    /// How many whoever asks was told it would be. With a filter it is refused (409) when
    /// meanwhile it is another number.
    pub expected: u64,
    /// Only finds out what it would do.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dry_run: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_false(it: &bool) -> bool {
    !it
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Running,
    Done,
    /// It stopped: what is done stays done.
    Failed,
}

/// A bulk act: `GET /api/users/bulk/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkJob {
    pub id: String,
    pub action: BulkAction,
    pub state: JobState,
    pub total: u64,
    /// Looked at so far.
    pub done: u64,
    /// Changed so far; the others were as wished already.
    pub changed: u64,
    /// Refused: the login is another's, or nobody could administer any more.
    pub skipped: u64,
    pub started_at: UtcMillis,
    pub ended_at: Option<UtcMillis>,
    /// Whether *undo* takes it back.
    pub can_undo: bool,
    /// Nothing was changed: it was found out what would be. *Apply* then does it to the same users.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dry_run: bool,
}

impl BulkForm {
    /// Exactly one of `ids` and `filter`, and ids that could be some.
    pub fn validate(mut self) -> Result<Self, Vec<FieldError>> {
        let fault = |field, fault| Err(vec![FieldError::new(field, fault)]);
        match (&self.ids, self.filter.take()) {
            (None, None) => return fault("ids", FieldFault::Required),
            (Some(_), Some(_)) => return fault("filter", FieldFault::Malformed),
            (Some(ids), None) if ids.is_empty() => return fault("ids", FieldFault::Required),
            (Some(ids), None) if ids.len() > NAMED_MAX => {
                return fault("ids", FieldFault::TooLong);
            }
            (Some(ids), None) if !ids.iter().all(|it| is_id(it)) => {
                return fault("ids", FieldFault::Malformed);
            }
            (Some(_), None) => {}
            (None, Some(filter)) => {
                self.filter = Some(filter.checked().map_err(|error| vec![error])?);
            }
        }
        Ok(self)
    }
}

/// Whether a text has the shape of an id.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.len() == 36
        && text
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
