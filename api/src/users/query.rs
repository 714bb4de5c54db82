//! The query of the table of users: what is asked for, and how it stands in an address.
//!
//! The console's own address and the API's are written by the same code, so that a shared link is
//! the same question. It must not know how an answer is found.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

use super::{Role, Status};
use crate::{
    UtcMillis,
    field::{FieldError, FieldFault},
};

/// The longest search, in bytes.
pub const SEARCH_MAX: usize = 200;
/// The largest page.
pub const PAGE_MAX: u32 = 200;
/// The page unless told.
pub const PAGE: u32 = 50;

/// The kinds of [`super::Attention`], to filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttentionKind {
    LoginChanged,
    SecondIdentity,
}

/// When a user was last here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum LastSignIn {
    Never,
    /// Here at some time, and not since `at`.
    Before {
        at: UtcMillis,
    },
    /// At `at` or later.
    After {
        at: UtcMillis,
    },
}

/// A column to sort by. Whoever is alike there is ordered by id, by name within a status or role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserSort {
    #[default]
    Name,
    Email,
    OktaLogin,
    Status,
    Role,
    FirstSignInAt,
    LastSignInAt,
    CreatedAt,
}

/// Which users. Everything that is given has to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserFilter {
    /// Words, each the beginning of a word in name, e-mail or Okta login; from three letters on
    /// any part of an address. Any case; at most 200 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention: Option<AttentionKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sign_in: Option<LastSignIn>,
}

/// A page of the table: `GET /api/users`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserQuery {
    pub filter: UserFilter,
    /// None: by name; of a search, whoever fits in the order of the words that they fit by.
    pub sort: Option<UserSort>,
    pub descending: bool,
    /// From [`super::UserList::next`]: what comes after it.
    pub after: Option<String>,
    /// From [`super::UserList::previous`]: what comes before it.
    pub before: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u32>,
}

/// The rest of the address of a page, as the OpenAPI document has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserPaging {
    /// A column. Unless told `name`, and for a search the words that fit.
    pub sort: Option<UserSort>,
    /// `desc` for the other way round.
    pub order: Option<String>,
    /// From a page's `next`: what comes after it.
    pub after: Option<String>,
    /// From a page's `previous`: what comes before it.
    pub before: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u32>,
}

// Words of the address and of the database for the values of an enum.
macro_rules! words {
    ($type:ident: $($variant:ident = $word:literal),+ $(,)?) => {
        impl $type {
            /// Every one, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

words!(Status: Inactive = "inactive", Active = "active", NeedsAttention = "needs_attention",
    Suspended = "suspended");
words!(Role: Admin = "admin", Member = "member");
words!(AttentionKind: LoginChanged = "login_changed", SecondIdentity = "second_identity");
words!(UserSort: Name = "name", Email = "email", OktaLogin = "okta_login", Status = "status",
    Role = "role", FirstSignInAt = "first_sign_in_at", LastSignInAt = "last_sign_in_at",
    CreatedAt = "created_at");

impl LastSignIn {
    /// `never`, `before:1795000000000` or `after:1795000000000`.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Never => "never".to_owned(),
            Self::Before { at } => format!("before:{at}"),
            Self::After { at } => format!("after:{at}"),
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        if code == "never" {
            return Some(Self::Never);
        }
        let (word, at) = code.split_once(':')?;
        let at = at.parse().ok().filter(|at| *at >= 0)?;
        match word {
            "before" => Some(Self::Before { at }),
            "after" => Some(Self::After { at }),
            _ => None,
        }
    }
}

impl UserFilter {
    /// Whether everybody fits.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }

    /// As it stands in an address; what is not asked for is left out.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut put = |name, value: Option<String>| pairs.extend(value.map(|it| (name, it)));
        put("search", self.search.clone());
        put("status", self.status.map(|it| it.code().to_owned()));
        put("role", self.role.map(|it| it.code().to_owned()));
        put("attention", self.attention.map(|it| it.code().to_owned()));
        put("last_sign_in", self.last_sign_in.map(LastSignIn::code));
        pairs
    }

    /// The search as it is looked for: without blanks around it; none if nothing is left. Names
    /// what is wrong with it.
    pub fn checked(mut self) -> Result<Self, FieldError> {
        self.search = match self.search.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(search) if search.len() > SEARCH_MAX => {
                return Err(FieldError::new("search", FieldFault::TooLong));
            }
            Some(search) if search.chars().any(char::is_control) => {
                return Err(FieldError::new("search", FieldFault::Blanks));
            }
            Some(search) => Some(search.to_owned()),
        };
        Ok(self)
    }
}

impl UserQuery {
    /// The column in whose order the users come; none for a search in its own.
    #[must_use]
    pub fn column(&self) -> Option<UserSort> {
        let usual = self.filter.search.is_none().then(UserSort::default);
        self.sort.or(usual)
    }

    /// As it stands in an address; what is usual is left out.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = self.filter.pairs();
        let mut put = |name, value: Option<String>| pairs.extend(value.map(|it| (name, it)));
        put("sort", self.sort.map(|it| it.code().to_owned()));
        put("order", self.descending.then(|| "desc".to_owned()));
        put("after", self.after.clone());
        put("before", self.before.clone());
        put("limit", self.limit.map(|it| it.to_string()));
        pairs
    }

    /// Reads an address. All that is wrong is named at once, by its field.
    pub fn from_pairs<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<FieldError>> {
        let mut query = Self::default();
        let mut errors = Vec::new();
        let mut seen = Vec::new();
        for (name, value) in pairs {
            let fault = if seen.contains(&name) {
                Some(FieldFault::Malformed)
            } else {
                query.take(name, value).err()
            };
            seen.push(name);
            if let Some(fault) = fault {
                let name: String = name.chars().take(100).collect();
                errors.push(FieldError::new(&name, fault));
            }
        }
        if query.after.is_some() && query.before.is_some() {
            errors.push(FieldError::new("before", FieldFault::Malformed));
        }
        match query.filter.clone().checked() {
            Ok(filter) => query.filter = filter,
            Err(error) => errors.push(error),
        }
        if errors.is_empty() {
            Ok(query)
        } else {
            Err(errors)
        }
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), FieldFault> {
        /// The longest cursor that is looked at.
        const CURSOR_MAX: usize = 2_000;
        let none = FieldFault::Malformed;
        let cursor = || match value.len() {
            1..=CURSOR_MAX => Ok(Some(value.to_owned())),
            _ => Err(none),
        };
        let filter = &mut self.filter;
        match name {
            "search" => filter.search = Some(value.to_owned()),
            "status" => filter.status = Some(Status::from_code(value).ok_or(none)?),
            "role" => filter.role = Some(Role::from_code(value).ok_or(none)?),
            "attention" => {
                filter.attention = Some(AttentionKind::from_code(value).ok_or(none)?);
            }
            "last_sign_in" => {
                filter.last_sign_in = Some(LastSignIn::from_code(value).ok_or(none)?);
            }
            "sort" => self.sort = Some(UserSort::from_code(value).ok_or(none)?),
            "order" => {
                self.descending = match value {
                    "asc" => false,
                    "desc" => true,
                    _ => return Err(none),
                }
            }
            "after" => self.after = cursor()?,
            "before" => self.before = cursor()?,
            "limit" => {
                let limit = value.parse().ok().filter(|it| (1..=PAGE_MAX).contains(it));
                self.limit = Some(limit.ok_or(none)?);
            }
            _ => return Err(FieldFault::Unknown),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
