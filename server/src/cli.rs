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

/// Run and administer single sign-on for one organization.
#[derive(Debug, Parser)]
#[command(name = "sso-console", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    Serve(Options),
    /// Run a local demo with the built-in Okta simulator; all data is discarded on exit.
    Demo(demo::Options),
    /// Print the OpenAPI document.
    Openapi,
    /// Check whether a running server is ready (exit status 0 if it is).
    Healthcheck(healthcheck::Options),
    /// Issue emergency access when single sign-on doesn’t work.
    BreakGlass(break_glass::Options),
    /// Manage a connection, with the same safeguards as the console.
    Connection(connection::Options),
    /// Manage administrators, with the same safeguards as the console.
    Admin(admin::Options),
    /// Generate an encryption key file, or rotate the key.
    Key(key::Options),
    /// Show what applying a configuration file would change (exit status 2 if anything).
    Plan(files::PlanOptions),
    /// Apply a configuration file: all changes or none; its settings are then managed by the file.
    Apply(files::ApplyOptions),
    /// Verify or export the audit log; works while the server is running.
    Audit(audit::Options),
    /// Import or export users, with the same rules as the console.
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
