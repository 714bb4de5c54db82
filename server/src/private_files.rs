//! Files and folders for the account of this process alone: the database, its key, exports, the demonstration.
//!
//! It must not know what is in them. Where an operating system has no modes, they get its usual permissions.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{ErrorKind, Result},
    path::{Path, PathBuf},
};

use crate::{clock::Entropy, ids};

/// Read and written by the owner.
#[cfg(unix)]
const FILE: u32 = 0o600;
/// Entered by the owner too.
#[cfg(unix)]
const FOLDER: u32 = 0o700;
/// The rights of the group and of everyone else.
const OTHERS: u32 = 0o077;

/// Makes a file that is not there yet.
pub(crate) fn create_new(path: &Path) -> Result<File> {
    options().create_new(true).open(path)
}

/// Makes a file, or empties the one that is there and takes it from everyone else.
pub(crate) fn create(path: &Path) -> Result<File> {
    let file = options().create(true).truncate(true).open(path)?;
    if is_shared(&file)?.is_some() {
        restrict(&file)?;
    }
    Ok(file)
}

/// Makes a folder with a name that cannot be guessed.
pub(crate) fn folder(parent: &Path, prefix: &str, entropy: &Entropy) -> Result<PathBuf> {
    let path = parent.join(format!("{prefix}-{}", ids::token(entropy)));
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, FOLDER);
    builder.create(&path)?;
    Ok(path)
}

/// Takes what is printed from everyone else where the shell sends it into a new file. One that has something in it
/// already is the caller's own.
pub(crate) fn restrict_output(out: &std::io::Stdout) -> Result<()> {
    #[cfg(unix)]
    {
        let copy = std::os::fd::AsFd::as_fd(out).try_clone_to_owned()?;
        let file = File::from(copy);
        let metadata = file.metadata()?;
        if metadata.is_file() && metadata.len() == 0 && is_shared(&file)?.is_some() {
            return match restrict(&file) {
                // A file of another account, which decides who reads it.
                Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(()),
                other => other,
            };
        }
    }
    #[cfg(not(unix))]
    let _ = out;
    Ok(())
}

/// The mode of a file that others may read, write or run; None for one that is the owner's alone, or no plain file.
pub(crate) fn is_shared(file: &File) -> Result<Option<u32>> {
    let metadata = file.metadata()?;
    #[cfg(unix)]
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
    #[cfg(not(unix))]
    let mode = 0;
    Ok(Some(mode).filter(|mode| metadata.is_file() && mode & OTHERS != 0))
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, FILE);
    options
}

fn restrict(file: &File) -> Result<()> {
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(FILE))?;
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}
