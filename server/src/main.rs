//! `sso-console`: the one binary. Reads the clock, the environment and the randomness, and hands
//! them on.

use std::process::ExitCode;

use server::cli;

fn main() -> ExitCode {
    cli::run()
}
