//! Where things are: the checkout, cargo's target folder, the user's cache of tools; and commands that run there.
//!
//! Knows folders and the environment that `main` handed over. It must not know what is built.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::Result;

/// The folders of one checkout on one machine.
pub(crate) struct Place {
    /// The checkout: the folder of the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// Where cargo builds: `CARGO_TARGET_DIR`, or `target` in the checkout.
    pub(crate) built: PathBuf,
    /// What xtask makes itself; always `target` in the checkout, because Trunk.toml and index.html name it.
    pub(crate) target: PathBuf,
    /// Tools that every checkout of this user shares.
    pub(crate) cache: PathBuf,
    /// For what lives only as long as this run.
    pub(crate) temporary: PathBuf,
    environment: BTreeMap<OsString, OsString>,
}

impl Place {
    /// Works the folders out from the environment. Fails when there is neither `XDG_CACHE_HOME` nor `HOME`.
    pub(crate) fn find(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        temporary: PathBuf,
    ) -> Result<Self> {
        let environment: BTreeMap<_, _> = environment.into_iter().collect();
        let folder = |name: &str| {
            environment
                .get(OsStr::new(name))
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        // Cargo says at run time where the package is: a checkout that was moved would have the old path compiled in.
        let package = folder("CARGO_MANIFEST_DIR")
            .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let root = package
            .parent()
            .ok_or("xtask is not inside a checkout: run it as `cargo xtask`.")?
            .to_path_buf();
        let cache = folder("XDG_CACHE_HOME")
            .or_else(|| folder("HOME").map(|home| home.join(".cache")))
            .ok_or("Neither XDG_CACHE_HOME nor HOME is set: set one, the tools are kept in a cache folder.")?
            .join("sso-console-tools");
        let target = root.join("target");
        let built =
            folder("CARGO_TARGET_DIR").map_or_else(|| target.clone(), |given| root.join(given));
        Ok(Self {
            root,
            built,
            target,
            cache,
            temporary,
            environment,
        })
    }

    /// A variable of the environment, when it is set and not empty.
    pub(crate) fn variable(&self, name: &str) -> Option<&OsStr> {
        self.environment
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
            .filter(|value| !value.is_empty())
    }

    /// A command that runs in the checkout, without the variables by which cargo described xtask itself: a build
    /// script of another package that watches one of them would run again for nothing.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        for name in self
            .environment
            .keys()
            .filter(|name| describes_package(name))
        {
            command.env_remove(name);
        }
        command
    }

    /// The cargo that started xtask, with the console's folder, which the server's build script embeds: the same in
    /// every call, or cargo would build the server again each time the variable comes and goes.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = self.command(self.variable("CARGO").unwrap_or(OsStr::new("cargo")));
        command.env("SSO_CONSOLE_WEB", self.web());
        command
    }

    /// The console as Trunk made it: what the server embeds.
    pub(crate) fn web(&self) -> PathBuf {
        self.target.join("console")
    }

    /// Where xtask keeps what only xtask reads: stamps, locks, logs.
    pub(crate) fn own(&self) -> Result<PathBuf> {
        let folder = self.target.join("xtask");
        std::fs::create_dir_all(&folder)
            .map_err(|why| format!("Cannot make {}: {why}", folder.display()))?;
        Ok(folder)
    }

    /// The first of `names` that can be run from the user's PATH.
    pub(crate) fn program(&self, names: &[&str]) -> Option<PathBuf> {
        let path = self.variable("PATH")?;
        names.iter().find_map(|name| {
            std::env::split_paths(path)
                .map(|folder| folder.join(name))
                .find(|candidate| is_program(candidate))
        })
    }

    /// PATH with `first` before what the user has.
    pub(crate) fn path_with(&self, first: &[PathBuf]) -> Result<OsString> {
        let rest = self
            .variable("PATH")
            .map(|path| std::env::split_paths(path).collect::<Vec<_>>())
            .unwrap_or_default();
        std::env::join_paths(first.iter().cloned().chain(rest))
            .map_err(|why| format!("A folder's name cannot be part of PATH: {why}"))
    }
}

/// Whether a file is there that somebody may execute.
pub(crate) fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

fn describes_package(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| {
        name.starts_with("CARGO_PKG_")
            || name.starts_with("CARGO_MANIFEST_")
            || name == "CARGO_PRIMARY_PACKAGE"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(variables: &[(&str, &str)]) -> Result<Place> {
        let variables = variables
            .iter()
            .map(|(name, value)| (OsString::from(name), OsString::from(value)));
        Place::find(variables, PathBuf::from("/tmp"))
    }

    #[test]
    fn the_cache_is_where_the_user_keeps_caches() {
        let by_home = place(&[("HOME", "/people/ada")]).expect("HOME is enough");
        assert_eq!(
            by_home.cache,
            Path::new("/people/ada/.cache/sso-console-tools")
        );
        let by_xdg =
            place(&[("HOME", "/people/ada"), ("XDG_CACHE_HOME", "/big")]).expect("both are set");
        assert_eq!(by_xdg.cache, Path::new("/big/sso-console-tools"));
        assert!(place(&[("HOME", "")]).is_err(), "an empty HOME is none");
    }

    #[test]
    fn the_checkout_is_the_folder_above_the_package() {
        let place = place(&[("HOME", "/h"), ("CARGO_MANIFEST_DIR", "/code/sso/xtask")])
            .expect("HOME is enough");
        assert_eq!(place.root, Path::new("/code/sso"));
        assert_eq!(place.web(), Path::new("/code/sso/target/console"));
        assert_eq!(place.built, Path::new("/code/sso/target"));
    }

    #[test]
    fn another_target_folder_moves_what_cargo_builds_and_nothing_else() {
        let variables = [
            ("HOME", "/h"),
            ("CARGO_MANIFEST_DIR", "/code/xtask"),
            ("CARGO_TARGET_DIR", "/fast"),
        ];
        let place = place(&variables).expect("HOME is enough");
        assert_eq!(
            (place.built.as_path(), place.target.as_path()),
            (Path::new("/fast"), Path::new("/code/target"))
        );
    }
}
