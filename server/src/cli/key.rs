//! The encryption key's file: made once, read at every start, kept apart from backups.

mod rotate;

use std::{
    fs::File,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::{Args, Subcommand};
use zeroize::Zeroizing;

use crate::{
    clock::system_entropy,
    private_files,
    sealing::{Key, Sealing},
};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Options {
    /// File to write; an existing file is never replaced.
    #[arg(required = true)]
    file: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Re-encrypt all stored secrets with a new key; safe to run again.
    Rotate(rotate::Rotation),
}

/// `sso-console key FILE`, `sso-console key rotate …`.
pub(super) fn run(options: Options) -> Result<(), String> {
    match (options.command, options.file) {
        (Some(Command::Rotate(options)), _) => rotate::run(options),
        (None, Some(file)) => {
            create(&file)?;
            super::say(&format!(
                "{} has a new encryption key. Keep a copy of it apart from the database's backups.",
                file.display()
            ));
            Ok(())
        }
        (None, None) => Err("key takes the name of the file to write".into()),
    }
}

/// Makes a new key, readable by the owner alone. Never replaces one: what it sealed would be lost.
pub(super) fn create(path: &Path) -> Result<Key, String> {
    let key: Key = Zeroizing::new(system_entropy().bytes());
    let text = Zeroizing::new(format!("{}\n", STANDARD.encode(key.as_slice())));
    private_files::create_new(path)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .map_err(|error| {
            let path = path.display();
            if error.kind() == std::io::ErrorKind::AlreadyExists {
                format!(
                    "the encryption key {path} is there already and is not replaced; give another file"
                )
            } else {
                format!(
                    "the encryption key {path} cannot be made: {error}; check that its folder exists \
                     and may be written"
                )
            }
        })?;
    Ok(key)
}

/// Reads the keys of a file: one a line, the first one seals.
pub(super) fn read(path: &Path) -> Result<Sealing, String> {
    let keys = keys(path)?;
    let (first, more) = keys.split_first().ok_or_else(|| unreadable(path))?;
    Ok(Sealing::new(first, more, &path.display().to_string()))
}

pub(super) fn keys(path: &Path) -> Result<Vec<Key>, String> {
    let failed = |error: std::io::Error| {
        format!(
            "the encryption key {}: {error}; restore the file, or name another one with \
             --encryption-key-file",
            path.display()
        )
    };
    let mut file = File::open(path).map_err(failed)?;
    if let Some(mode) = private_files::is_shared(&file).map_err(failed)? {
        return Err(format!(
            "the encryption key {0} can be read by other accounts of this machine (mode {mode:04o}); \
             take it from them with: chmod 600 {1}",
            path.display(),
            quoted(path)
        ));
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(failed)?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let keys: Vec<Key> = lines
        .map(|line| key(line).ok_or_else(|| unreadable(path)))
        .collect::<Result<_, _>>()?;
    if keys.is_empty() {
        return Err(unreadable(path));
    }
    Ok(keys)
}

/// As a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%".contains(c);
    if !text.starts_with('-') && text.chars().all(is_plain) {
        return text;
    }
    format!("-- '{}'", text.replace('\'', "'\\''"))
}

fn key(line: &str) -> Option<Key> {
    let bytes = STANDARD.decode(line).map(Zeroizing::new).ok()?;
    let mut key = Zeroizing::new([0; 32]);
    if bytes.len() != key.len() {
        return None;
    }
    key.copy_from_slice(&bytes);
    Some(key)
}

fn unreadable(path: &Path) -> String {
    format!(
        "the encryption key {} is not 32 bytes in base64 (or several, one a line); restore the file, \
         or make one for a new deployment with `sso-console key FILE`",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_for_a_file_is_quoted_for_the_shell() {
        for (path, command) in [
            ("/etc/sso/console.key", "/etc/sso/console.key"),
            ("it's one.key", "-- 'it'\\''s one.key'"),
            ("$HOME;ls", "-- '$HOME;ls'"),
            ("-R", "-- '-R'"),
        ] {
            assert_eq!(quoted(Path::new(path)), command);
        }
    }

    #[test]
    fn a_key_is_read_as_it_was_written_and_never_replaced() {
        let folder = std::env::temp_dir().join(format!("sso-key-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join("console.key");
        let made = create(&file).expect("made");
        assert_eq!(keys(&file).expect("read")[0].as_slice(), made.as_slice());
        assert!(create(&file).is_err(), "a key was replaced");
        let why = |file: &Path| read(file).map(|_| ()).expect_err("refused");
        std::fs::write(&file, "change-me").expect("written");
        assert!(
            why(&file).contains("is not 32 bytes"),
            "a weak key was taken"
        );
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
