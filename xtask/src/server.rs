//! Builds the server with the console inside, starts its demonstration, and makes the one file to run for real.
//!
//! It must not know what the server does.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::place::Place;
use crate::run::{self, Result};
use crate::step::step;
use crate::{console, tools};

/// `cargo xtask demo`: everything that it takes, then the demonstration in this process's place, so that Ctrl-C
/// reaches it and nothing stays behind.
pub(crate) fn demo(place: &Place, arguments: &[String]) -> Result<ExitCode> {
    let program = build(place, "release")?;
    println!();
    let why = std::process::Command::new(&program)
        .arg("demo")
        .args(arguments)
        .exec();
    Err(format!("Cannot start {}: {why}", program.display()))
}

/// `cargo xtask dist`: `target/dist/sso-console`, with the console inside.
pub(crate) fn dist(place: &Place) -> Result<PathBuf> {
    let program = build(place, "shipped")?;
    let folder = place.target.join("dist");
    let file = folder.join("sso-console");
    let new = folder.join("sso-console.new");
    // By way of a new file: the old one may be running.
    let copied = std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::copy(&program, &new))
        .and_then(|_| std::fs::rename(&new, &file))
        .and_then(|()| file.metadata());
    let size = copied
        .map_err(|why| format!("Cannot write {}: {why}", file.display()))?
        .len();
    println!(
        "\n{}  {}.{} MB",
        file.display(),
        size / 1_000_000,
        size / 100_000 % 10
    );
    Ok(file)
}

/// Sets up the tools and builds console and server, the server by this profile. Gives the server's program.
fn build(place: &Place, profile: &str) -> Result<PathBuf> {
    let tools = tools::set_up(place)?;
    step("console, release", || console::bundle(place, &tools))?;
    step(&format!("server, {profile}"), || {
        let mut build = place.cargo();
        build.args([
            "build",
            "--profile",
            profile,
            "--package",
            "server",
            "--bin",
            "sso-console",
        ]);
        run::quiet(&mut build)
    })?;
    Ok(place.built.join(profile).join("sso-console"))
}
