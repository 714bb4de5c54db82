//! `cargo xtask bench beside`: the same users in better-auth's admin API and in Django's admin.
//!
//! Both come from their registries, in the versions that `tests/beside` pins, into `target/bench`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{bench, ended, machine, scale};
use crate::place::Place;
use crate::run::{self, Result};
use crate::step::note;
use crate::{npm, server, stamp};

/// `arguments` go to the bench program.
pub(super) fn print(place: &Place, arguments: &[String]) -> Result<ExitCode> {
    let program = server::dist(place)?;
    let folder = scale::folder(place)?;
    let scripts = place.root.join("tests/beside");
    let node = npm::node(place, 20)?;
    let modules = npm::kept(place, "tests/beside")?;
    let python = python(place, &scripts, &folder)?;
    println!("\nMachine: {} · {}\n", machine(place), scale::load());
    let status = bench(place, &program)
        .arg("beside")
        .args(arguments)
        .env("SSO_CONSOLE_BENCH_FOLDER", &folder)
        .env("SSO_CONSOLE_BENCH_BESIDE", &scripts)
        .env("SSO_CONSOLE_BENCH_NODE", node)
        .env("SSO_CONSOLE_BENCH_NODE_MODULES", modules)
        .env("SSO_CONSOLE_BENCH_PYTHON", python)
        .status()
        .map_err(|why| format!("Cannot start cargo: {why}"))?;
    println!("\nAfterwards: {}", scale::load());
    Ok(ended(status.success()))
}

/// The Python of an environment with what `requirements.txt` pins.
fn python(place: &Place, scripts: &Path, folder: &Path) -> Result<PathBuf> {
    let stamp = stamp::of(scripts, &["requirements.txt"], &[])?;
    let environment = folder.join(format!("python-{stamp}"));
    let python = environment.join("bin/python");
    let done = environment.join("complete");
    if done.exists() {
        return Ok(python);
    }
    let python3 = place.program(&["python3"]).ok_or(
        "There is no python3 in PATH: install Debian's packages python3 and python3-venv.",
    )?;
    note("fetching Django from PyPI");
    run::quiet(
        place
            .command(python3)
            .args(["-m", "venv", "--clear"])
            .arg(&environment),
    )?;
    let mut install = place.command(&python);
    install.args(["-m", "pip", "install", "--quiet", "--requirement"]);
    install.arg(scripts.join("requirements.txt"));
    run::quiet(&mut install)?;
    std::fs::write(&done, "").map_err(|why| format!("Cannot write {}: {why}", done.display()))?;
    Ok(python)
}
