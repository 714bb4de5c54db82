//! How the console's code becomes small: the standard library is built anew for it, and nothing keeps words for a panic.
//!
//! A browser that meets a panic stops either way, and shows nobody what it says: that text, and all that writes it,
//! were 17 kB of what every administrator downloads. The settings are not stable in Rust yet. Where the toolchain does
//! not take one of them, or the library's sources cannot be had, the console is larger and does the same.

use std::path::Path;
use std::process::Command;

use crate::place::Place;
use crate::run;
use crate::step::{note, warn};

/// How much of it is done, from the most to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Small {
    /// With a standard library of its own.
    Whole,
    /// With the library that comes with Rust.
    Own,
    Plain,
}

/// Where a panic was, and how values look to whoever debugs.
const OWN: &str = "-Zlocation-detail=none -Zfmt-debug=none";
const WHOLE: &str =
    "-Zlocation-detail=none -Zfmt-debug=none -Zunstable-options -Cpanic=immediate-abort";

/// What can be tried here, the most first. Fetches the library's sources once.
pub(crate) fn ways(place: &Place) -> &'static [Small] {
    if has_sources(place) {
        &[Small::Whole, Small::Own, Small::Plain]
    } else {
        &[Small::Own, Small::Plain]
    }
}

fn has_sources(place: &Place) -> bool {
    let Some(sysroot) = run::answer(place.command("rustc").args(["--print", "sysroot"])) else {
        return false;
    };
    let sources = Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock");
    if sources.is_file() {
        return true;
    }
    note("adding the sources of Rust's standard library");
    match run::quiet(
        place
            .command("rustup")
            .args(["component", "add", "rust-src"]),
    ) {
        Ok(_) => sources.is_file(),
        Err(why) => {
            warn(&format!(
                "{why}\n    The console is built with the library as it comes, and is larger than it could be."
            ));
            false
        }
    }
}

impl Small {
    /// Tells cargo, and Trunk that calls it.
    pub(crate) fn tell(self, command: &mut Command) {
        const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";
        match self {
            Self::Whole => {
                command
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                    .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
                    .env(FLAGS, WHOLE);
            }
            Self::Own => {
                command.env("RUSTC_BOOTSTRAP", "1").env(FLAGS, OWN);
            }
            Self::Plain => {}
        }
    }
}
