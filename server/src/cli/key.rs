//! The sealing key's file: made once, read at every start, kept apart from backups.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Args;
use zeroize::Zeroizing;

use crate::clock::system_entropy;

/// The key as the cipher takes it.
pub(super) type Key = Zeroizing<[u8; 32]>;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The file to write.
    file: PathBuf,
}

/// `sso-console key FILE`.
pub(super) fn run(options: &Options) -> Result<(), String> {
    create(&options.file)?;
    super::say(&format!(
        "{} has a new sealing key. Keep a copy of it apart from the database's backups.",
        options.file.display()
    ));
    Ok(())
}

/// Makes a new key, readable by the owner alone. Never replaces one: what it sealed would be lost.
pub(super) fn create(path: &Path) -> Result<Key, String> {
    let key: Key = Zeroizing::new(system_entropy().bytes());
    let text = Zeroizing::new(format!("{}\n", STANDARD.encode(key.as_slice())));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .map_err(|error| {
            let path = path.display();
            if error.kind() == std::io::ErrorKind::AlreadyExists {
                format!(
                    "the sealing key {path} is there already and is not replaced; give another file"
                )
            } else {
                format!(
                    "the sealing key {path} cannot be made: {error}; check that its folder exists \
                     and may be written"
                )
            }
        })?;
    Ok(key)
}

/// Reads the key of a file.
pub(super) fn read(path: &Path) -> Result<Key, String> {
    let text = std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| {
            format!(
                "the sealing key {}: {error}; restore the file, or name another one with \
                 --sealing-key-file",
                path.display()
            )
        })?;
    let bytes = STANDARD
        .decode(text.trim())
        .map(Zeroizing::new)
        .ok()
        .filter(|bytes| bytes.len() == 32);
    let Some(bytes) = bytes else {
        return Err(format!(
            "the sealing key {} is not 32 bytes in base64; restore the file, or make one for a \
             new deployment with `sso-console key FILE`",
            path.display()
        ));
    };
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(&bytes);
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written_and_never_replaced() {
        let folder = std::env::temp_dir().join(format!("sso-key-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join("console.key");
        let made = create(&file).expect("made");
        assert_eq!(read(&file).expect("read").as_slice(), made.as_slice());
        assert!(create(&file).is_err(), "a key was replaced");
        std::fs::write(&file, "change-me").expect("written");
        assert!(read(&file).is_err(), "a weak key was taken");
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
