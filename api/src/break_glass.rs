//! Break-glass: the way back in when single sign-on does not work. Codes travel once, when made.

use serde::{Deserialize, Serialize};

use crate::{UtcMillis, json::FromJson};

/// How many recovery codes are made at once.
pub const RECOVERY_CODES: usize = 10;

/// How things stand: `GET /api/break-glass`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BreakGlass {
    /// The acting administrator's own recovery codes, if they made any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<Recovery>,
    /// What was armed or used lately, newest first.
    pub recent: Vec<BreakGlassUse>,
}

/// A set of recovery codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recovery {
    pub issued_at: UtcMillis,
    /// How many were not used yet.
    pub left: u64,
    /// When one of them was last used or tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested_at: Option<UtcMillis>,
}

/// The two kinds of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// Made on the server's own host, for a short time.
    Issued,
    /// One of the ten that an administrator keeps.
    Recovery,
}

impl CodeKind {
    pub const ALL: [Self; 2] = [Self::Issued, Self::Recovery];

    /// The word in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Recovery => "recovery",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// A code that was armed, or a code that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BreakGlassUse {
    pub kind: CodeKind,
    /// The administrator whom it lets in.
    pub user: String,
    pub issued_at: UtcMillis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<UtcMillis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<UtcMillis>,
}

/// New recovery codes: `POST /api/break-glass/recovery-codes`. They are shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    pub codes: Vec<String>,
}

impl std::fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecoveryCodes").finish_non_exhaustive()
    }
}

/// Tests one recovery code without using it up: `POST /api/break-glass/test`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CodeForm {
    pub code: String,
}

impl std::fmt::Debug for CodeForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CodeForm").finish_non_exhaustive()
    }
}

/// A code as it is compared: people type small letters, blanks and hyphens as they like, and
/// confuse O with 0, I and L with 1 (Crockford's base 32).
#[must_use]
pub fn normal(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '‑'))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        for typed in ["ABCD-0123-XYZ1", " abcd o1 23xyzl", "abcdO123xyzi"] {
            let plain = normal(typed);
            assert_eq!(plain, "ABCD0123XYZ1", "{typed}");
        }
    }
}
