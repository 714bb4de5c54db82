//! How each step is run: the commands, and what they need to be told.
//!
//! It must not know which steps were asked for, nor what comes of the results.

use std::process::Command;

use super::Ready;
use super::outcome::{Outcome, command, tests};
use super::wish::Step;
use crate::place::Place;
use crate::run::{self, Result};
use crate::tools::WASM;
use crate::{bundle, console};

/// Runs one step. `filter`: only tests whose name contains it; `before`: what `changes` said before the first step.
pub(super) fn run(
    place: &Place,
    ready: &Ready,
    step: Step,
    filter: Option<&str>,
    before: Option<&str>,
) -> Outcome {
    match step {
        Step::Format => command(&mut cargo(place, "fmt --all --check")),
        Step::Lint => command(&mut cargo(
            place,
            "clippy --workspace --exclude console --all-targets -- -D warnings",
        )),
        Step::LintConsole => command(&mut cargo(
            place,
            &format!("clippy --package console --target {WASM} --all-targets -- -D warnings"),
        )),
        Step::ContractWasm => command(&mut cargo(
            place,
            &format!("check --package api --target {WASM}"),
        )),
        Step::Bundle => size(place, ready),
        Step::Native => {
            let mut cargo = cargo(place, "test --workspace --exclude console --no-fail-fast");
            cargo.env("SSO_CONSOLE_TEST_POSTGRES", &ready.postgres.url);
            tests(filter, browser(&mut cargo, ready))
        }
        Step::Web => match web(place, ready) {
            Ok(mut cargo) => tests(filter, &mut cargo),
            Err(why) => Outcome::failed(why),
        },
        Step::Clean => clean(place, before),
    }
}

/// Cargo with arguments as one types them.
fn cargo(place: &Place, arguments: &str) -> Command {
    let mut command = place.cargo();
    command.args(arguments.split_whitespace());
    command
}

/// Tells tests where the browser and npm's packages are.
fn browser<'a>(command: &'a mut Command, ready: &Ready) -> &'a mut Command {
    command
        .env("CHROMIUM", &ready.packages.chromium)
        .env("CHROMEDRIVER", &ready.packages.chromedriver)
        .env("SSO_CONSOLE_NODE", &ready.node)
}

/// The console's tests, in a browser without a window.
fn web(place: &Place, ready: &Ready) -> Result<Command> {
    let settings = place.own()?.join("webdriver.json");
    // No sandbox: as root Chromium does not start with it, and it only opens pages of ours.
    let text = format!(
        "{{\"goog:chromeOptions\": {{\"binary\": {:?}, \"args\": [\"--headless\", \"--no-sandbox\", \
         \"--disable-gpu\", \"--disable-dev-shm-usage\", \"--disable-background-networking\", \
         \"--disable-component-update\", \"--disable-sync\", \"--no-first-run\", \"--window-size=1280,900\"]}}}}\n",
        ready.packages.chromium.display().to_string()
    );
    std::fs::write(&settings, text)
        .map_err(|why| format!("Cannot write {}: {why}", settings.display()))?;
    let mut cargo = cargo(
        place,
        &format!("test --package console --target {WASM} --no-fail-fast"),
    );
    browser(&mut cargo, ready)
        .env("PATH", &ready.tools.path)
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            &ready.tools.test_runner,
        )
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings);
    Ok(cargo)
}

/// Whether the console can be built, and is small enough.
fn size(place: &Place, ready: &Ready) -> Outcome {
    let files = match console::bundle(place, &ready.tools).and_then(|_| bundle::measure(place)) {
        Ok(files) => files,
        Err(why) => {
            println!("{why}");
            return Outcome::failed("the console cannot be built, see above");
        }
    };
    for file in &files {
        println!("{:<44} {:>12}", file.name, bundle::kilobytes(file.brotli));
    }
    let sent = bundle::kilobytes(bundle::sent(&files));
    let (limit, goal) = (
        bundle::kilobytes(bundle::LIMIT),
        bundle::kilobytes(bundle::GOAL),
    );
    println!(
        "{:<44} {sent:>12}   (goal {goal}, limit {limit})",
        "brotli 11, together"
    );
    if bundle::sent(&files) <= bundle::LIMIT {
        Outcome::passed()
    } else {
        Outcome::failed(format!("{sent}, more than {limit}"))
    }
}

/// Whether the tests left the checkout as it was.
fn clean(place: &Place, before: Option<&str>) -> Outcome {
    match (before, changes(place)) {
        (Some(before), Some(after)) => {
            let new: Vec<&str> = after
                .lines()
                .filter(|line| before.lines().all(|old| old != *line))
                .collect();
            if new.is_empty() {
                return Outcome::passed();
            }
            println!("{}", new.join("\n"));
            Outcome::failed(format!("changed while the tests ran: {}", new.join(", ")))
        }
        // An unpacked archive has no git: then there is nothing that could become unclean.
        (None, None) => Outcome::passed(),
        (Some(_), None) | (None, Some(_)) => Outcome::failed("git answered only once"),
    }
}

/// What `git status` says; nothing where there is no git.
pub(super) fn changes(place: &Place) -> Option<String> {
    run::answer(place.command("git").args([
        "--no-optional-locks",
        "status",
        "--porcelain",
        "--untracked-files=all",
    ]))
}
