//! The organization that this deployment serves.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

use crate::{
    connections::{ConnectionState, Provider},
    field::FieldError,
    users,
};

/// `GET /api/organization`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Organization {
    #[serde(serialize_with = "crate::names::escaped")]
    pub name: String,
    /// From the configuration; never from a request.
    pub public_url: String,
    /// The connection that members sign in with, or the one that is being set up.
    pub identity_provider: Option<IdentityProvider>,
    /// What has to be registered at Okta as the sign-in redirect URI.
    pub redirect_uri: String,
    pub version: i64,
}

/// The line "Identity provider" of the organization page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdentityProvider {
    pub provider: Provider,
    pub state: ConnectionState,
}

/// `PUT /api/organization`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OrganizationForm {
    pub name: String,
}

impl OrganizationForm {
    /// The trimmed name, or what is wrong with it.
    pub fn validate(&self) -> Result<String, Vec<FieldError>> {
        users::name(&self.name).map_err(|fault| vec![FieldError::new("name", fault)])
    }
}
