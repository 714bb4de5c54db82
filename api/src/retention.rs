//! How long the records are kept.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

use crate::field::{FieldError, FieldFault};

/// A hundred years: more is for ever.
pub const DAYS_MAX: u32 = 36_500;
/// The audit log outlives whoever would rather have it forget.
pub const AUDIT_DAYS_MIN: u32 = 30;

/// `GET /api/retention`. None is for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Retention {
    pub audit_days: Option<u32>,
    pub sign_in_days: Option<u32>,
    pub version: i64,
}

/// `PUT /api/retention`. Null is for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RetentionForm {
    pub audit_days: Option<u32>,
    pub sign_in_days: Option<u32>,
}

impl RetentionForm {
    /// Days are 1 to 36,500, and of the audit log 30 at least.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        let wrong = [
            ("audit_days", self.audit_days, AUDIT_DAYS_MIN),
            ("sign_in_days", self.sign_in_days, 1),
        ]
        .into_iter()
        .filter(|(_, days, least)| days.is_some_and(|days| days < *least || days > DAYS_MAX))
        .map(|(field, _, _)| FieldError::new(field, FieldFault::Malformed))
        .collect::<Vec<_>>();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}
