//! A statement that the two engines are asked in words of their own.

use super::Tx;

/// A statement in two texts, where none leads both engines along the same index: SQLite takes a pair
/// with its row number for the first of the two, and PostgreSQL is led by nothing but a pair.
#[derive(Clone, Copy)]
pub(crate) struct Texts {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Texts {
    #[cfg(test)]
    pub(crate) const fn both(sql: &'static str) -> Self {
        Self {
            sqlite: sql,
            postgres: sql,
        }
    }

    pub(crate) fn of(self, tx: &Tx<'_>) -> &'static str {
        if tx.is_embedded() {
            self.sqlite
        } else {
            self.postgres
        }
    }
}

/// A statement, the index that leads it, what SQLite looks up in that (`user_id=? AND id<?`), and
/// values as PostgreSQL reads them.
#[cfg(test)]
pub(crate) type Planned = (Texts, &'static str, &'static str, &'static str);
