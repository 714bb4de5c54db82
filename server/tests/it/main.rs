//! The server as a whole, with its real database and the practice Okta, without a browser.
//!
//! Every test that touches the database runs on SQLite and on PostgreSQL.

mod desk;
mod sign_in;
