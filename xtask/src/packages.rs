//! The system's packages that tests need: Chromium with its driver, PostgreSQL, the fonts in which widths are measured.
//!
//! Root on Debian gets them installed; everybody else gets told what to install. It must not know what the tests do
//! with them.

use std::path::{Path, PathBuf};

use crate::place::{self, Place};
use crate::run::{self, Result};
use crate::step::note;

/// The programs, found.
pub(crate) struct Packages {
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
    /// The folder with `initdb`, `postgres` and `pg_isready`.
    pub(crate) postgres: PathBuf,
}

/// One program and the Debian package that has it.
struct Wanted {
    package: &'static str,
    found: Option<PathBuf>,
}

/// Finds the programs, installing what is missing where that is possible.
pub(crate) fn set_up(place: &Place) -> Result<Packages> {
    if let Ok(packages) = find(place) {
        return Ok(packages);
    }
    let missing: Vec<&str> = wanted(place)
        .iter()
        .filter(|one| one.found.is_none())
        .map(|one| one.package)
        .collect();
    let missing = missing.join(" ");
    let debian = Path::new("/etc/debian_version").exists() && place.program(&["apt-get"]).is_some();
    if !debian || !is_root(place) {
        return Err(format!(
            "The tests need what these Debian packages have, and it is missing: {missing}\n\
             Debian: `sudo apt-get install {missing}`; elsewhere: the same programs in PATH \
             (CHROMIUM and CHROMEDRIVER may name them)."
        ));
    }
    note(&format!("installing {missing} with apt-get"));
    let apt = |arguments: &[&str]| {
        run::quiet(
            place
                .command("apt-get")
                .env("DEBIAN_FRONTEND", "noninteractive")
                .args(arguments),
        )
    };
    apt(&["update", "-q"])
        .and_then(|_| {
            let mut arguments = vec!["install", "-q", "-y", "--no-install-recommends"];
            arguments.extend(missing.split(' '));
            apt(&arguments)
        })
        .map_err(|why| {
            format!(
                "{why}\n\nInstall them yourself, then run this again: apt-get install {missing}"
            )
        })?;
    find(place)
}

fn find(place: &Place) -> Result<Packages> {
    let [chromium, chromedriver, postgres, fonts @ ..] = wanted(place).map(|one| {
        one.found.ok_or_else(|| {
            format!(
                "{} is installed, and what the tests need of it is not found: a program in PATH, or a font.",
                one.package
            )
        })
    });
    for font in fonts {
        font?;
    }
    Ok(Packages {
        chromium: chromium?,
        chromedriver: chromedriver?,
        postgres: postgres?,
    })
}

fn wanted(place: &Place) -> [Wanted; 6] {
    [
        Wanted {
            package: "chromium",
            found: named(place, "CHROMIUM")
                .or_else(|| place.program(&["chromium", "chromium-browser", "google-chrome"])),
        },
        Wanted {
            package: "chromium-driver",
            found: named(place, "CHROMEDRIVER").or_else(|| place.program(&["chromedriver"])),
        },
        Wanted {
            package: "postgresql",
            found: postgres(place),
        },
        // Pages are measured in these, whatever font a machine would choose by itself.
        Wanted {
            package: "fonts-dejavu-core",
            found: font(place, "DejaVuSans.").and(font(place, "DejaVuSansMono.")),
        },
        Wanted {
            package: "fonts-liberation",
            found: font(place, "LiberationSans-Regular."),
        },
        Wanted {
            package: "fonts-inter",
            found: font(place, "Inter-Regular.").or_else(|| font(place, "Inter.tt")),
        },
    ]
}

/// The first file of a font whose name begins so, in the folders that systems have for them.
fn font(place: &Place, start: &str) -> Option<PathBuf> {
    let home = place.variable("HOME").map(PathBuf::from);
    let own = [".fonts", ".local/share/fonts", "Library/Fonts"];
    let own = home
        .iter()
        .flat_map(|home| own.map(|folder| home.join(folder)));
    let shared = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/Library/Fonts",
    ];
    let mut folders: Vec<PathBuf> = shared.into_iter().map(PathBuf::from).chain(own).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(start) {
                return Some(entry.path());
            }
            if entry.file_type().is_ok_and(|it| it.is_dir()) {
                folders.push(entry.path());
            }
        }
    }
    None
}

/// A program that the person at the terminal named.
fn named(place: &Place, variable: &str) -> Option<PathBuf> {
    place
        .variable(variable)
        .map(PathBuf::from)
        .filter(|path| place::is_program(path))
}

/// Debian keeps PostgreSQL's programs out of PATH, one folder a version: the newest.
fn postgres(place: &Place) -> Option<PathBuf> {
    let complete = |folder: &PathBuf| {
        ["initdb", "postgres", "pg_isready"]
            .iter()
            .all(|name| place::is_program(&folder.join(name)))
    };
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(_, folder)| complete(folder))
        .collect();
    folders.sort();
    folders.pop().map(|(_, folder)| folder).or_else(|| {
        let folder = place.program(&["initdb"])?.parent()?.to_path_buf();
        Some(folder).filter(complete)
    })
}

/// Whether this is root, who may install packages and whom PostgreSQL refuses.
pub(crate) fn is_root(place: &Place) -> bool {
    run::answer(place.command("id").arg("-u")).as_deref() == Some("0")
}
