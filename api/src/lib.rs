//! The contract between console and server: wire types, validation, paths.
//!
//! No I/O, no clock, no framework: it builds for `wasm32-unknown-unknown`, and a form refuses an
//! input by the very code with which the server refuses it.

pub mod audit;
pub mod break_glass;
pub mod cause;
pub mod checks;
pub mod connections;
pub mod date;
pub mod field;
pub mod files;
pub mod guide;
pub mod issuer;
pub mod json;
pub mod logins;
pub mod names;
pub mod notifications;
pub mod organization;
pub mod overview;
pub mod paths;
pub mod problem;
pub mod retention;
pub mod secret;
pub mod session;
pub mod set_up;
pub mod sign_ins;
pub mod users;
pub mod webhook;

pub use cause::Cause;
pub use connections::{Connection, ConnectionForm, ConnectionState, Provider};
pub use field::{FieldError, FieldFault};
pub use issuer::{IssuerInput, Loopback};
pub use logins::{Email, OktaLogin};
pub use organization::Organization;
pub use overview::Overview;
pub use problem::{Problem, ProblemCode};
pub use session::{
    RECENT_SIGN_IN, ReauthenticationForm, ReauthenticationMethod, Session, SignedInBy,
};
pub use sign_ins::{Attempt, Outcome};
pub use users::{Role, Status, User, UserForm, UserList};

/// Milliseconds since 1970-01-01T00:00:00Z, as every time in this contract.
pub type UtcMillis = i64;
