//! Sign-in attempts: one row each, from start to end, and the flow that moves them along.

mod begin;
mod break_glass;
mod callback;
pub(crate) mod days;
mod evidence;
mod finish;
mod first_visit;
mod initiate;
pub(crate) mod list;
mod matching;
mod password;
mod posted;
mod proof;
pub(crate) mod prune;
mod quiet;
mod reauthenticate;
mod return_path;
mod sign_out;
mod stages;
pub(crate) mod store;

pub(crate) use begin::{connect, start};
pub(crate) use break_glass::sign_in as sign_in_with_code;
pub(crate) use callback::callback;
pub(crate) use days::{causes_csv, count_hours, days, days_csv, today};
pub(crate) use evidence::is_the_members;
pub(crate) use initiate::initiate;
pub(crate) use list::{by_reference, list, of_user, recent};
#[cfg(test)]
pub(crate) use matching::note_sign_in;
pub(crate) use password::sign_in as sign_in_with_password;
pub(crate) use prune::{forget_stale, prune};
pub(crate) use quiet::Opening;
pub(crate) use reauthenticate::{open_methods, reauthenticate};
pub(crate) use return_path::ReturnPath;
pub(crate) use sign_out::sign_out;
pub(crate) use store::{doubts, last_ends};
