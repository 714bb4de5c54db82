//! `cargo xtask bench console`: what the table of users costs in a browser.

use std::process::ExitCode;

use super::{ended, in_browser, machine, scale};
use crate::place::Place;
use crate::run::Result;
use crate::server;

/// `arguments`: how many users there are, 100,000 unless said.
pub(super) fn print(place: &Place, arguments: &[String]) -> Result<ExitCode> {
    let program = server::dist(place)?;
    println!("\nMachine: {} · {}\n", machine(place), scale::load());
    in_browser(place, &program, "console.mjs", arguments).map(ended)
}
