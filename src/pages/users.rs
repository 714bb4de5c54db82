//! Users: the table, and the form that makes or changes one.

mod bulk;
pub mod detail;
mod filters;
pub mod form;
pub mod import;
mod keyboard;
pub mod list;
pub mod new;
mod rows;
mod wish;
