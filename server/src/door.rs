//! The door: the pages that members see. Pure functions from what is known to a whole HTML
//! document, so that a member gets a plain sentence even when nothing else works.
//!
//! It must know neither axum nor the database nor the clock, and it sends no script: what it needs
//! arrives as an argument, and every value passes the one escape in [`html`].

mod advice;
mod frame;
mod html;
mod link;
mod me;
mod note;
mod problem;
mod reauthenticated;
mod refused;
mod sign_in;
mod signed_out;
#[cfg(test)]
mod tests;

pub use advice::{Advice, advice};
pub use frame::{Frame, Theme};
pub use me::{Me, me};
pub use note::{Note, NoteKind, note};
pub use problem::{
    ConsoleMissing, PlainProblem, ProblemPage, WithoutConsole, console_missing, plain_problem,
};
pub use reauthenticated::reauthenticated;
pub use refused::{Refused, refused};
pub use sign_in::{Administrator, Notification, SignIn, administrator, sign_in};
pub use signed_out::{AtProvider, SignedOut, signed_out};

/// The style of every page of the door, served at [`api::paths::DOOR_STYLE`] as `text/css`.
pub const STYLE: &str = include_str!("door/door.css");
