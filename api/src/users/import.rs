//! People from a file: what each row would do, and how far it is.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

use crate::{
    UtcMillis,
    audit::AuditChange,
    field::{FieldError, FieldFault},
};

/// The largest file, in bytes.
pub const FILE_MAX: usize = 32 * 1024 * 1024;
/// The most rows of a file.
pub const ROWS_MAX: usize = 100_000;

/// A file from its heads on, and the sign between cells. The heads are the first line that says anything, and the sign
/// is the one that it has most of.
#[must_use]
pub fn file_head(text: &str) -> (&str, char) {
    /// Of two alike the last one.
    const SIGNS: [char; 3] = [';', '\t', ','];
    let is_blank = |line: &str| {
        let is_blank = |sign: char| sign.is_whitespace() || sign == '"' || SIGNS.contains(&sign);
        line.chars().all(is_blank)
    };
    let mut rest = text;
    while let Some((line, next)) = rest.split_once('\n')
        && is_blank(line)
    {
        rest = next;
    }
    let line = rest.lines().next().unwrap_or_default();
    let count = |sign: &char| line.chars().filter(|it| it == sign).count();
    (rest, SIGNS.into_iter().max_by_key(count).unwrap_or(','))
}

/// Which column of the file is what, by its head: the query of `POST /api/users/import`. What is
/// not said is guessed; an empty head says that there is no such column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportColumns {
    pub name: Option<String>,
    pub email: Option<String>,
    pub okta_login: Option<String>,
    pub role: Option<String>,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// What each row would do is being found out: nothing changes.
    Checking,
    /// It is known, and nothing was changed.
    Checked,
    Running,
    Done,
    /// A row could no longer be taken: whatever the file had changed was taken back, but for users whom somebody else
    /// changed meanwhile.
    Failed,
}

/// What is wrong with a row, or what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvalidRow {
    /// Its line in the file; the head is line 1.
    pub line: u64,
    pub why: RowFault,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<FieldFault>,
}

/// A row that changes a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangedRow {
    pub line: u64,
    /// The user's, and how they are called before it.
    pub id: String,
    #[serde(serialize_with = "crate::names::escaped")]
    pub name: String,
    /// Of `name`, `okta_login` and `role` what is other than before.
    pub changes: Vec<AuditChange>,
}

/// An import: `GET /api/users/import/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
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
    pub invalid: u64,
    /// The first hundred that cannot be taken.
    pub invalid_rows: Vec<InvalidRow>,
    /// The first hundred that change somebody, while it is known what they do and after they did it.
    pub changed_rows: Vec<ChangedRow>,
    /// Where it failed: the line that could no longer be taken, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_line: Option<u64>,
    /// Where it failed: so many users stayed as they are, because somebody else changed them meanwhile.
    pub stayed: u64,
    pub started_at: UtcMillis,
    pub ended_at: Option<UtcMillis>,
}

/// The heads that a column is known by where nobody said which it is.
const USUAL: [&[&str]; 4] = [
    &["name", "fullname", "displayname", "nom", "nomcomplet"],
    &["email", "emailaddress", "mail", "adresseemail", "courriel"],
    &[
        "oktalogin",
        "login",
        "username",
        "identifiantokta",
        "identifiant",
    ],
    &["role", "rôle"],
];

/// A head without what spreadsheets and people spell in several ways. Only ASCII and Latin-1 have capitals here: the
/// tables for all of Unicode are 5 kB of the console.
fn plain(head: &str) -> String {
    let letter = |it: char| match it {
        // Spaces and dashes that type-setters prefer.
        '\u{a0}' | '\u{2000}'..='\u{206f}' => None,
        'À'..='Þ' if it != '×' => char::from_u32(u32::from(it) + 0x20),
        _ if it.is_ascii() => it.is_ascii_alphanumeric().then(|| it.to_ascii_lowercase()),
        _ => Some(it),
    };
    head.chars().filter_map(letter).collect()
}

impl ImportColumns {
    /// Where name, e-mail, Okta login and role stand among a file's heads. What is said to be
    /// empty is nowhere; what is not said is guessed.
    #[must_use]
    pub fn places(&self, heads: &[String]) -> [Option<usize>; 4] {
        let heads: Vec<String> = heads.iter().map(|it| plain(it)).collect();
        let place = |head: &str| heads.iter().position(|it| it == head);
        let mut usual = USUAL.into_iter();
        [&self.name, &self.email, &self.okta_login, &self.role].map(|asked| {
            let usual = usual.next().unwrap_or_default();
            match asked {
                Some(asked) if asked.is_empty() => None,
                Some(asked) => place(&plain(asked)),
                None => usual.iter().find_map(|it| place(it)),
            }
        })
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_as_said_and_guessed_otherwise() {
        let heads = ["E-Mail", "Full name", "Rôle", "Login", "Shoe size"].map(str::to_owned);
        let guessed = ImportColumns::default().places(&heads);
        assert_eq!(guessed, [Some(1), Some(0), Some(3), Some(2)]);
        let said = ImportColumns {
            name: Some("shoe SIZE".to_owned()),
            email: Some("nothing".to_owned()),
            okta_login: Some(String::new()),
            role: None,
        };
        assert_eq!(said.places(&heads), [Some(4), None, None, Some(2)]);
        let spelled = ["RÔLE", "E\u{2011}MAIL", "Nom\u{a0}complet", "×"].map(str::to_owned);
        let guessed = ImportColumns::default().places(&spelled);
        assert_eq!(guessed, [Some(2), Some(1), None, Some(0)]);
    }
}
