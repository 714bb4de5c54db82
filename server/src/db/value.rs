//! What goes into a statement and what comes out of a row, alike for both engines.

use crate::{db::DbError, error::Error};

/// A parameter of a statement.
#[derive(Clone, Copy, Debug)]
pub enum Param<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

/// One cell of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// A row, read from left to right.
#[derive(Debug)]
pub struct Row {
    cells: std::vec::IntoIter<Cell>,
}

/// `params![a, b]`: anything that converts into a [`Param`].
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::db::Param::from($value)),*] };
}
pub(crate) use params;

impl Row {
    pub(super) fn new(cells: Vec<Cell>) -> Self {
        Self {
            cells: cells.into_iter(),
        }
    }

    /// The next cell, a text.
    pub fn text(&mut self) -> Result<String, Error> {
        self.opt_text()?.ok_or_else(|| wrong("text", "null"))
    }

    /// The next cell, a text or null.
    pub fn opt_text(&mut self) -> Result<Option<String>, Error> {
        match self.cells.next() {
            Some(Cell::Text(text)) => Ok(Some(text)),
            Some(Cell::Null) => Ok(None),
            other => Err(wrong("text", &format!("{other:?}"))),
        }
    }

    /// The next cell, a number.
    pub fn int(&mut self) -> Result<i64, Error> {
        self.opt_int()?.ok_or_else(|| wrong("a number", "null"))
    }

    /// The next cell, a number or null.
    pub fn opt_int(&mut self) -> Result<Option<i64>, Error> {
        match self.cells.next() {
            Some(Cell::Int(number)) => Ok(Some(number)),
            Some(Cell::Null) => Ok(None),
            other => Err(wrong("a number", &format!("{other:?}"))),
        }
    }

    /// The next cell, a count: a number that is not negative.
    pub fn count(&mut self) -> Result<u64, Error> {
        let number = self.int()?;
        u64::try_from(number).map_err(|_| wrong("a count", &number.to_string()))
    }

    /// The next cell, bytes.
    pub fn blob(&mut self) -> Result<Vec<u8>, Error> {
        self.opt_blob()?.ok_or_else(|| wrong("bytes", "null"))
    }

    /// The next cell, bytes or null.
    pub fn opt_blob(&mut self) -> Result<Option<Vec<u8>>, Error> {
        match self.cells.next() {
            Some(Cell::Blob(bytes)) => Ok(Some(bytes)),
            Some(Cell::Null) => Ok(None),
            other => Err(wrong("bytes", &format!("{other:?}"))),
        }
    }
}

fn wrong(wanted: &str, found: &str) -> Error {
    Error::Database(DbError::Other(format!("a row has {found} for {wanted}")))
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Param<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Blob(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Param<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Blob(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Param<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}

impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<'a> From<&'a Option<String>> for Param<'a> {
    fn from(value: &'a Option<String>) -> Self {
        value.as_deref().into()
    }
}
