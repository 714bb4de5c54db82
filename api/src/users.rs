//! Users: the people of the organization, and the form that makes or changes one.

mod bulk;
mod import;
mod jobs;
mod query;
mod session;

pub use bulk::{BulkAction, BulkForm, BulkJob, JobState, NAMED_MAX, is_id};
pub use import::{
    ChangedRow, FILE_MAX, Import, ImportColumns, ImportState, InvalidRow, ROWS_MAX, RowFault,
    file_head,
};
pub use jobs::{JOBS_SHOWN, Job, Jobs};
pub use query::{
    AttentionKind, LastSignIn, PAGE, PAGE_MAX, SEARCH_MAX, UserFilter, UserPaging, UserQuery,
    UserSort,
};
pub use session::{UserEvent, UserSession};

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

use crate::{
    UtcMillis,
    field::{FieldError, FieldFault},
    logins::{Email, OktaLogin},
    names,
    sign_ins::Attempt,
};

/// The longest name, in characters.
pub const NAME_MAX: usize = 120;

/// What a user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Admin,
    Member,
}

/// Where a user stands. Always drawn as icon, word and colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// May sign in through Okta but never has.
    Inactive,
    /// Has signed in.
    Active,
    /// The provider says something that does not fit; see [`Attention`].
    NeedsAttention,
    /// Barred.
    Suspended,
}

/// What does not fit for a user who needs attention. Sent back to accept it (`POST /api/users/{id}/accept`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Attention {
    /// The same person came back with another e-mail or login; they were let in.
    LoginChanged {
        /// What the provider says now.
        now: String,
    },
    /// Somebody else at the provider claimed this user's login; they were refused.
    SecondIdentity {
        /// The `sub` that was refused.
        sub: String,
    },
}

impl Attention {
    #[must_use]
    pub fn kind(&self) -> AttentionKind {
        match self {
            Self::LoginChanged { .. } => AttentionKind::LoginChanged,
            Self::SecondIdentity { .. } => AttentionKind::SecondIdentity,
        }
    }
}

/// A user's bond to an account at the provider, made at the first sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Identity {
    pub provider: crate::Provider,
    pub issuer: String,
    pub sub: String,
    pub linked_at: UtcMillis,
}

/// An Okta account that may become an administrator's own: once it is confirmed, the next sign-in with it makes the link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnconfirmedIdentity {
    pub issuer: String,
    pub sub: String,
    /// The account's login at Okta, where Okta said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    pub requested_at: UtcMillis,
    /// It is confirmed, and the sign-in that makes the link is still to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<UtcMillis>,
}

/// Confirms an account as it was shown: `POST /api/users/{id}/confirm-identity`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmIdentity {
    pub issuer: String,
    pub sub: String,
}

/// A user as the table shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// UUID v7.
    pub id: String,
    #[serde(serialize_with = "crate::names::escaped")]
    pub name: String,
    pub email: String,
    /// The login at Okta; none means: not assigned, cannot sign in through Okta.
    pub okta_login: Option<String>,
    pub status: Status,
    pub role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention: Option<Attention>,
    pub first_sign_in_at: Option<UtcMillis>,
    pub last_sign_in_at: Option<UtcMillis>,
    pub created_at: UtcMillis,
    /// Sent back as `If-Match` with a change.
    pub version: i64,
}

/// One user with what belongs to them: `GET /api/users/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserDetail {
    pub user: User,
    pub identities: Vec<Identity>,
    /// Okta accounts that were refused as this administrator, newest first, at most five.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unconfirmed: Vec<UnconfirmedIdentity>,
    /// The latest ten, newest first.
    pub attempts: Vec<Attempt>,
    /// The sign-ins that hold, newest first.
    #[serde(default)]
    pub sessions: Vec<UserSession>,
    /// The latest twenty, newest first.
    #[serde(default)]
    pub history: Vec<UserEvent>,
    /// Whether a password of an administrator is set.
    pub has_password: bool,
}

/// A page of the table: `GET /api/users`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserList {
    pub users: Vec<User>,
    /// Opaque; handed back as `after` it gives the next page. None on the last page. A page can be
    /// short, even empty, and still have a next one: then the search went as far as one request goes.
    pub next: Option<String>,
    /// Opaque; handed back as `before` it gives the page before. None on the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// How many the filter finds.
    pub found: Found,
    pub counts: StatusCounts,
}

/// How many a filter finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Found {
    pub count: u64,
    /// There are more: they were counted no further.
    pub or_more: bool,
}

/// How many users there are in each status, whatever the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusCounts {
    pub all: u64,
    pub active: u64,
    pub inactive: u64,
    pub needs_attention: u64,
    pub suspended: u64,
}

/// Makes a user (`POST /api/users`) or replaces what can be edited of one (`PUT /api/users/{id}`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserForm {
    pub name: String,
    pub email: String,
    /// Empty or null: no Okta login is assigned.
    #[serde(default)]
    pub okta_login: Option<String>,
    pub role: Role,
}

/// A [`UserForm`] in which every field is what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidUser {
    pub name: String,
    pub email: Email,
    pub okta_login: Option<OktaLogin>,
    pub role: Role,
}

impl UserForm {
    /// All that is wrong at once, so that a form can mark every field.
    pub fn validate(&self) -> Result<ValidUser, Vec<FieldError>> {
        let mut errors = Vec::new();
        let name = keep("name", name(&self.name), &mut errors);
        let email = keep("email", Email::parse(&self.email), &mut errors);
        let login = match self.okta_login.as_deref().map(OktaLogin::parse) {
            None | Some(Err(FieldFault::Required)) => None,
            Some(parsed) => keep("okta_login", parsed, &mut errors),
        };
        match (name, email) {
            (Some(name), Some(email)) if errors.is_empty() => Ok(ValidUser {
                name,
                email,
                okta_login: login,
                role: self.role,
            }),
            _ => Err(errors),
        }
    }
}

/// A person's or an organization's name: 1 to 120 characters on one line, without those that reorder or hide text.
pub fn name(text: &str) -> Result<String, FieldFault> {
    let text = names::clean(text);
    let text = text.trim();
    if text.is_empty() {
        Err(FieldFault::Required)
    } else if text.chars().count() > NAME_MAX {
        Err(FieldFault::TooLong)
    } else if text.chars().any(char::is_control) {
        Err(FieldFault::Blanks)
    } else {
        Ok(text.to_owned())
    }
}

/// Keeps the value, or notes the fault under the field's name.
pub(crate) fn keep<T>(
    field: &str,
    value: Result<T, FieldFault>,
    errors: &mut Vec<FieldError>,
) -> Option<T> {
    match value {
        Ok(value) => Some(value),
        Err(fault) => {
            errors.push(FieldError::new(field, fault));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(name: &str, email: &str, login: Option<&str>) -> UserForm {
        UserForm {
            name: name.into(),
            email: email.into(),
            okta_login: login.map(Into::into),
            role: Role::Member,
        }
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let errors = form(" ", "x", Some("a b"))
            .validate()
            .expect_err("all wrong");
        let named: Vec<_> = errors.iter().map(|e| (e.field.as_str(), e.fault)).collect();
        assert_eq!(
            named,
            [
                ("name", FieldFault::Required),
                ("email", FieldFault::NotAnEmail),
                ("okta_login", FieldFault::Blanks)
            ]
        );
    }

    #[test]
    fn an_empty_okta_login_means_not_assigned() {
        for login in [None, Some(""), Some("  ")] {
            let valid = form("Ada", "ada@x.example", login)
                .validate()
                .expect("valid");
            assert_eq!(valid.okta_login, None);
        }
    }
}
