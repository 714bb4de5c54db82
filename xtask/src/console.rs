//! Builds the console with Trunk, unless nothing changed since the last time.
//!
//! Knows Trunk and what goes into the console. It must not know who serves it.

use std::path::Path;

use crate::place::Place;
use crate::run::{self, Result};
use crate::small::{self, Small};
use crate::step::warn;
use crate::tools::{Tools, WASM};
use crate::{lock, names, stamp, style};

/// Everything that goes into the console; its tests do not.
const INPUTS: [&str; 16] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "api/Cargo.toml",
    "api/derive",
    "api/src",
    "index.html",
    "locales",
    "public",
    "src",
    "style",
    "xtask/src/console.rs",
    "xtask/src/names.rs",
    "xtask/src/small.rs",
    "xtask/src/style.rs",
];

/// The place for a nonce in what `trunk serve` sends, as Trunk.toml spells it. The server has none to put there: it names
/// the start script by its hash.
const NONCE: &str = " nonce=\"{{__TRUNK_NONCE__}}\"";

/// Makes `target/console` what the sources say. Gives whether it had to be built.
pub(crate) fn bundle(place: &Place, tools: &Tools) -> Result<bool> {
    let own = place.own()?;
    let _held = lock::hold(&own.join("console.lock"))?;
    // The server's build script reads the folder also when the console could not be built.
    std::fs::create_dir_all(place.web())
        .map_err(|why| format!("Cannot make {}: {why}", place.web().display()))?;
    let written = own.join("console.stamp");
    let page = place.web().join("index.html");
    let inputs = stamp::of(&place.root, &INPUTS, &[&tools.versions])?;
    if std::fs::read_to_string(&written)
        .is_ok_and(|present| Ok(present) == whole_stamp(place, &inputs))
    {
        return Ok(false);
    }
    style::write(place)?;
    let mut ways = small::ways(place).iter();
    while let Some(way) = ways.next() {
        match build(place, tools, *way) {
            Ok(()) => break,
            Err(why) if ways.as_slice().is_empty() => return Err(why),
            Err(why) => warn(&format!(
                "{why}\n    The console is built again in the usual way, and is larger than it could be."
            )),
        }
    }
    without_nonce(&page)?;
    with_short_names(place, &page)?;
    let stamp = whole_stamp(place, &inputs)?;
    std::fs::write(&written, stamp)
        .map_err(|why| format!("Cannot write {}: {why}", written.display()))?;
    Ok(true)
}

fn build(place: &Place, tools: &Tools, way: Small) -> Result<()> {
    // Trunk is kept from the network, and keeps cargo from it: what cargo needs has to be there before.
    let mut fetch = place.cargo();
    fetch.args(["fetch", "--target", WASM]);
    way.tell(&mut fetch);
    run::quiet(&mut fetch)?;
    let mut trunk = place.command("trunk");
    trunk.env("PATH", &tools.path);
    trunk.args("build --release --offline --cargo-profile wasm --dist".split(' '));
    trunk.arg(place.web());
    // Trunk takes only `true` and `false` for this one, where everybody else takes any value.
    trunk.env_remove("NO_COLOR").env_remove("RUST_BACKTRACE");
    way.tell(&mut trunk);
    run::quiet(&mut trunk).map(|_| ())
}

/// What went in, and what came out: somebody may have built something else into the folder, or emptied it.
fn whole_stamp(place: &Place, inputs: &str) -> Result<String> {
    Ok(format!(
        "{inputs} {}",
        stamp::of(&place.target, &["console"], &[])?
    ))
}

/// Trunk calls both files by a hash of what they were; what they are now has another.
fn with_short_names(place: &Place, page: &Path) -> Result<()> {
    let problem = |why: std::io::Error| format!("Trunk left no whole console: {why}");
    let folder = place.web();
    let text = std::fs::read_to_string(page).map_err(problem)?;
    let hash = text
        .split("/console-")
        .filter_map(|it| it.split_once("_bg.wasm"))
        .map(|(hash, _)| hash)
        .find(|hash| hash.bytes().all(|it| it.is_ascii_hexdigit()))
        .ok_or("Trunk's page names no WebAssembly.")?;
    let old = ["_bg.wasm", ".js"].map(|end| folder.join(format!("console-{hash}{end}")));
    let wasm = std::fs::read(&old[0]).map_err(problem)?;
    let js = std::fs::read_to_string(&old[1]).map_err(problem)?;
    let (wasm, js) = names::shorten(&wasm, &js)?;
    std::fs::write(&old[0], wasm).map_err(problem)?;
    std::fs::write(&old[1], js).map_err(problem)?;
    let new = stamp::of(&place.target, &["console"], &[])?;
    for (old, end) in old.iter().zip(["_bg.wasm", ".js"]) {
        std::fs::rename(old, folder.join(format!("console-{new}{end}"))).map_err(problem)?;
    }
    std::fs::write(page, text.replace(hash, &new)).map_err(problem)
}

fn without_nonce(page: &Path) -> Result<()> {
    let problem = |why: std::io::Error| format!("Trunk did not write {}: {why}", page.display());
    let text = std::fs::read_to_string(page).map_err(problem)?;
    let text = text.replace(NONCE, "");
    if text.contains(" nonce=") {
        return Err(
            "Trunk.toml's nonce_placeholder is not the one in xtask/src/console.rs.".to_owned(),
        );
    }
    std::fs::write(page, text).map_err(problem)
}
