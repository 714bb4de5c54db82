//! People from a file: what each row would do, and how far it is.

use serde::{Deserialize, Serialize};

use crate::{
    UtcMillis,
    field::{FieldError, FieldFault},
};

/// The largest file, in bytes.
pub const FILE_MAX: usize = 32 * 1024 * 1024;
/// The most rows of a file.
pub const ROWS_MAX: usize = 100_000;

/// Which column of the file is what, by its head: the query of `POST /api/users/import`. What is
/// not said is guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportColumns {
    pub name: Option<String>,
    pub email: Option<String>,
    pub okta_login: Option<String>,
    pub role: Option<String>,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// What each row would do is being found out: nothing changes.
    Checking,
    /// It is known, and nothing was changed.
    Checked,
    Running,
    Done,
    /// A row could no longer be taken: whatever the file had changed was taken back.
    Failed,
}

/// What is wrong with a row, or what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RowFault {
    /// A field was refused: see `field` and `fault`.
    Field,
    /// The same e-mail or login stands in a row before.
    Twice,
    /// Another number of cells than the head has.
    Cells,
    /// A quote that is never closed.
    Quote,
    /// Neither `admin` nor `member`.
    Role,
    /// The last administrator cannot become a member.
    LastAdministrator,
}

/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BadRow {
    /// Its line in the file; the head is line 1.
    pub line: u64,
    pub why: RowFault,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<FieldFault>,
}

/// An import: `GET /api/users/import/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Import {
    pub id: String,
    pub state: ImportState,
    /// Rows beside the head.
    pub rows: u64,
    /// Looked at, or while it runs taken.
    pub done: u64,
    pub create: u64,
    pub change: u64,
    /// As they are here already.
    pub skip: u64,
    pub bad: u64,
    /// The first hundred that cannot be taken.
    pub bad_rows: Vec<BadRow>,
    pub started_at: UtcMillis,
    pub ended_at: Option<UtcMillis>,
}

impl ImportColumns {
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let named = [
            ("name", &self.name),
            ("email", &self.email),
            ("okta_login", &self.okta_login),
            ("role", &self.role),
        ];
        named
            .into_iter()
            .filter_map(|(name, head)| Some((name, head.clone()?)))
            .collect()
    }

    /// Names what is no column of ours.
    pub fn from_pairs<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<FieldError>> {
        let mut columns = Self::default();
        let mut errors = Vec::new();
        for (name, head) in pairs {
            let head = Some(head.to_owned());
            match name {
                "name" => columns.name = head,
                "email" => columns.email = head,
                "okta_login" => columns.okta_login = head,
                "role" => columns.role = head,
                other => {
                    let name: String = other.chars().take(100).collect();
                    errors.push(FieldError::new(&name, FieldFault::Unknown));
                }
            }
        }
        if errors.is_empty() {
            Ok(columns)
        } else {
            Err(errors)
        }
    }
}
