//! `cargo xtask demo | test | dist | bench`: sets up what is missing, then does it.
//!
//! Only this file reads the process's environment and arguments. It uses nothing but the standard library, so that a
//! fresh clone waits two seconds for it and not for a tree of dependencies. It must not know what the product does:
//! only how it is built, started and tested.

mod bench;
mod bundle;
mod console;
mod counts;
mod lock;
mod names;
mod npm;
mod packages;
mod place;
mod postgres;
mod run;
mod server;
mod small;
mod stamp;
mod step;
mod style;
mod test;
mod tools;

use std::process::ExitCode;

use place::Place;

const USAGE: &str = "\
cargo xtask demo [ARGUMENTS]   builds everything and starts the demonstration; ARGUMENTS go to `sso-console demo`
cargo xtask test [NAME]        runs every test of every kind; NAME: one step (see below), or tests whose name contains it
cargo xtask dist               builds the one file to run for real: target/dist/sso-console
cargo xtask bench [ARGUMENTS]  prints the figures as tables; ARGUMENTS go to the server's bench program
cargo xtask bench scale [ARGUMENTS]   the figures of a large organization (--users N, --attempts N, --sqlite, --postgres,
                               --pages, --files, --slow); its databases stay in target/bench
cargo xtask bench beside [ARGUMENTS]  the same million users in better-auth's admin API and in Django's admin (--users N)
cargo xtask bench console [USERS]     what the table of users costs in a browser, 100,000 users unless said
cargo xtask style              joins style/*.css into target/style/console.css (Trunk calls this)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", arguments.as_slice()),
    };
    let done =
        Place::find(std::env::vars_os(), std::env::temp_dir()).and_then(|place| match command {
            "demo" => server::demo(&place, rest),
            "test" => test::all(&place, rest),
            "dist" => server::dist(&place).map(|_| ExitCode::SUCCESS),
            "bench" => bench::print(&place, rest),
            "style" => style::write(&place).map(|_| ExitCode::SUCCESS),
            _ => {
                eprint!("{USAGE}\nSteps of test: {}\n", test::names());
                Ok(ExitCode::from(2))
            }
        });
    done.unwrap_or_else(|problem| {
        eprintln!("\n{problem}");
        ExitCode::FAILURE
    })
}
