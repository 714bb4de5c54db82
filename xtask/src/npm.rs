//! Node, and packages from npm, each set in a folder of the user's cache.
//!
//! Knows npm. It must not know what the packages are for.

use std::path::{Path, PathBuf};

use crate::place::Place;
use crate::run::{self, Result};
use crate::step::note;
use crate::{lock, stamp};

/// Node's program, at least of this major version. Fails with what to install.
pub(crate) fn node(place: &Place, major: u32) -> Result<PathBuf> {
    let advice = format!(
        "Install Node {} or newer with npm (https://nodejs.org).",
        major.max(20)
    );
    let node = place
        .program(&["node"])
        .ok_or_else(|| format!("There is no Node in PATH. {advice}"))?;
    place
        .program(&["npm"])
        .ok_or_else(|| format!("There is Node in PATH and no npm. {advice}"))?;
    let version = run::answer(place.command(&node).arg("--version")).unwrap_or_default();
    match major_of(&version) {
        Some(present) if present >= major => Ok(node),
        Some(_) | None => Err(format!(
            "{} is version {version:?}. {advice}",
            node.display()
        )),
    }
}

fn major_of(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// One package of one version, with its programs in `folder/node_modules/.bin`.
pub(crate) fn package(place: &Place, name: &str, version: &str, folder: &Path) -> Result<()> {
    whole(place, folder, |new| {
        note(&format!("fetching {name} {version} from npm"));
        let mut install = place.command("npm");
        install
            .args([
                "install",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--prefix",
            ])
            .arg(new);
        install.arg(format!("{name}@{version}"));
        run::quiet(&mut install).map(|_| ())
    })
}

/// The packages that `folder/package-lock.json` in the checkout pins, linked as `folder/node_modules`. They are in
/// the cache under the lock file's fingerprint, so a second checkout fetches nothing.
pub(crate) fn locked(place: &Place, folder: &str) -> Result<PathBuf> {
    let (here, cached) = (place.root.join(folder), kept(place, folder)?);
    link(&cached.join("node_modules"), &here.join("node_modules"))?;
    Ok(here)
}

/// The packages that `folder/package-lock.json` in the checkout pins; the folder in the cache that has them as
/// `node_modules`.
pub(crate) fn kept(place: &Place, folder: &str) -> Result<PathBuf> {
    const DESCRIPTIONS: [&str; 2] = ["package.json", "package-lock.json"];
    let here = place.root.join(folder);
    let cached = place
        .cache
        .join(format!("npm-{}", stamp::of(&here, &DESCRIPTIONS, &[])?));
    whole(place, &cached, |new| {
        note(&format!(
            "fetching the packages of {folder}/package-lock.json from npm"
        ));
        for name in DESCRIPTIONS {
            let copied = std::fs::copy(here.join(name), new.join(name));
            copied.map_err(|why| {
                format!("Cannot copy {folder}/{name} to {}: {why}", new.display())
            })?;
        }
        let mut install = place.command("npm");
        install
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(new);
        run::quiet(&mut install).map(|_| ()).map_err(|why| {
            format!("{why}\n\nnpm's packages cannot be fetched: with a network, run this again.")
        })
    })?;
    Ok(cached)
}

/// Fills `folder` by way of a new one beside it: a run that was stopped half way leaves nothing that looks complete.
fn whole(place: &Place, folder: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let _held = lock::hold(&place.cache.join("lock"))?;
    if folder.is_dir() {
        return Ok(());
    }
    let new = folder.with_extension("new");
    let problem = |why: std::io::Error| format!("Cannot make {}: {why}", folder.display());
    if new.exists() {
        std::fs::remove_dir_all(&new).map_err(problem)?;
    }
    std::fs::create_dir_all(&new).map_err(problem)?;
    fill(&new)?;
    std::fs::rename(&new, folder).map_err(problem)
}

/// Makes `link` point to `to`, whatever it was before.
fn link(to: &Path, link: &Path) -> Result<()> {
    if std::fs::read_link(link).is_ok_and(|present| present == to) {
        return Ok(());
    }
    let problem =
        |why: std::io::Error| format!("Cannot link {} to {}: {why}", link.display(), to.display());
    match std::fs::symlink_metadata(link) {
        Ok(present) if present.is_dir() => std::fs::remove_dir_all(link).map_err(problem)?,
        Ok(_) => std::fs::remove_file(link).map_err(problem)?,
        Err(_) => {}
    }
    std::os::unix::fs::symlink(to, link).map_err(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_major_version_is_read() {
        assert_eq!(major_of("v20.20.2"), Some(20));
        assert_eq!(major_of("v8.0.0"), Some(8));
        assert_eq!(major_of(""), None);
    }
}
