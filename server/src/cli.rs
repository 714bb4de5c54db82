//! The commands of the binary.

mod admin;
mod audit;
mod break_glass;
mod config;
mod connection;
mod demo;
mod files;
mod healthcheck;
mod host;
mod key;
mod serve;
mod users;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use config::{File, Options, Resolved};
pub use serve::log_filter;

/// Puts an organization's sign-in in the hands of its administrator, through Okta.
#[derive(Debug, Parser)]
#[command(name = "sso-console", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the server.
    Serve(Options),
    /// Runs everything with a practice Okta inside, on this machine only, and forgets it at the end.
    Demo(demo::Options),
    /// Prints the OpenAPI document.
    Openapi,
    /// Asks a running server whether it is ready; exit status 0 if it is.
    Healthcheck(healthcheck::Options),
    /// The way back in when single sign-on does not work.
    BreakGlass(break_glass::Options),
    /// A connection's life, by the same guards as in the console.
    Connection(connection::Options),
    /// Who administers, by the same guards as in the console.
    Admin(admin::Options),
    /// Writes a new sealing key into a file that does not exist yet, or rotates the key.
    Key(key::Options),
    /// Says what a file would change; exit status 2 if anything.
    Plan(files::PlanOptions),
    /// Changes what a file says, all of it or nothing; its fields are then the file's.
    Apply(files::ApplyOptions),
    /// Checks or prints the audit log, also beside a running server.
    Audit(audit::Options),
    /// People from a file and into one, by the same rules as in the console.
    Users(users::Options),
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(options) => serve::run(options),
        Command::Demo(options) => demo::run(options),
        Command::Openapi => {
            say(&format!("{:#}", crate::openapi::document()));
            Ok(())
        }
        Command::Healthcheck(options) => healthcheck::run(&options),
        Command::Key(options) => key::run(options),
        Command::Plan(options) => return end(files::plan(options), 1),
        Command::Apply(options) => return end(files::apply(options), 1),
        Command::Audit(options) => match audit::run(options) {
            Ok(code) => return code,
            Err(why) => Err(why),
        },
        Command::Users(options) => return end(users::run(options), 2),
        Command::BreakGlass(options) => break_glass::run(options),
        Command::Connection(options) => connection::run(options),
        Command::Admin(options) => admin::run(options),
    };
    end(done.map(|()| ExitCode::SUCCESS), 2)
}

fn end(done: Result<ExitCode, String>, otherwise: u8) -> ExitCode {
    match done {
        Ok(code) => code,
        Err(why) => {
            complain(&why);
            ExitCode::from(otherwise)
        }
    }
}

/// For the person at the terminal.
#[expect(clippy::print_stdout, reason = "the commands speak to a terminal")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "the commands speak to a terminal")]
fn complain(why: &str) {
    eprintln!("sso-console: {why}");
}
