//! The binary as an operator runs it: what it says, what it refuses, how it starts and ends.
//!
//! It knows the program only by its arguments, its output and its port.

mod audit;
mod bytes;
mod demo;
mod files;
mod keys;
mod permissions;
mod program;
mod refusals;
mod rotate;
mod serve;
mod users;
mod watched;
mod wire;

use program::{Ended, Folder, Program, free_port};

/// Runs a command to its end.
fn run(arguments: &[&str]) -> Ended {
    Program::start(arguments, &[]).end()
}

/// The same for other tests: how it ended, and all that it printed.
pub(crate) fn ended(arguments: &[&str]) -> (i32, String) {
    let ended = run(arguments);
    (ended.code, format!("{}{}", ended.out, ended.err))
}

/// A process that is killed by another test.
pub(crate) struct Killed(Program);

impl Killed {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self(Program::start(arguments, &[]))
    }

    /// Kills it, and waits for its end. False: it had ended by itself.
    pub(crate) fn kill(self) -> bool {
        self.0.kill()
    }
}

#[test]
fn help_names_every_command_and_every_setting() {
    let help = run(&["--help"]);
    assert_eq!(help.code, 0);
    for command in [
        "serve",
        "demo",
        "plan",
        "apply",
        "audit",
        "break-glass",
        "connection",
        "admin",
        "openapi",
        "healthcheck",
        "key",
        "users",
    ] {
        assert!(
            help.out.contains(&format!("\n  {command} ")),
            "{}",
            help.out
        );
    }
    let help = run(&["serve", "--help"]);
    assert_eq!(help.code, 0);
    for setting in [
        "config",
        "public-url",
        "listen",
        "metrics-listen",
        "database",
        "encryption-key-file",
        "trusted-proxies",
        "private-hosts",
        "allow-loopback-issuers",
        "log",
    ] {
        assert!(
            help.out.contains(&format!("--{setting} "))
                || help.out.contains(&format!("--{setting}[")),
            "--{setting}"
        );
        let variable = format!("SSO_CONSOLE_{}", setting.replace('-', "_").to_uppercase());
        assert!(help.out.contains(&variable), "{variable}");
    }
    assert_eq!(run(&["--version"]).code, 0);
}

#[test]
fn what_is_no_command_is_named_and_ends_with_2() {
    for (arguments, named) in [
        (&[][..], "Usage"),
        (&["serv"], "serv"),
        (&["serve", "--databse", "x"], "--databse"),
        (&["serve", "extra"], "extra"),
        (&["serve", "--listen"], "--listen"),
        (&["demo", "--log", "loud"], "--log"),
        (&["demo", "--listen", "8080"], "--listen"),
        (&["key"], "<FILE>"),
        (&["healthcheck", "--listen", "localhost"], "--listen"),
    ] {
        let ended = run(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}: {}", ended.err);
        assert!(ended.err.contains(named), "{arguments:?}: {}", ended.err);
        assert!(ended.out.is_empty());
    }
}

#[test]
fn openapi_prints_the_document() {
    let ended = run(&["openapi"]);
    assert_eq!(ended.code, 0);
    let printed: serde_json::Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(printed, server::openapi::document());
}
