//! An Okta to practise on: for the demo, for rehearsal, for tests. It speaks OpenID Connect as Okta does, and misbehaves on request.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use okta_simulator::{Config, Fault, NewApp, PracticeOkta, northwind};
//!
//! let okta = PracticeOkta::start(Config::seeded(7)).await?;
//! okta.add_people(northwind::people());
//! let (client_id, client_secret) = okta.create_web_app(NewApp::named("Console").sign_in_redirect("http://127.0.0.1:8080/callback"));
//! okta.assign(&client_id, "ada@northwind.example");
//! okta.set_fault(Fault::WrongNonce);
//! # let _ = (client_secret, okta.issuer_default()); Ok(()) }
//! ```
//!
//! Everything is in memory, listens on loopback, and knows nothing of the product that is tested with it.

mod chance;
mod clock;
mod config;
mod door;
mod drive;
mod engine;
mod fault;
mod handle;
mod http;
mod jose;
mod keys;
mod log;
mod mistake;
pub mod northwind;
mod org;
mod page;
mod place;
mod practice;
mod reading;

pub use clock::Clock;
pub use config::{Config, Seed};
pub use drive::{ShownPage, Tile};
pub use fault::{Fault, Stage};
pub use handle::PracticeOkta;
pub use log::Seen;
pub use mistake::{Field, Mistake, Paste, Topic};
pub use org::app::{
    App, AppType, Assignment, ClientAuth, IssuerMode, LoginInitiated, NewApp, Provider, Rotation,
    Secret, UsernameFormat,
};
pub use org::authorization_server::{
    AccessPolicy, AuthorizationServer, Claim, PolicyClients, Rule, TokenType,
};
pub use org::person::{NewPerson, Person};
pub use reading::{Reader, Reading, Words};
