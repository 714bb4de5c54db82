//! `cargo xtask bench`: the figures, as tables, with the machine on which they were taken.
//!
//! It must not measure the server itself: that is the program `server/examples/bench/main.rs`.

mod beside;
mod console;
mod scale;

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::bundle::{self, kilobytes};
use crate::place::Place;
use crate::run::{self, Result};
use crate::{npm, server};

/// The last one that runs on Node 20.
const LIGHTHOUSE: &str = "12.8.2";

/// Builds what is delivered and prints its figures. `arguments` go to the server's bench program.
pub(crate) fn print(place: &Place, arguments: &[String]) -> Result<ExitCode> {
    match arguments
        .split_first()
        .map(|(it, rest)| (it.as_str(), rest))
    {
        Some(("scale", rest)) => return scale::print(place, rest),
        Some(("beside", rest)) => return beside::print(place, rest),
        Some(("console", rest)) => return console::print(place, rest),
        Some(_) | None => {}
    }
    let program = server::dist(place)?;
    npm::node(place, 18)?;
    println!("\nMachine: {}\n", machine(place));
    sizes(place)?;
    println!();
    if !place.root.join("server/examples/bench/main.rs").exists() {
        return Err(
            "There is no server/examples/bench/main.rs: the server's figures cannot be taken."
                .to_owned(),
        );
    }
    let status = bench(place, &program)
        .args(arguments)
        .status()
        .map_err(|why| format!("Cannot start cargo: {why}"))?;
    println!();
    let seen = in_browser(place, &program, "lighthouse.mjs", &[])?;
    Ok(ended(status.success() && seen))
}

fn ended(is_well: bool) -> ExitCode {
    if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The server's bench program; its arguments are still to come.
fn bench(place: &Place, program: &Path) -> Command {
    let mut bench = place.cargo();
    bench.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "server",
        "--example",
        "bench",
        "--",
    ]);
    bench.env("SSO_CONSOLE_BINARY", program);
    bench
}

/// Runs a script of `tests/node` with the program, the folder of Lighthouse (and of the browser's
/// driver that comes with it) and Chromium; whether it could.
fn in_browser(place: &Place, program: &Path, script: &str, more: &[String]) -> Result<bool> {
    let folder = place.cache.join(format!("lighthouse-{LIGHTHOUSE}"));
    npm::package(place, "lighthouse", LIGHTHOUSE, &folder)?;
    let chromium = place
        .program(&["chromium", "google-chrome"])
        .ok_or("There is no Chromium in PATH: install Debian's package chromium.")?;
    let mut node = place.command(&npm::node(place, 20)?);
    node.arg(place.root.join("tests/node").join(script))
        .args([program, &folder, &chromium])
        .args(more);
    let status = node
        .status()
        .map_err(|why| format!("Cannot start Node: {why}"))?;
    Ok(status.success())
}

fn sizes(place: &Place) -> Result<()> {
    let files = bundle::measure(place)?;
    println!("| console | raw | brotli 11 |");
    println!("|---|--:|--:|");
    for file in &files {
        println!(
            "| {} | {} | {} |",
            file.name,
            kilobytes(file.raw),
            kilobytes(file.brotli)
        );
    }
    let sent = bundle::sent(&files);
    let raw = files.iter().map(|file| file.raw).sum();
    println!("| **all** | {} | **{}** |", kilobytes(raw), kilobytes(sent));
    let verdict = match sent {
        0..=bundle::GOAL => "reached",
        _ if sent <= bundle::LIMIT => "within the limit, short of the goal",
        _ => "over the limit",
    };
    println!(
        "\nGoal {}, limit {}: {verdict}.",
        kilobytes(bundle::GOAL),
        kilobytes(bundle::LIMIT)
    );
    Ok(())
}

/// One line: processor, cores, memory, kernel, compiler.
fn machine(place: &Place) -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cores = std::thread::available_parallelism()
        .map_or_else(|_| "?".to_owned(), |cores| cores.to_string());
    let memory = field(&read("/proc/meminfo"), "MemTotal").and_then(|text| gibibytes(&text));
    let parts = [
        field(&read("/proc/cpuinfo"), "model name"),
        Some(format!("{cores} cores")),
        memory.map(|size| format!("{size} GiB")),
        run::answer(place.command("uname").arg("-sr")),
        run::answer(place.command("rustc").arg("--version")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The first `name : value` of a file under /proc.
fn field(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim().to_owned())
    })
}

fn gibibytes(text: &str) -> Option<u64> {
    let kibibytes: u64 = text.strip_suffix(" kB")?.trim().parse().ok()?;
    Some((kibibytes + 512 * 1024) / (1024 * 1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_is_read_from_proc() {
        let text = "processor\t: 0\nmodel name\t: A Processor @ 2 GHz\nmodel name\t: Another\n";
        assert_eq!(
            field(text, "model name").as_deref(),
            Some("A Processor @ 2 GHz")
        );
        assert_eq!(field(text, "cache size"), None);
        assert_eq!(gibibytes("24655640 kB"), Some(24));
    }
}
