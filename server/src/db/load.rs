//! Many rows into one table: a prepared insert in SQLite, `copy` in PostgreSQL.
//!
//! It must not know what the rows are about.

use std::{fmt::Write as _, io::Write as _};

use postgres::CopyInWriter;
use rusqlite::{Connection, Statement, types::Null};

use super::{DbError, Param, pg, sqlite};
use crate::error::Error;

/// So many bytes are kept before they go to PostgreSQL.
const FULL: usize = 64 * 1024;

/// Where rows go.
pub(crate) struct Columns {
    pub(crate) table: &'static str,
    pub(crate) columns: &'static [&'static str],
}

impl Columns {
    pub(super) fn names(&self) -> String {
        self.columns.join(", ")
    }
}

/// Takes rows in, one after the other.
pub(crate) struct Loader<'a>(Engine<'a>);

enum Engine<'a> {
    Sqlite(Statement<'a>),
    Postgres(CopyInWriter<'a>, String),
}

impl<'a> Loader<'a> {
    pub(super) fn sqlite(connection: &'a Connection, columns: &Columns) -> Result<Self, DbError> {
        let places = vec!["?"; columns.columns.len()].join(", ");
        let (table, names) = (columns.table, columns.names());
        let statement = connection
            .prepare(&format!("insert into {table} ({names}) values ({places})"))
            .map_err(|error| sqlite::told(&error))?;
        Ok(Self(Engine::Sqlite(statement)))
    }

    pub(super) fn postgres(writer: CopyInWriter<'a>) -> Self {
        Self(Engine::Postgres(writer, String::new()))
    }

    /// One row, in the order of the columns.
    pub(crate) fn put(&mut self, row: &[Param<'_>]) -> Result<(), Error> {
        match &mut self.0 {
            Engine::Sqlite(statement) => insert(statement, row).map_err(|e| sqlite::told(&e)),
            Engine::Postgres(writer, text) => {
                line(text, row);
                if text.len() < FULL {
                    return Ok(());
                }
                let sent = send(writer, text);
                text.clear();
                sent
            }
        }
        .map_err(Error::Database)
    }

    pub(super) fn end(self) -> Result<(), DbError> {
        match self.0 {
            Engine::Sqlite(_) => Ok(()),
            Engine::Postgres(mut writer, text) => {
                send(&mut writer, &text)?;
                writer.finish().map(drop).map_err(|error| pg::told(&error))
            }
        }
    }
}

fn insert(statement: &mut Statement<'_>, row: &[Param<'_>]) -> rusqlite::Result<()> {
    for (at, param) in (1..).zip(row) {
        match param {
            Param::Null => statement.raw_bind_parameter(at, Null)?,
            Param::Int(number) => statement.raw_bind_parameter(at, number)?,
            Param::Text(text) => statement.raw_bind_parameter(at, text)?,
            Param::Blob(bytes) => statement.raw_bind_parameter(at, bytes)?,
        }
    }
    statement.raw_execute().map(drop)
}

fn send(writer: &mut CopyInWriter<'_>, text: &str) -> Result<(), DbError> {
    writer
        .write_all(text.as_bytes())
        .map_err(|error| DbError::Unavailable(error.to_string()))
}

/// One row in the text format of `copy`.
fn line(out: &mut String, row: &[Param<'_>]) {
    for (at, param) in row.iter().enumerate() {
        if at > 0 {
            out.push('\t');
        }
        match param {
            Param::Null => out.push_str("\\N"),
            Param::Int(number) => {
                // A string takes whatever is written to it.
                let _ = write!(out, "{number}");
            }
            Param::Text(text) => text.chars().for_each(|sign| match sign {
                '\\' => out.push_str("\\\\"),
                '\t' => out.push_str("\\t"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                other => out.push(other),
            }),
            Param::Blob(bytes) => {
                out.push_str("\\\\x");
                for byte in *bytes {
                    let _ = write!(out, "{byte:02x}");
                }
            }
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_one_line_whatever_is_in_it() {
        let mut text = String::new();
        line(
            &mut text,
            &[
                Param::Text("a\tb\\N\r\n"),
                Param::Null,
                Param::Int(-7),
                Param::Blob(&[0, 255]),
            ],
        );
        assert_eq!(text, "a\\tb\\\\N\\r\\n\t\\N\t-7\t\\\\x00ff\n");
    }
}
