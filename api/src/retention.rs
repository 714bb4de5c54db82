//! How long the records are kept.

use serde::{Deserialize, Serialize};

use crate::field::{FieldError, FieldFault};

/// A hundred years: more is for ever.
pub const DAYS_MAX: u32 = 36_500;

/// `GET /api/retention`. None is for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Retention {
    pub audit_days: Option<u32>,
    pub sign_in_days: Option<u32>,
    pub version: i64,
}

/// `PUT /api/retention`. Null is for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RetentionForm {
    pub audit_days: Option<u32>,
    pub sign_in_days: Option<u32>,
}

impl RetentionForm {
    /// Days are 1 to 36,500.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        let wrong = [
            ("audit_days", self.audit_days),
            ("sign_in_days", self.sign_in_days),
        ]
        .into_iter()
        .filter(|(_, days)| days.is_some_and(|days| days == 0 || days > DAYS_MAX))
        .map(|(field, _)| FieldError::new(field, FieldFault::Malformed))
        .collect::<Vec<_>>();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}
