//! SSO Console's server: signs people in through Okta, and answers the console.
//!
//! [`App`] is the state, [`router`] the whole server as a service: tests call it as `main` does.

pub mod access;
mod app;
pub mod audit;
mod body;
mod break_glass;
mod checks;
pub mod cli;
pub mod clock;
mod connections;
pub mod console;
mod cookies;
pub mod crowd;
pub mod db;
pub mod door;
mod envelope;
pub mod error;
mod files;
mod guide;
pub mod ids;
mod limits;
pub mod listen;
mod newest;
mod notifications;
pub mod oidc;
pub mod openapi;
mod organization;
mod overview;
mod pages;
mod passwords;
mod private_files;
mod request_id;
mod retention;
pub mod routes;
pub mod sealing;
pub mod secret;
mod sessions;
pub mod set_up;
mod sign_ins;
mod tidying;
mod trusted_proxies;
mod users;
mod webhook;

pub use app::{App, Settings};
pub use routes::router;
pub use tidying::{tidy, tidy_once};
pub use trusted_proxies::TrustedProxies;
pub use users::IMPORTED_AT_ONCE;
