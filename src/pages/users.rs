//! Users: the table, and the form that makes or changes one.

pub mod detail;
pub mod form;
pub mod list;
pub mod new;
