//! The first minute: the organization's name and its first administrator.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

use crate::{
    field::{FieldError, FieldFault},
    logins::Email,
    users,
};

/// The shortest password of an administrator, in characters (NIST SP 800-63B asks for 8 at least).
pub const PASSWORD_MIN: usize = 12;
/// The longest, in bytes: argon2id takes more, a request body should not.
pub const PASSWORD_MAX: usize = 256;

/// `POST /api/set-up`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetUpForm {
    /// From the one-time link that the first start prints.
    pub token: String,
    pub organization: String,
    pub name: String,
    pub email: String,
    pub password: String,
}

/// A [`SetUpForm`] in which every field is what it should be, less the token.
pub struct ValidSetUp {
    pub organization: String,
    pub name: String,
    pub email: Email,
}

impl SetUpForm {
    /// All that is wrong at once.
    pub fn validate(&self) -> Result<ValidSetUp, Vec<FieldError>> {
        let mut errors = Vec::new();
        let organization =
            users::keep("organization", users::name(&self.organization), &mut errors);
        let name = users::keep("name", users::name(&self.name), &mut errors);
        let email = users::keep("email", Email::parse(&self.email), &mut errors);
        users::keep("password", password(&self.password), &mut errors);
        match (organization, name, email) {
            (Some(organization), Some(name), Some(email)) if errors.is_empty() => Ok(ValidSetUp {
                organization,
                name,
                email,
            }),
            _ => Err(errors),
        }
    }
}

/// Length is the only rule (NIST SP 800-63B §5.1.1.2 advises against any of composition).
pub fn password(text: &str) -> Result<(), FieldFault> {
    if text.is_empty() {
        Err(FieldFault::Required)
    } else if text.chars().count() < PASSWORD_MIN {
        Err(FieldFault::TooShort)
    } else if text.len() > PASSWORD_MAX {
        Err(FieldFault::TooLong)
    } else {
        Ok(())
    }
}

/// `GET /api/set-up`: whether the deployment still waits for its first administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetUpState {
    pub needed: bool,
}

impl std::fmt::Debug for SetUpForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetUpForm")
            .field("organization", &self.organization)
            .field("email", &self.email)
            .finish_non_exhaustive()
    }
}
