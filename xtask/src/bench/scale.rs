//! `cargo xtask bench scale`: a large organization on SQLite and on PostgreSQL.
//!
//! Its databases stay in `target/bench`, so that a second run measures at once.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{bench, ended, machine};
use crate::place::Place;
use crate::postgres::Postgres;
use crate::run::Result;
use crate::{packages, server};

/// `arguments` go to the bench program.
pub(super) fn print(place: &Place, arguments: &[String]) -> Result<ExitCode> {
    let program = server::dist(place)?;
    let folder = folder(place)?;
    let packages = packages::set_up(place)?;
    let postgres = Postgres::kept(place, &packages.postgres, &folder.join("postgres"))?;
    println!("\nMachine: {} · {}\n", machine(place), load());
    let status = bench(place, &program)
        .arg("scale")
        .args(arguments)
        .env("SSO_CONSOLE_BENCH_FOLDER", &folder)
        .env("SSO_CONSOLE_BENCH_POSTGRES", &postgres.url)
        .status()
        .map_err(|why| format!("Cannot start cargo: {why}"))?;
    println!("\nAfterwards: {}", load());
    Ok(ended(status.success()))
}

/// Where what took long to make is kept.
pub(super) fn folder(place: &Place) -> Result<PathBuf> {
    let folder = place.target.join("bench");
    std::fs::create_dir_all(&folder)
        .map_err(|why| format!("Cannot make {}: {why}", folder.display()))?;
    Ok(folder)
}

/// What else the machine does: figures of a busy one are not worth much.
pub(super) fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let minute = text.split(' ').next().unwrap_or("?");
    format!("load of the last minute {minute}")
}
