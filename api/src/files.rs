//! Which fields a file owns: they are changed by `sso-console apply`, and by nobody else.

use serde::{Deserialize, Serialize};

use crate::{UtcMillis, json::FromJson};

/// `GET /api/files`: None while no file was ever applied, or it was given up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Managed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<ManagedBy>,
}

/// The file that was applied last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ManagedBy {
    /// Its name, without the folder.
    pub file: String,
    pub applied_at: UtcMillis,
    /// Such as `okta.client_id`, `webhook.url`, `organization.name`, in the order of the alphabet.
    pub fields: Vec<String>,
}

impl Managed {
    /// The file that owns this field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        let by = self.managed_by.as_ref()?;
        let owned = by.fields.iter().any(|it| it == field);
        owned.then_some(by.file.as_str())
    }

    /// The file that owns anything of this area, such as `okta`.
    #[must_use]
    pub fn any(&self, area: &str) -> Option<&str> {
        let by = self.managed_by.as_ref()?;
        let within = |it: &String| it.split('.').next() == Some(area);
        by.fields.iter().any(within).then_some(by.file.as_str())
    }
}
