//! Which cell of a file is what, and what a line says.

use api::{
    FieldError, FieldFault,
    users::{ImportColumns, InvalidRow, RowFault},
};

use super::Row;
use crate::users::csv::{self, Record};

/// Which cell is what.
pub(super) struct Columns {
    name: usize,
    email: usize,
    okta_login: Option<usize>,
    role: Option<usize>,
    width: usize,
}

impl Columns {
    pub(super) fn find(head: &Record, asked: &ImportColumns) -> Result<Self, Vec<FieldError>> {
        let fault = |field: &str, fault| Err(vec![FieldError::new(field, fault)]);
        if head.cells.len() > csv::COLUMNS_MAX {
            return fault("columns", FieldFault::TooLong);
        }
        let [name, email, okta_login, role] = asked.places(&head.cells);
        for (field, asked, found) in [
            ("okta_login", &asked.okta_login, okta_login),
            ("role", &asked.role, role),
        ] {
            // Empty says that there is none.
            if found.is_none() && asked.as_ref().is_some_and(|it| !it.is_empty()) {
                return fault(field, FieldFault::Unknown);
            }
        }
        match (name, email) {
            (Some(name), Some(email)) => Ok(Self {
                name,
                email,
                okta_login,
                role,
                width: head.cells.len(),
            }),
            (None, _) => fault("name", FieldFault::Required),
            (_, None) => fault("email", FieldFault::Required),
        }
    }

    pub(super) fn row(&self, record: Record) -> Row {
        let cell = |at: usize| record.cells.get(at).map_or("", |it| it.trim()).to_owned();
        let role_text = self.role.map(cell).unwrap_or_default().to_lowercase();
        let role = api::Role::from_code(&role_text);
        let why = if record.is_broken {
            Some(RowFault::Quote)
        } else if record.cells.len() != self.width {
            Some(RowFault::Cells)
        } else if role.is_none() && !role_text.is_empty() {
            Some(RowFault::Role)
        } else {
            None
        };
        Row {
            line: record.line,
            name: cell(self.name),
            email: cell(self.email),
            okta_login: self.okta_login.map(cell).filter(|it| !it.is_empty()),
            role,
            bad: why.map(|why| InvalidRow {
                line: record.line,
                why,
                field: None,
                fault: None,
            }),
            cells: record.cells,
            changes: None,
            makes_administrator: false,
        }
    }
}
