//! `cargo xtask test`: sets up what tests need, runs every test of every kind, and counts.
//!
//! A step that fails does not keep the others from running; what failed is listed at the end. The last line is always
//! `N passed, N failed`. It must not know what is tested, only with which command.

mod outcome;
mod steps;
mod wish;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use crate::packages::{self, Packages};
use crate::place::Place;
use crate::postgres::Postgres;
use crate::run::Result;
use crate::tools::{self, Tools};
use crate::{console, npm, step};
use outcome::Outcome;
use wish::{STEPS, Step, Wish};

/// The names of the steps, for the usage.
pub(crate) fn names() -> String {
    STEPS.map(Step::name).join(", ")
}

/// Everything that was set up. PostgreSQL runs as long as this lives.
struct Ready {
    tools: Tools,
    packages: Packages,
    /// The folder with the tests' `node_modules`.
    node: PathBuf,
    postgres: Postgres,
}

/// Runs what `arguments` ask for: nothing is everything; a step's name that step; any other word the tests whose name
/// contains it. Succeeds when at least one test ran and none failed.
pub(crate) fn all(place: &Place, arguments: &[String]) -> Result<ExitCode> {
    let wish = Wish::from(arguments)?;
    let mut all = Outcome::default();
    match set_up(place) {
        Ok(ready) => {
            let before = steps::changes(place);
            for step in STEPS.into_iter().filter(|step| wish.includes(*step)) {
                println!("\n== {}", step.name());
                let started = Instant::now();
                let outcome = steps::run(place, &ready, step, wish.filter(), before.as_deref());
                let mark = if outcome.counts.failed == 0 {
                    "ok"
                } else {
                    "--"
                };
                step::print(
                    mark,
                    &format!("{}: {}", step.name(), outcome.counts),
                    started.elapsed(),
                );
                all.counts += outcome.counts;
                all.failures.extend(
                    outcome
                        .failures
                        .iter()
                        .map(|failure| format!("{}: {failure}", step.name())),
                );
            }
        }
        Err(why) => {
            println!("\n{why}");
            all = Outcome::failed("the set-up, see above");
        }
    }
    if all.counts.passed + all.counts.failed == 0 {
        all.failures.push(format!(
            "no test has a name with {:?} in it",
            arguments.join(" ")
        ));
    }
    if !all.failures.is_empty() {
        println!("\nFailed:");
        for failure in &all.failures {
            println!("  {failure}");
        }
    }
    println!("\n{}", all.counts);
    Ok(if all.failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn set_up(place: &Place) -> Result<Ready> {
    let tools = tools::set_up(place)?;
    let packages = step::step("chromium, postgresql", || packages::set_up(place))?;
    let node = step::step("npm packages", || {
        npm::node(place, 20)?;
        npm::locked(place, "tests/node")
    })?;
    let postgres = step::step("start PostgreSQL", || {
        Postgres::start(place, &packages.postgres)
    })?;
    // The server's crate embeds the console, so it has to be there before anything of the server is compiled. When it
    // cannot be built, the step `bundle` says why, and the others run nevertheless.
    let _ = step::step("console, release", || console::bundle(place, &tools));
    Ok(Ready {
        tools,
        packages,
        node,
        postgres,
    })
}
