//! The server as a whole, with its real database and the practice Okta, without a browser.
//!
//! Every test that touches the database runs on SQLite and on PostgreSQL.

mod access;
mod audit;
mod break_glass;
mod canary;
mod catalogue;
mod checks;
mod command_line;
mod connections;
mod database;
mod desk;
mod documents;
mod front_channel;
mod headers;
mod hostile;
mod identities;
mod input;
mod limits;
mod notifications;
mod openapi;
mod organization;
mod password;
mod providers;
mod puppet;
mod reauthentication;
mod refusals;
mod sessions;
mod set_up;
mod sign_in;
mod sign_ins;
mod users;
mod webhook;
mod witness;
