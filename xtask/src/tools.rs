//! What building the console takes besides Rust: the wasm target, Trunk, wasm-bindgen, wasm-opt.
//!
//! They live in the user's cache folder, one folder a version, and are built or fetched once for all checkouts. It
//! must not know what is built with them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::place::{self, Place};
use crate::run::{self, Result};
use crate::step::{note, step, warn};
use crate::{lock, npm};

/// Rust's name for what browsers run.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132.0.0";

/// The tools, ready to use.
pub(crate) struct Tools {
    /// PATH with the tools before everything else.
    pub(crate) path: OsString,
    /// One word a tool: who builds with another tool builds something else.
    pub(crate) versions: String,
    /// Runs the console's tests in a browser.
    pub(crate) test_runner: PathBuf,
}

/// Sets up what is missing, one step a tool.
pub(crate) fn set_up(place: &Place) -> Result<Tools> {
    step("wasm target", || wasm_target(place))?;
    let bindgen = locked_version(place, "wasm-bindgen")?;
    let trunk = step(&format!("trunk {TRUNK}"), || {
        cargo_tool(
            place,
            &Tool {
                package: "trunk",
                program: "trunk",
                version: TRUNK,
                locked: true,
            },
        )
    })?;
    // Its lock file names a version that was withdrawn: cargo has to choose by itself.
    let tool = Tool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: &bindgen,
        locked: false,
    };
    let bindgen_folder = step(&format!("wasm-bindgen {bindgen}"), || {
        cargo_tool(place, &tool)
    })?;
    let (optimizer, optimizer_version) = step("wasm-opt", || wasm_opt(place))?;
    let rustc = run::answer(place.command("rustc").arg("--version")).unwrap_or_default();
    Ok(Tools {
        test_runner: bindgen_folder.join("wasm-bindgen-test-runner"),
        versions: format!(
            "trunk {TRUNK}, wasm-bindgen {bindgen}, wasm-opt {optimizer_version}, {rustc}"
        ),
        path: place.path_with(&[trunk, bindgen_folder, optimizer])?,
    })
}

fn wasm_target(place: &Place) -> Result<()> {
    // Asking rustc finds a target that came another way than by rustup, too.
    let sysroot = run::answer(place.command("rustc").args(["--print", "sysroot"]))
        .ok_or("There is no rustc in PATH: install Rust from https://rustup.rs.")?;
    if Path::new(&sysroot)
        .join("lib/rustlib")
        .join(WASM)
        .join("lib")
        .is_dir()
    {
        return Ok(());
    }
    note(&format!("adding Rust's {WASM} target"));
    run::quiet(place.command("rustup").args(["target", "add", WASM])).map(|_| ()).map_err(|why| {
        format!(
            "{why}\n\nRust's target {WASM} is missing and cannot be added.\n\
             With rustup and a network: `rustup target add {WASM}`.\n\
             Rust from a distribution: install its package with the wasm32 standard library, or rustup."
        )
    })
}

/// The version of `package` in Cargo.lock.
fn locked_version(place: &Place, package: &str) -> Result<String> {
    let path = place.root.join("Cargo.lock");
    let text = std::fs::read_to_string(&path)
        .map_err(|why| format!("Cannot read {}: {why}", path.display()))?;
    version_in(&text, package)
        .ok_or_else(|| format!("Cargo.lock names no {package}: the checkout is not complete."))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let wanted = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != wanted);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
        .map(str::to_owned)
}

/// A program that cargo builds from crates.io.
struct Tool<'a> {
    package: &'a str,
    program: &'a str,
    version: &'a str,
    /// With the dependencies that its authors locked.
    locked: bool,
}

/// The folder with the tool's program.
fn cargo_tool(place: &Place, tool: &Tool<'_>) -> Result<PathBuf> {
    let folder = place.cache.join(format!(
        "{}-{}",
        tool.package.trim_end_matches("-cli"),
        tool.version
    ));
    let programs = folder.join("bin");
    if is_there(place, &programs.join(tool.program), tool.version) {
        return Ok(programs);
    }
    let _held = lock::hold(&place.cache.join("lock"))?;
    if is_there(place, &programs.join(tool.program), tool.version) {
        return Ok(programs);
    }
    note(&format!(
        "building {} {}, once and for all checkouts: some minutes",
        tool.package, tool.version
    ));
    let build = place.cache.join("build");
    let mut install = place.cargo();
    // Outside the checkout: its cargo settings are for its own packages.
    install
        .current_dir(&place.cache)
        .args(["install", tool.package, "--force", "--root"])
        .arg(&folder);
    install.arg("--version").arg(format!("={}", tool.version));
    if tool.locked {
        install.arg("--locked");
    }
    // Its speed matters less than how long a new user waits for it.
    install
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off");
    install
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .env("CARGO_TARGET_DIR", &build);
    let installed = run::quiet(&mut install);
    // What it left is some hundred megabytes; that it cannot be removed stops nobody.
    let _ = std::fs::remove_dir_all(&build);
    installed.map_err(|why| {
        format!(
            "{why}\n\n{} {} could not be built. It takes a C compiler (Debian: `apt-get install build-essential`) and \
             a network; then run this again.",
            tool.package, tool.version
        )
    })?;
    Ok(programs)
}

/// Whether `program` is there and is of this version; one that was half written does not answer.
fn is_there(place: &Place, program: &Path, version: &str) -> bool {
    place::is_program(program)
        && run::answer(place.command(program).arg("--version"))
            .is_some_and(|answer| answer.split_whitespace().any(|word| word == version))
}

/// The folder with `wasm-opt` and its version. Without Node a stand-in that copies: the console then is larger.
fn wasm_opt(place: &Place) -> Result<(PathBuf, &'static str)> {
    let folder = place.cache.join(format!("binaryen-{BINARYEN}"));
    let programs = folder.join("node_modules/.bin");
    let why_not = match npm::node(place, 18) {
        Ok(_) if programs.join("wasm-opt").exists() => return Ok((programs, BINARYEN)),
        Ok(_) => match npm::package(place, "binaryen", BINARYEN, &folder) {
            Ok(()) => return Ok((programs, BINARYEN)),
            Err(why) => why,
        },
        Err(why) => why,
    };
    warn(&format!(
        "{why_not}\n    The console is built without wasm-opt, and is larger than it could be."
    ));
    stand_in(place).map(|folder| (folder, "none"))
}

/// A `wasm-opt` that leaves the file as it is: index.html asks Trunk for one, and Trunk must not fetch it.
fn stand_in(place: &Place) -> Result<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    const SCRIPT: &str = "#!/bin/sh\n\
        # Stands in for wasm-opt where there is no Node: copies.\n\
        [ \"$1\" = --version ] && { echo 'wasm-opt version 0 (none)'; exit; }\n\
        for word; do case $word in --output=*) to=${word#--output=} ;; -*) ;; *) from=$word ;; esac; done\n\
        exec cp \"$from\" \"$to\"\n";
    let folder = place.own()?.join("no-wasm-opt");
    let path = folder.join("wasm-opt");
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&path, SCRIPT))
        .and_then(|()| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)))
        .map_err(|why| format!("Cannot write {}: {why}", path.display()))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"registry\"\n\n\
                        [[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n";

    #[test]
    fn a_version_is_found_by_the_whole_name() {
        assert_eq!(version_in(LOCK, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(
            version_in(LOCK, "wasm-bindgen-futures").as_deref(),
            Some("0.4.80")
        );
        assert_eq!(version_in(LOCK, "bindgen"), None);
    }
}
